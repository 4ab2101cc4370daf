import { emailOf, type User } from '../../model/user.ts';
import { orNothing, type Statement, statement } from '../database.ts';
import type { NewUser } from '../store.ts';
import { type Removal, versionIs } from './conditions.ts';
import { endGrantsOfUser, endSessionsOfUser, forgetFailuresOfUser } from './endings.ts';
import { setGroups } from './groups.ts';
import { nameOf } from './user-rows.ts';

export const insertUser = (
  tenant: number,
  user: NewUser,
  now: number,
  condition: Statement = statement('TRUE'),
): Statement =>
  statement(
    `INSERT INTO users (tenant_id, sub, username, password_hash, claims, role, source, seed_digest,
     email, name, disabled_at, created_at, updated_at) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ? WHERE ${condition.sql} ON CONFLICT DO NOTHING`,
    tenant,
    user.sub,
    user.username,
    user.password_hash,
    JSON.stringify(user.claims),
    user.role,
    user.source,
    user.seed_digest ?? null,
    emailOf(user.claims) ?? null,
    nameOf(user.claims),
    now,
    now,
    ...condition.parameters,
  );

export function changeUser(
  tenant: number,
  { id, claims, role, source }: Pick<User, 'id' | 'claims' | 'role' | 'source'>,
  now: number,
  version?: number,
): Statement {
  const wanted = versionIs(version);
  return statement(
    `UPDATE users SET claims = ?, email = ?, name = ?, role = ?, source = ?, updated_at = ?, version = version + 1
     WHERE tenant_id = ? AND id = ? AND ${wanted.sql}`,
    JSON.stringify(claims),
    emailOf(claims) ?? null,
    nameOf(claims),
    role,
    source,
    now,
    tenant,
    id,
    ...wanted.parameters,
  );
}

export const changePassword = (
  tenant: number,
  id: number,
  password: { hash: string; seed_digest?: string },
  now: number,
): readonly Statement[] => [
  statement(
    'UPDATE users SET password_hash = ?, seed_digest = COALESCE(?, seed_digest), updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?',
    password.hash,
    password.seed_digest ?? null,
    now,
    tenant,
    id,
  ),
  endSessionsOfUser(tenant, id, now),
  endGrantsOfUser(tenant, id, now),
  deleteOf('one_time_secrets', tenant, id),
];

export const disableStatements = (tenant: number, id: number, now: number): readonly Statement[] => [
  statement(
    'UPDATE users SET disabled_at = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ? AND disabled_at IS NULL',
    now,
    now,
    tenant,
    id,
  ),
  endSessionsOfUser(tenant, id, now),
  endGrantsOfUser(tenant, id, now),
];

export const enableStatement = (tenant: number, id: number, now: number): Statement =>
  statement(
    'UPDATE users SET disabled_at = NULL, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?',
    now,
    tenant,
    id,
  );

/** The user goes with the last of the statements. */
export function removeUser(tenant: number, id: number, removal: Removal): readonly Statement[] {
  const wanted = versionIs(removal.version);
  return [
    statement(
      `INSERT INTO deleted_users (tenant_id, sub, username, name, email, password_hash, claims, role, source, seed_digest, disabled_at,
       locked_at, version, created_at, deleted_at, deleted_by) SELECT tenant_id, sub, username, name, email, password_hash, claims, role,
       source, seed_digest, disabled_at, locked_at, version, created_at, CAST(? AS BIGINT), CAST(? AS TEXT)
       FROM users WHERE tenant_id = ? AND id = ?`,
      removal.now,
      removal.actor ?? null,
      tenant,
      id,
    ),
    ...OF_A_USER.map((table) => deleteOf(table, tenant, id)),
    forgetFailuresOfUser(tenant, id),
    // Their grants name a row that is there no more and is never given again; they go when they expire.
    statement(
      `DELETE FROM users WHERE tenant_id = ? AND id = ? AND ${wanted.sql}`,
      tenant,
      id,
      ...wanted.parameters,
    ),
  ];
}

/** Creates a user who is in these groups from the start. */
export const userCreation = (tenant: number, user: NewUser, now: number): readonly Statement[] => [
  orNothing(insertUser(tenant, user, now)),
  ...(user.groups === undefined ? [] : setGroups(tenant, user, user.groups)),
];

/** Disabled from the start, when it is to be. */
export const insertPlannedUser = (
  tenant: number,
  user: NewUser,
  disabled: boolean,
  now: number,
): readonly Statement[] => [
  ...userCreation(tenant, user, now),
  ...(disabled
    ? [statement('UPDATE users SET disabled_at = ? WHERE tenant_id = ? AND sub = ?', now, tenant, user.sub)]
    : []),
];

/** What goes with a user. */
const OF_A_USER = [
  'browser_sessions',
  'consents',
  'personal_tokens',
  'one_time_secrets',
  'group_members',
] as const;

const deleteOf = (table: (typeof OF_A_USER)[number], tenant: number, id: number): Statement =>
  statement(`DELETE FROM ${table} WHERE tenant_id = ? AND user_id = ?`, tenant, id);
