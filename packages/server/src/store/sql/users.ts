import { emailOf, type User, type UserClaims } from '../../model/user.ts';
import {
  allOrNothing,
  type Database,
  lastOrNothing,
  orNothing,
  type Row,
  type Statement,
  statement,
} from '../database.ts';
import type { NewUser, UserVerbs } from '../store.ts';
import { recorded } from './clients.ts';
import { endGrantsOfUser, endSessionsOfUser } from './endings.ts';
import { json, maybeNumber, maybeText, number, text } from './row.ts';

export const readUser = (row: Row): User => userIn(row, '');

const userIn = (row: Row, prefix: '' | 'user_'): User => ({
  id: number(row, `${prefix}id`),
  sub: text(row, `${prefix}sub`),
  username: text(row, `${prefix}username`),
  password_hash: maybeText(row, `${prefix}password_hash`),
  claims: json(row, `${prefix}claims`),
  role: text(row, `${prefix}role`) as User['role'],
  source: text(row, `${prefix}source`) as User['source'],
  seed_digest: maybeText(row, `${prefix}seed_digest`),
  disabled_at: maybeNumber(row, `${prefix}disabled_at`),
  locked_at: maybeNumber(row, `${prefix}locked_at`),
  version: number(row, `${prefix}version`),
  created_at: number(row, `${prefix}created_at`),
  updated_at: number(row, `${prefix}updated_at`),
});

const COLUMNS = [
  'sub',
  'username',
  'password_hash',
  'claims',
  'role',
  'source',
  'seed_digest',
  'disabled_at',
  'locked_at',
  'version',
  'created_at',
  'updated_at',
];

/** Finds a row of the table by its number together with its user: what is asked of the one is always asked of the other, too. */
export const withUser = (
  table: 'grants' | 'browser_sessions' | 'personal_tokens',
  tenant: number,
  id: number,
): Statement =>
  statement(`${besideUser(table)} WHERE ${table}.id = ? AND ${table}.tenant_id = ?`, id, tenant);

/** The beginning of a query for rows of the table with their users. */
export const besideUser = (table: string): string =>
  `SELECT ${table}.*, ${COLUMNS.map((column) => `users.${column} AS user_${column}`).join(', ')} FROM ${table}
   JOIN users ON users.id = ${table}.user_id AND users.tenant_id = ${table}.tenant_id`;

/** The user in a row of `withUser`. */
export const userBeside = (row: Row): User => userIn(row, 'user_');

/** What a person is found by beside the username, in the spelling in which it is looked for. */
export const nameOf = ({ name }: UserClaims): string | null =>
  typeof name === 'string' ? name.toLowerCase() : null;

const insertUser = (
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

/** Only that version, when one is named. */
const versionIs = (version: number | undefined): Statement =>
  version === undefined ? statement('TRUE') : statement('version = ?', version);

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

/** Who deletes a user, when, and in which version, when that matters. */
type Removal = Readonly<{ now: number; version?: number | undefined; actor?: string | undefined }>;

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
    statement(
      `DELETE FROM failures_in_a_row WHERE tenant_id = ? AND username =
       (SELECT users.username FROM users WHERE users.tenant_id = ? AND users.id = ?)`,
      tenant,
      tenant,
      id,
    ),
    // Their grants name a row that is there no more and is never given again; they go when they expire.
    statement(
      `DELETE FROM users WHERE tenant_id = ? AND id = ? AND ${wanted.sql}`,
      tenant,
      id,
      ...wanted.parameters,
    ),
  ];
}

/** Disabled from the start, when it is to be. */
export const insertPlannedUser = (
  tenant: number,
  user: NewUser,
  disabled: boolean,
  now: number,
): readonly Statement[] => [
  orNothing(insertUser(tenant, user, now)),
  ...(disabled
    ? [statement('UPDATE users SET disabled_at = ? WHERE tenant_id = ? AND sub = ?', now, tenant, user.sub)]
    : []),
];

