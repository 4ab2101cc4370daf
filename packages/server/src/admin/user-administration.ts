import { eventFor } from '../keys/audit.ts';
import type { Provider } from '../keys/provider.ts';
import { isoTime } from '../model/clock.ts';
import { randomText } from '../model/secret.ts';
import type { User, UserRole } from '../model/user.ts';
import { tellOfLogout } from '../oauth/backchannel-logout.ts';
import { audit } from './audit.ts';
import { groupsOf, groupsOfAll } from './groups.ts';
import { changesOfUser } from './user-changes.ts';
import type { UserRecord } from './user-record.ts';
import { type UserView, viewOf } from './users.ts';

/** A user as the interface for administrators tells of one. */
export type AdministeredUser = UserView & Readonly<{ groups: readonly string[]; version: number }>;

export const administered = async (provider: Provider, user: User): Promise<AdministeredUser> =>
  (await administeredAll(provider, [user]))[0] ?? viewWith(user, []);

/** The same of a page of them, with one look for the groups of all. */
export async function administeredAll(
  provider: Provider,
  users: readonly User[],
): Promise<readonly AdministeredUser[]> {
  const groups = await groupsOfAll(provider, users);
  return users.map((user) => viewWith(user, groups.get(user.id) ?? []));
}

const viewWith = (user: User, groups: readonly string[]): AdministeredUser => ({
  ...viewOf(user),
  groups,
  version: user.version,
});

/** Replaces username, claims and role of a user who is still of that version, and groups where they are named; nothing ends by it. */
export async function replaceUser(
  provider: Provider,
  before: User,
  { username, claims, role, groups }: UserRecord,
): Promise<User | 'stale' | 'taken'> {
  const { store, tenant, clock } = provider;
  const held = groups === undefined ? undefined : await groupsOf(provider, before);
  const facts = changesOfUser({ ...before, groups: held }, { username, claims, role, groups });
  const event = eventFor(provider, { action: 'user.updated', subject: before.sub, facts });
  const { id, version } = before;
  const wanted = { id, username, claims, role, groups, version, event };
  const outcome = await store.replaceUser(tenant.id, wanted, clock());
  if (outcome !== 'changed') return outcome;
  return (await store.findUser(tenant.id, id)) ?? 'stale';
}

/** Whether nobody else who can sign in may administer. */
export async function isLastAdministrator({ store, tenant }: Provider, user: User): Promise<boolean> {
  if (user.role !== 'admin' || user.disabled_at !== null) return false;
  return (await store.countUsersWithRole(tenant.id, 'admin')) <= 1;
}

/** A password for somebody who is to choose another one. */
export const newPassword = ({ random }: Pick<Provider, 'random'>): string => randomText(random, 15);

/** Ends one session, and has the applications told that want to hear of it. */
export async function endSession(provider: Provider, id: number): Promise<'ended' | 'unknown'> {
  const { store, tenant, clock } = provider;
  const session = await store.findSession(tenant.id, id);
  if (session === undefined || session.ended_at !== null || session.expires_at <= clock()) return 'unknown';
  await store.endSession(tenant.id, id, clock());
  tellOfLogout(provider, [session]);
  const facts = { sid: session.sid };
  await audit(provider, { action: 'session.ended', subject: session.user.sub, facts });
  return 'ended';
}

/** Ends a grant with all tokens that rest on it. */
export async function endGrant(provider: Provider, id: number): Promise<'ended' | 'unknown'> {
  const { store, tenant, clock } = provider;
  const grant = await store.findGrant(tenant.id, id);
  if (grant === undefined || grant.revoked_at !== null) return 'unknown';
  await store.revokeGrant(tenant.id, id, clock());
  const client = await store.findClientByRow(tenant.id, grant.client_row);
  const client_id = client?.metadata.client_id;
  await audit(provider, { action: 'grant.ended', subject: grant.user.sub, client_id, facts: { grant: id } });
  return 'ended';
}

/** Forgets what a person has allowed a client, and ends what it got by it. */
export async function endConsent(
  provider: Provider,
  user: User,
  client_id: string,
): Promise<'ended' | 'unknown'> {
  const { store, tenant, clock } = provider;
  const client = await store.findClient(tenant.id, client_id);
  if (client === undefined) return 'unknown';
  const which = { user_id: user.id, client_row: client.row };
  if ((await store.deleteConsent(tenant.id, which, clock())) === 'unknown') return 'unknown';
  await audit(provider, { action: 'consent.ended', subject: user.sub, client_id });
  return 'ended';
}

/** A user who is gone and can still be brought back. */
export type DeletedUserView = Readonly<{
  sub: string;
  username: string;
  role: UserRole;
  deleted_at: string;
  deleted_by: string | null;
}>;

export async function listDeletedUsers(
  provider: Provider,
  atMost: number,
): Promise<readonly DeletedUserView[]> {
  const { store, tenant, clock } = provider;
  const deleted = await store.listDeletedUsers(tenant.id, clock(), atMost);
  return deleted.map((one) => ({ ...one, deleted_at: isoTime(one.deleted_at) }));
}

export const findDeletedUser = ({ store, tenant, clock }: Provider, sub: string) =>
  store.findDeletedUser(tenant.id, sub, clock());

/** Brings a deleted user back with the password and claims of then; signed in nowhere. */
export async function restoreUser(provider: Provider, sub: string): Promise<User | 'unknown' | 'taken'> {
  const { store, tenant, clock } = provider;
  const event = eventFor(provider, { action: 'user.restored', subject: sub });
  const outcome = await store.restoreUser(tenant.id, sub, event, clock());
  return outcome === 'restored' ? ((await store.findUserBySub(tenant.id, sub)) ?? 'unknown') : outcome;
}
