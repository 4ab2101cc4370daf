import type { Provider } from '../keys/provider.ts';
import { mac } from '../keys/seal.ts';
import { sameBytes } from '../model/secret.ts';
import { normalizeUsername, type User } from '../model/user.ts';
import type { DelayRule } from '../store/store.ts';
import { isOutdated, NOBODYS_HASH } from './password-hash.ts';
import { HashingBusy, type Passwords } from './passwords.ts';

/** Growing wait per account; a browser that the person has used before has a count of its own (rulings 11). */
const PER_ACCOUNT: DelayRule = { free: 4, unit: 1000, doublings: 10, forgetAfter: 86_400_000 };
/** Per network, so that one place cannot try one password on every account. */
const PER_NETWORK: DelayRule = { free: 50, unit: 1000, doublings: 8, forgetAfter: 3_600_000 };

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
  | Readonly<{ kind: 'wrong' }>
  | Readonly<{ kind: 'wait'; until: number }>
  | Readonly<{ kind: 'busy' }>;

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
  const username = normalizeUsername(attempt.username) ?? '';
  const known = isKnownBrowser(provider, username, attempt.knownBrowser);
  const account = `${known ? 'known browser' : 'account'} ${username.slice(0, 255)}`;
  const network = `network ${attempt.network}`;
  for (const [subject, rule] of [
    [network, PER_NETWORK],
    [account, PER_ACCOUNT],
  ] as const) {
    const allowed = await store.beginAttempt(tenant.id, subject, rule, clock());
    if (!allowed.allowed) return { kind: 'wait', until: allowed.until };
  }
  const user = await store.findUserByName(tenant.id, username);
  const matches = await check(passwords, attempt.password, user?.password_hash ?? NOBODYS_HASH);
  if (matches === 'busy') {
    await Promise.all([store.forgiveAttempt(tenant.id, account), store.forgiveAttempt(tenant.id, network)]);
    return { kind: 'busy' };
  }
  if (!matches || user === undefined || user.password_hash === null || user.disabled_at !== null)
    return { kind: 'wrong' };
  await Promise.all([store.clearAttempts(tenant.id, account), store.forgiveAttempt(tenant.id, network)]);
  if (isOutdated(user.password_hash)) {
    const hash = { from: user.password_hash, to: await passwords.hash(attempt.password) };
    await store.upgradePasswordHash(tenant.id, user.id, hash);
  }
  return { kind: 'signed-in', user };
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
