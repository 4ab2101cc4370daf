import { record } from '../keys/audit.ts';
import type { Provider } from '../keys/provider.ts';
import type { DelayRule } from '../model/attempt-rules.ts';
import type { Mail } from '../model/mail.ts';
import { formatHandle, newHandleSecret, parseHandle, sha256 } from '../model/secret.ts';
import { emailOf, normalizeEmail, normalizeUsername, type User } from '../model/user.ts';
import { type PasswordFault, passwordFault } from './password-rules.ts';
import type { Passwords } from './passwords.ts';
import { forgetFailures } from './sign-in.ts';

const PREFIX = 'sgpr_';
const PURPOSE = 'password_reset';
const MINUTE = 60_000;

/** So many are answered freely, the next one and each later one costs half an hour. */
const LIMITS: Readonly<Record<'account' | 'network', DelayRule>> = {
  account: { free: 2, unit: 30 * MINUTE, doublings: 0, forgetAfter: 30 * MINUTE },
  network: { free: 49, unit: 30 * MINUTE, doublings: 0, forgetAfter: 30 * MINUTE },
};

export type ResetWish = Readonly<{
  /** A username or an e-mail address, as it was typed. */
  login: string;
  network: string;
  /** The message for the person: `token` is what `finishPasswordReset` takes. Called after the answer. */
  compose: (user: User, token: string) => Omit<Mail, 'to'>;
}>;

/** `asked` whether there is such a person or not. */
export type ResetAsked = Readonly<{ kind: 'asked' } | { kind: 'wait'; until: number }>;

/**
 * Sends a person what opens the account once, to the address among the claims. Names that are nobody's get the same answer after the same
 * work; what differs happens when the answer has been given.
 */
export async function beginPasswordReset(provider: Provider, wish: ResetWish): Promise<ResetAsked> {
  const { store, tenant, clock } = provider;
  const login = normalizeUsername(wish.login)?.slice(0, 255) ?? '';
  for (const [subject, rule] of [
    [`reset from ${wish.network}`, LIMITS.network],
    [`reset of ${login}`, LIMITS.account],
  ] as const) {
    const allowed = await store.beginAttempt(tenant.id, subject, rule, clock());
    if (!allowed.allowed) return { kind: 'wait', until: allowed.until };
  }
  const user = await findByLogin(provider, wish.login);
  provider.later(() => send(provider, user, wish));
  return { kind: 'asked' };
}

/** Looks for name and address alike, so that the time tells nothing. An address that several share is nobody's. */
async function findByLogin({ store, tenant }: Provider, login: string): Promise<User | undefined> {
  const email = normalizeEmail(login) ?? '';
  const [named, addressed] = await Promise.all([
    store.findUserByName(tenant.id, normalizeUsername(login) ?? ''),
    store.findUsersByEmail(tenant.id, email, 2),
  ]);
  const [only, ...others] = addressed.filter(({ claims }) => emailOf(claims) === email);
  return named ?? (others.length === 0 ? only : undefined);
}

async function send(
  provider: Provider,
  user: User | undefined,
  { compose, network }: ResetWish,
): Promise<void> {
  const { store, tenant, clock, random, sendMail } = provider;
  if (sendMail === undefined) {
    provider.warn(
      undefined,
      'Somebody forgot a password, but no mail can be sent: set mail.smtp and mail.from.',
    );
    return;
  }
  const to = user && emailOf(user.claims);
  if (user === undefined || to === undefined || user.disabled_at !== null) return;
  const now = clock();
  // Name and address lead to one account, which gets no more mail for that.
  const allowed = await store.beginAttempt(tenant.id, `reset mail to ${user.sub}`, LIMITS.account, now);
  if (!allowed.allowed) return;
  const secret = newHandleSecret(random);
  const id = await store.saveOneTimeSecret(tenant.id, {
    user_id: user.id,
    purpose: PURPOSE,
    secret_hash: sha256(secret),
    created_at: now,
    expires_at: now + 1000 * tenant.profile.lifetimes.password_reset,
  });
  await record(provider, { action: 'user.password_reset_asked', subject: user.sub, network });
  await sendMail({ ...compose(user, formatHandle(PREFIX, { id, secret })), to });
}

/** `spent` is also what was never good. */
export type ResetFinished = Readonly<
  { kind: 'reset'; user: User } | { kind: 'spent' } | { kind: 'refused'; fault: PasswordFault }
>;

/** Whose account that token opens now; for a page that asks for the new password. */
export async function findPasswordReset(provider: Provider, token: string): Promise<User | undefined> {
  const handle = parseHandle(PREFIX, token);
  if (handle === undefined) return undefined;
  const secret = { id: handle.id, purpose: PURPOSE, secret_hash: sha256(handle.secret) };
  const { store, tenant, clock } = provider;
  const user = await store.findOneTimeSecret(tenant.id, secret, clock());
  return user?.disabled_at === null ? user : undefined;
}

/**
 * Sets the password, once, and ends every session and grant of the person; a lock stays. Where a `login` is given it must be the person's
 * name or address. A password that the rules refuse leaves the token good.
 */
export async function finishPasswordReset(
  provider: Provider,
  passwords: Passwords,
  reset: Readonly<{ token: string; password: string; login?: string | undefined; network?: string }>,
): Promise<ResetFinished> {
  const { store, tenant, clock } = provider;
  const user = await findPasswordReset(provider, reset.token);
  const handle = parseHandle(PREFIX, reset.token);
  if (user === undefined || handle === undefined || !isOf(user, reset.login)) return { kind: 'spent' };
  const fault = passwordFault(reset.password, user.username);
  if (fault !== undefined) return { kind: 'refused', fault };
  const password_hash = await passwords.hash(reset.password);
  const outcome = await store.resetPassword(
    tenant.id,
    { id: handle.id, secret_hash: sha256(handle.secret), password_hash },
    clock(),
  );
  if (outcome === 'spent') return { kind: 'spent' };
  await forgetFailures(provider, user.username);
  await record(provider, {
    action: 'user.password_reset',
    subject: user.sub,
    actor: user.sub,
    network: reset.network,
  });
  return { kind: 'reset', user };
}

const isOf = (user: User, login: string | undefined): boolean =>
  login === undefined ||
  normalizeUsername(login) === user.username ||
  (normalizeEmail(login) ?? '') === emailOf(user.claims);