export const userVerbs = (database: Database): UserVerbs => ({
  async findUser(tenant, id) {
    const [row] = await database.read(
      statement('SELECT * FROM users WHERE tenant_id = ? AND id = ?', tenant, id),
    );
    return row && readUser(row);
  },

  async findUserByName(tenant, username) {
    const [row] = await database.read(
      statement('SELECT * FROM users WHERE tenant_id = ? AND username = ?', tenant, username),
    );
    return row && readUser(row);
  },

  async findUserBySub(tenant, sub) {
    const [row] = await database.read(
      statement('SELECT * FROM users WHERE tenant_id = ? AND sub = ?', tenant, sub),
    );
    return row && readUser(row);
  },

  async findUsersByEmail(tenant, email, atMost) {
    const rows = await database.read(
      statement(
        'SELECT * FROM users WHERE tenant_id = ? AND email = ? ORDER BY id LIMIT ?',
        tenant,
        email,
        atMost,
      ),
    );
    return rows.map(readUser);
  },

  async listUsers(tenant, { afterUsername, atMost }) {
    const rows = await database.read(
      statement(
        'SELECT * FROM users WHERE tenant_id = ? AND username > ? ORDER BY username LIMIT ?',
        tenant,
        afterUsername,
        atMost,
      ),
    );
    return rows.map(readUser);
  },

  async hasAdministrator(tenant) {
    const rows = await database.read(
      statement("SELECT 1 AS found FROM users WHERE tenant_id = ? AND role = 'admin' LIMIT 1", tenant),
    );
    return rows.length === 1;
  },

  async createUser(tenant, user, now, event) {
    const insertion = orNothing(insertUser(tenant, user, now));
    return (await allOrNothing(database, [insertion, ...recorded(tenant, event)])) ? 'created' : 'duplicate';
  },

  async updateUser(tenant, user, now) {
    await database.write(changeUser(tenant, user, now));
  },

  async upgradePasswordHash(tenant, id, { from, to }) {
    await database.write(
      statement(
        'UPDATE users SET password_hash = ? WHERE tenant_id = ? AND id = ? AND password_hash = ?',
        to,
        tenant,
        id,
        from,
      ),
    );
  },

  async setPassword(tenant, id, password, now) {
    await database.write(...changePassword(tenant, id, password, now), ...recorded(tenant, password.event));
  },

  async disableUser(tenant, id, now, event) {
    await database.write(...disableStatements(tenant, id, now), ...recorded(tenant, event));
  },

  async enableUser(tenant, id, now, event) {
    await database.write(enableStatement(tenant, id, now), ...recorded(tenant, event));
  },

  async deleteUser(tenant, id, now, event) {
    const removal = removeUser(tenant, id, { now, actor: event?.actor });
    const done = await allOrNothing(database, [...lastOrNothing(removal), ...recorded(tenant, event)]);
    return done ? 'deleted' : 'unknown';
  },

  async saveSetupLink(tenant, secret_hash, expires_at) {
    await database.write(
      statement(
        `INSERT INTO setup_links (tenant_id, secret_hash, expires_at) VALUES (?, ?, ?)
         ON CONFLICT (tenant_id) DO UPDATE SET secret_hash = excluded.secret_hash, expires_at = excluded.expires_at`,
        tenant,
        secret_hash,
        expires_at,
      ),
    );
  },

  async setupLinkIsGood(tenant, secret_hash, now) {
    const rows = await database.read(
      statement(`SELECT 1 AS found FROM setup_links WHERE ${GOOD_LINK}`, tenant, secret_hash, now),
    );
    return rows.length === 1;
  },

  async createFirstAdministrator(tenant, { secret_hash, user }, now) {
    const goodLink = `EXISTS (SELECT 1 FROM setup_links WHERE ${GOOD_LINK})`;
    const [created] = await database.write(
      insertUser(tenant, user, now, statement(goodLink, tenant, secret_hash, now)),
      // Only the user just made lets the link be spent: a name already taken leaves it good.
      statement(
        'DELETE FROM setup_links WHERE tenant_id = ? AND EXISTS (SELECT 1 FROM users WHERE tenant_id = ? AND sub = ?)',
        tenant,
        tenant,
        user.sub,
      ),
    );
    if (created?.count === 1) return 'created';
    return (await this.setupLinkIsGood(tenant, secret_hash, now)) ? 'duplicate' : 'spent';
  },
});

/** What goes with a user. */
const OF_A_USER = ['browser_sessions', 'consents', 'personal_tokens', 'one_time_secrets'] as const;

const deleteOf = (table: (typeof OF_A_USER)[number], tenant: number, id: number): Statement =>
  statement(`DELETE FROM ${table} WHERE tenant_id = ? AND user_id = ?`, tenant, id);

const GOOD_LINK = `tenant_id = ? AND secret_hash = ? AND expires_at > ?
  AND NOT EXISTS (SELECT 1 FROM users WHERE users.tenant_id = setup_links.tenant_id AND role = 'admin')`;
