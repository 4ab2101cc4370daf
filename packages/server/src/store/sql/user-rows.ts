import type { User, UserClaims } from '../../model/user.ts';
import { type Row, type Statement, statement } from '../database.ts';
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
