import type { User, UserClaims, UserRole } from '../../model/user.ts';
import { objectsOf, textMapOf, textOf } from './fields.ts';
import { badInput, type Json } from './rest.ts';
import { CELLS_CLAIM, type CellsFacts, cellsFacts, isLocked, OWN_ATTRIBUTES } from './user-view.ts';

/** What a user is to be; what the body does not name stays. */
export type WantedUser = Readonly<{
  claims: UserClaims;
  role: UserRole;
  locked: boolean;
  facts: CellsFacts;
  password: string | undefined;
  oldPassword: string | undefined;
}>;

const NOBODY_YET = { claims: { [CELLS_CLAIM]: { profile: 'shared' } }, role: 'user' } as const;

const PROFILES = ['admin', 'standard', 'shared', 'anon'];

/** Reads a user as programs put one; undefined stands for one who is to be made. */
export function wantedUser(body: Json, before: User | undefined): WantedUser {
  const known = before ?? NOBODY_YET;
  const given = textMapOf(body, 'Attributes');
  const facts = wantedFacts(body, cellsFacts(known), given, before);
  return {
    claims: { ...wantedClaims(known.claims, given), [CELLS_CLAIM]: kept(facts) },
    role: facts.profile === 'admin' ? 'admin' : 'user',
    locked: given === undefined ? before !== undefined && isLocked(before) : wantsLock(given),
    facts,
    password: textOf(body, 'Password', 1024) || undefined,
    oldPassword: textOf(body, 'OldPassword', 1024) || undefined,
  };
}

/** The profile of administrators is their role, and not kept beside it. */
const kept = ({ profile, ...facts }: CellsFacts): Json => ({
  ...facts,
  ...(profile !== 'admin' && { profile }),
});

function wantedFacts(
  body: Json,
  known: CellsFacts,
  given: Readonly<Record<string, string>> | undefined,
  before: User | undefined,
): CellsFacts {
  const profile = given?.['profile'] ?? known.profile;
  if (!PROFILES.includes(profile)) throw badInput(`profile is none of ${PROFILES.join(', ')}.`);
  return {
    group_path: groupPath(textOf(body, 'GroupPath') || known.group_path),
    profile,
    roles: wantedRoles(body, before) ?? known.roles,
    attributes: given === undefined ? known.attributes : without(given, OWN_ATTRIBUTES),
  };
}

/** The roles that the body gives; the person's own and that of everybody are nobody's to give. */
export function wantedRoles(body: Json, before: User | undefined): readonly string[] | undefined {
  const roles = objectsOf(body, 'Roles');
  if (roles === undefined) return undefined;
  const uuids = roles.map((role) => textOf(role, 'Uuid', 200) ?? '');
  if (uuids.includes('')) throw badInput('A role has no Uuid.');
  return [...new Set(uuids)].filter((uuid) => uuid !== 'ROOT_GROUP' && uuid !== before?.sub);
}

function groupPath(text: string): string {
  const path = `/${text}`.replaceAll(/\/+/g, '/').replace(/(?<=.)\/$/, '');
  if (/[\p{Cc}\p{Cf}]/u.test(path)) throw badInput('GroupPath has control characters.');
  return path;
}

/** Attributes replace each other as a whole; an address that has changed is not a verified one any more. */
function wantedClaims(before: UserClaims, given: Readonly<Record<string, string>> | undefined): UserClaims {
  if (given === undefined) return before;
  const { displayName = '', email = '' } = given;
  const stays = email !== '' && email === before['email'];
  return {
    ...without(before, stays ? ['name', 'email'] : ['name', 'email', 'email_verified']),
    ...(displayName !== '' && { name: displayName }),
    ...(email !== '' && { email }),
  };
}

const without = <Value>(
  record: Readonly<Record<string, Value>>,
  names: readonly string[],
): Record<string, Value> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));

/** `locks` is a list, written as JSON inside of a text. */
function wantsLock({ locks = '' }: Readonly<Record<string, string>>): boolean {
  if (locks === '') return false;
  try {
    const list: unknown = JSON.parse(locks);
    if (Array.isArray(list)) return list.includes('logout');
  } catch {
    // Falls through: not JSON.
  }
  throw badInput('locks is not a list in JSON, such as ["logout"].');
}

/** Whether something is changed that a person may not change of their own account. */
export function changesMore(wanted: WantedUser, before: User): boolean {
  const now = cellsFacts(before);
  const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);
  return !(
    wanted.role === before.role &&
    wanted.locked === isLocked(before) &&
    wanted.facts.profile === now.profile &&
    wanted.facts.group_path === now.group_path &&
    same(wanted.facts.roles, now.roles)
  );
}
