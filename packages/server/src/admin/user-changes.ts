import { eventFor } from '../keys/audit.ts';
import type { Provider } from '../keys/provider.ts';
import type { User, UserClaims } from '../model/user.ts';
import { type Changes, changesBetween, claimMembers } from './changes.ts';
import type { Fault } from './fault.ts';
import { parseUserRecord } from './user-record.ts';

/** The user whom somebody names by `sub`; a text that is none is nobody's, and no database is asked for it. */
export const findUserBySub = async (provider: Provider, sub: string): Promise<User | undefined> =>
  /^[\x21-\x7E]{1,255}$/.test(sub) ? provider.store.findUserBySub(provider.tenant.id, sub) : undefined;

/** Replaces the claims of a user by ones of the shapes that a file may have; nothing ends by it. */
export const setClaims = (
  provider: Provider,
  user: User,
  claims: UserClaims,
): Promise<'done' | { faults: readonly Fault[] }> => changeUser(provider, user, { claims, role: user.role });

/** Replaces claims and role, the claims by ones of the shapes that a file may have; nothing ends by it. */
export async function changeUser(
  provider: Provider,
  before: User,
  { claims, role }: Pick<User, 'claims' | 'role'>,
): Promise<'done' | { faults: readonly Fault[] }> {
  const { id, sub, username, source } = before;
  const parsed = parseUserRecord({ username, claims });
  if ('faults' in parsed) return parsed;
  const { store, tenant, clock } = provider;
  const after = { username, claims: parsed.user.claims, role };
  const facts = changesOfUser(before, after);
  const event = eventFor(provider, { action: 'user.updated', subject: sub, facts });
  await store.updateUser(tenant.id, { ...after, id, source }, clock(), event);
  return 'done';
}

type Said = Readonly<Pick<User, 'username' | 'claims' | 'role'> & { groups?: readonly string[] | undefined }>;

/** What is otherwise of a user; groups where both tell of them. */
export const changesOfUser = (was: Said, is: Said): Changes => changesBetween(members(was), members(is));

const members = ({ username, claims, role, groups }: Said) => ({
  username,
  role,
  ...(groups !== undefined && { groups: groups.toSorted() }),
  ...claimMembers(claims),
});

/** Removes a user with everything that rests on them. */
export async function deleteUser(
  provider: Provider,
  { id, sub, username }: User,
): Promise<'deleted' | 'unknown'> {
  const { store, tenant, clock } = provider;
  const event = eventFor(provider, { action: 'user.deleted', subject: sub, facts: { username } });
  return store.deleteUser(tenant.id, id, clock(), event);
}

/** Users in the order of their names, whole; of one organization when one is named. */
export async function usersAfter(
  { store, tenant }: Provider,
  { afterUsername, atMost, organization_id }: UserPage,
): Promise<readonly User[]> {
  const found: User[] = [];
  let after = afterUsername;
  for (;;) {
    const page = await store.listUsers(tenant.id, {
      afterUsername: after,
      atMost: Math.max(atMost, LEAST_READ),
    });
    const wanted = page.filter(
      ({ claims }) => organization_id === undefined || claims['organization_id'] === organization_id,
    );
    found.push(...wanted);
    const last = page.at(-1);
    if (last === undefined || found.length >= atMost) return found.slice(0, atMost);
    after = last.username;
  }
}

type UserPage = Readonly<{ afterUsername: string; atMost: number; organization_id?: string | undefined }>;

/** Users read at once while those of an organization are looked for. */
const LEAST_READ = 100;

/** Everybody, in the order of their names. */
export async function allUsers({ store, tenant }: Provider): Promise<readonly User[]> {
  const found: User[] = [];
  for (let after = ''; ; after = found.at(-1)?.username ?? '') {
    const page = await store.listUsers(tenant.id, { afterUsername: after, atMost: MOST_READ });
    found.push(...page);
    if (page.length < MOST_READ) return found;
  }
}

/** Users read at once of all. */
const MOST_READ = 500;
