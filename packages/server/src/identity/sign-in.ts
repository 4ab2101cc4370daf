import type { Provider } from '../keys/provider.ts';
import { mac } from '../keys/seal.ts';
import { sameBytes } from '../model/secret.ts';
import { normalizeEmail, normalizeUsername, type User } from '../model/user.ts';
import { endRow, lockIfDue, mayTry, takeBackTry } from './lock.ts';
import { isOutdated, NOBODYS_HASH } from './password-hash.ts';
import { HashingBusy, type Passwords } from './passwords.ts';

export type SignInAttempt = Readonly<{
  username: string;
  password: string;
  /** The address the attempt comes from. */
  network: string;
  /** Texts that `knownBrowser` gave this browser at earlier sign-ins. */
  knownBrowser: readonly string[];
}>;

export type SignInOutcome =
  | Readonly<{ kind: 'signed-in'; user: User }>
  /** `user` is for the audit log alone; `locks` when this failure has locked the account. */
  | Readonly<{ kind: 'wrong'; user?: User | undefined; locks?: boolean }>
  | Readonly<{ kind: 'wait'; until: number }>
  | Readonly<{ kind: 'busy' }>
  /** Nobody signs in to the account until an administrator unlocks it. */
  | Readonly<{ kind: 'locked'; user?: User | undefined }>;

/**
 * Checks a password. An unknown name, a disabled user and a wrong password give the same outcome after the same work; the failure
 * is counted before the check, so that attempts made at once cannot outrun the count.
 */
export async function signIn(
  provider: Provider,
  passwords: Passwords,
  attempt: SignInAttempt,
): Promise<SignInOutcome> {
  const { store, tenant, clock } = provider;
  const username = await accountName(provider, attempt.username);
  const known = isKnownBrowser(provider, username, attempt.knownBrowser);
  const account = `${known ? 'known browser' : 'account'} ${username.slice(0, 255)}`;
  const network = `network ${attempt.network}`;
  for (const [subject, rule] of [
    [network, tenant.profile.attempts.network],
    [account, tenant.profile.attempts.account],
  ] as const) {
    const allowed = await store.beginAttempt(tenant.id, subject, rule, clock());
    if (!allowed.allowed) return { kind: 'wait', until: allowed.until };
  }
  const isTried = await mayTry(provider, username);
  const user = await store.findUserByName(tenant.id, username);
  if (!isTried || isLocked(user)) return { kind: 'locked', user };
  const matches = await check(passwords, attempt.password, user?.password_hash ?? NOBODYS_HASH);
  if (matches === 'busy') {
    const taken = [account, network].map((subject) => store.forgiveAttempt(tenant.id, subject));
    await Promise.all([...taken, takeBackTry(provider, username)]);
    return { kind: 'busy' };
  }
  if (!matches || user === undefined || user.password_hash === null || user.disabled_at !== null)
    return { kind: 'wrong', user, locks: await lockIfDue(provider, username) };
  await Promise.all([store.clearAttempts(tenant.id, account), store.forgiveAttempt(tenant.id, network)]);
  if (!(await endFailures(provider, user))) return { kind: 'locked', user };
  await renewHash(provider, passwords, user, attempt.password);
  return { kind: 'signed-in', user };
}

/** The login name that is meant, so that an account has one count of failures however it is called. */
async function accountName({ store, tenant }: Provider, typed: string): Promise<string> {
  const name = normalizeUsername(typed) ?? '';
  if (!tenant.profile.sign_in_by_email || !name.includes('@')) return name;
  if ((await store.findUserByName(tenant.id, name)) !== undefined) return name;
  const email = normalizeEmail(typed);
  const [only, ...others] = email === undefined ? [] : await store.findUsersByEmail(tenant.id, email, 2);
  return only === undefined || others.length > 0 ? name : only.username;
}

const isLocked = (user: User | undefined): boolean => typeof user?.locked_at === 'number';

/** After a right password: false when others' failures have locked the account while it was checked. */
async function endFailures(provider: Provider, { id, username }: User): Promise<boolean> {
  const { store, tenant } = provider;
  if (tenant.profile.attempts.lock_after === null) return true;
  await endRow(provider, username);
  return !isLocked(await store.findUser(tenant.id, id));
}

async function renewHash(
  { store, tenant }: Provider,
  passwords: Passwords,
  { id, password_hash: from }: User,
  password: string,
): Promise<void> {
  if (from === null || !isOutdated(from)) return;
  await store.upgradePasswordHash(tenant.id, id, { from, to: await passwords.hash(password) });
}

/** Removes what failures of that name have cost so far, but for a lock. */
export async function forgetFailures({ store, tenant }: Provider, username: string): Promise<void> {
  const subjects = ['account', 'known browser'].map((kind) => `${kind} ${username.slice(0, 255)}`);
  await Promise.all([
    ...subjects.map((subject) => store.clearAttempts(tenant.id, subject)),
    store.clearFailures(tenant.id, username),
  ]);
}

async function check(passwords: Passwords, password: string, hash: string): Promise<boolean | 'busy'> {
  try {
    return await passwords.verify(password, hash);
  } catch (fault) {
    if (fault instanceof HashingBusy) return 'busy';
    throw fault;
  }
}

/** What a browser keeps after a sign-in, so that strangers' failures do not make its owner wait. It proves nothing else. */
export const knownBrowser = (provider: Provider, user: User): string =>
  mac(provider.secrets.device, user.username).toString('base64url');

function isKnownBrowser(provider: Provider, username: string, proofs: readonly string[]): boolean {
  const expected = Buffer.from(mac(provider.secrets.device, username).toString('base64url'));
  return proofs.some((proof) => sameBytes(Buffer.from(proof), expected));
}
