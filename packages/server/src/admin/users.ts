import { type PasswordFault, passwordFault } from '../identity/password-rules.ts';
import type { Passwords } from '../identity/passwords.ts';
import { forgetFailures } from '../identity/sign-in.ts';
import { eventFor } from '../keys/audit.ts';
import type { Provider } from '../keys/provider.ts';
import { mac } from '../keys/seal.ts';
import { isoTime } from '../model/clock.ts';
import { newSub, normalizeUsername, type User, type UserClaims, type UserRole } from '../model/user.ts';
import { tellOfLogout } from '../oauth/backchannel-logout.ts';
import { audit } from './audit.ts';
import type { UserRecord } from './user-record.ts';

/** A user as an operator sees one: no password, no hash. */
export type UserView = Readonly<{
  username: string;
  sub: string;
  role: UserRole;
  disabled: boolean;
  /** Nobody signs in until an administrator unlocks it. */
  locked: boolean;
  claims: UserClaims;
  created_at: string;
  updated_at: string;
}>;

export async function findUser(provider: Provider, name: string): Promise<User | undefined> {
  const username = normalizeUsername(name);
  return username === undefined ? undefined : provider.store.findUserByName(provider.tenant.id, username);
}

/** Creates a user. A password is judged by the rules for passwords; a hash is taken as it is. */
export async function createUser(
  provider: Provider,
  passwords: Passwords,
  record: UserRecord,
): Promise<
  { kind: 'created'; user: UserView } | { kind: 'duplicate' } | { kind: 'refused'; fault: PasswordFault }
> {
  const fault = record.password === undefined ? undefined : passwordFault(record.password, record.username);
  if (fault !== undefined) return { kind: 'refused', fault };
  const outcome = await insert(provider, passwords, record, 'manual');
  if (outcome === 'duplicate') return { kind: 'duplicate' };
  const user = await findUser(provider, record.username);
  return user === undefined ? { kind: 'duplicate' } : { kind: 'created', user: viewOf(user) };
}

/** Ends the sessions of a user by that change, and has the applications told that want to hear of it. */
async function endingSessions<Outcome>(
  provider: Provider,
  user: User,
  change: () => Promise<Outcome>,
): Promise<Outcome> {
  const sessions = await provider.store.listSessions(provider.tenant.id, user.id);
  const outcome = await change();
  tellOfLogout(
    provider,
    sessions.map(({ id, sid }) => ({ id, sid, user })),
  );
  return outcome;
}

/** Disables or enables a user; what a disabled one has ends in the same step. */
export async function setDisabled(
  provider: Provider,
  name: string,
  disabled: boolean,
): Promise<'done' | 'unknown'> {
  const user = await findUser(provider, name);
  if (user === undefined) return 'unknown';
  const { store, tenant, clock } = provider;
  const action = disabled ? 'user.disabled' : 'user.enabled';
  const event = eventFor(provider, { action, subject: user.sub });
  if (disabled)
    await endingSessions(provider, user, () => store.disableUser(tenant.id, user.id, clock(), event));
  else await store.enableUser(tenant.id, user.id, clock(), event);
  return 'done';
}

/** Locks an account: nobody signs in to it until it is unlocked. Sessions go on; whoever is to be out is disabled. */
export async function lockUser(provider: Provider, name: string): Promise<'done' | 'unknown'> {
  const user = await findUser(provider, name);
  if (user === undefined) return 'unknown';
  const { store, tenant, clock } = provider;
  if ((await store.lockUser(tenant.id, user.id, clock())) === 'locked')
    await audit(provider, { action: 'user.locked', subject: user.sub });
  return 'done';
}

/** Removes a lock, with the failures that led to it and every wait that they cost. */
export async function unlockUser(provider: Provider, name: string): Promise<'done' | 'unknown'> {
  const user = await findUser(provider, name);
  if (user === undefined) return 'unknown';
  const { store, tenant } = provider;
  const outcome = await store.unlockUser(tenant.id, user.id);
  await forgetFailures(provider, user.username);
  if (outcome === 'unlocked') await audit(provider, { action: 'user.unlocked', subject: user.sub });
  return 'done';
}

/** Sets a new password; every session and token of the user ends. */
export async function setPassword(
  provider: Provider,
  passwords: Passwords,
  { name, password }: { name: string; password: string },
): Promise<'done' | 'unknown' | { fault: PasswordFault }> {
  const user = await findUser(provider, name);
  if (user === undefined) return 'unknown';
  const fault = passwordFault(password, user.username);
  if (fault !== undefined) return { fault };
  const { store, tenant, clock } = provider;
  const hash = await passwords.hash(password);
  const event = eventFor(provider, { action: 'user.password_set', subject: user.sub });
  await endingSessions(provider, user, () => store.setPassword(tenant.id, user.id, { hash, event }, clock()));
  await forgetFailures(provider, user.username);
  return 'done';
}

/** Signs the user out everywhere; returns how many sessions ended. */
export async function endSessions(provider: Provider, name: string): Promise<number | 'unknown'> {
  const user = await findUser(provider, name);
  if (user === undefined) return 'unknown';
  const { store, tenant, clock } = provider;
  const ended = await endingSessions(provider, user, () =>
    store.endSessionsOfUser(tenant.id, user.id, clock()),
  );
  await audit(provider, { action: 'user.signed_out', subject: user.sub, facts: { sessions: ended } });
  return ended;
}

async function insert(
  provider: Provider,
  passwords: Passwords,
  record: UserRecord,
  source: 'file' | 'manual',
): Promise<'created' | 'duplicate'> {
  const hasPassword = record.password !== undefined || record.password_hash !== undefined;
  const user = {
    sub: record.sub ?? newSub(provider.random),
    username: record.username,
    password_hash: hasPassword ? await hashOf(passwords, record) : null,
    claims: record.claims,
    role: record.role,
    source,
    seed_digest: source === 'file' ? seedDigest(provider, record) : undefined,
    groups: record.groups,
  };
  const facts = createdFacts(record);
  const event = eventFor(provider, { action: 'user.created', subject: user.sub, facts });
  return provider.store.createUser(provider.tenant.id, user, provider.clock(), event);
}

/** What the audit log tells of somebody new. */
export const createdFacts = ({ username, role, groups = [] }: UserRecord) => ({
  username,
  role,
  ...(groups.length > 0 && { groups }),
});

export const hashOf = async (passwords: Passwords, record: UserRecord): Promise<string> =>
  record.password_hash ?? (await passwords.hash(record.password ?? ''));

export function seedDigest(provider: Provider, { password, password_hash }: UserRecord): string | undefined {
  const seed = password ?? password_hash;
  return seed === undefined
    ? undefined
    : mac(provider.secrets.clientSecrets, `user seed ${seed}`).toString('base64url');
}

export const viewOf = (user: User): UserView => ({
  username: user.username,
  sub: user.sub,
  role: user.role,
  disabled: user.disabled_at !== null,
  locked: user.locked_at !== null,
  claims: user.claims,
  created_at: isoTime(user.created_at),
  updated_at: isoTime(user.updated_at),
});
