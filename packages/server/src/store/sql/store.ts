import { type Database, statement } from '../database.ts';
import type { Store } from '../store.ts';
import { clientVerbs } from './clients.ts';
import { consentVerbs, grantVerbs } from './grants.ts';
import { guardVerbs, refusalVerbs } from './guards.ts';
import { sessionVerbs } from './sessions.ts';
import { keyVerbs, tenantVerbs } from './tenants.ts';
import { userVerbs } from './users.ts';

/** Refusals are told for a week. */
const REFUSAL_LIFETIME = 7 * 86_400_000;
const FAILURE_MEMORY = 2 * 86_400_000;

/** Key, table and the column whose age decides. */
const EXPIRING: readonly (readonly [table: string, key: string, condition: string, keep: number])[] = [
  ['grants', 'id', 'expires_at', 0],
  ['browser_sessions', 'id', 'expires_at', 0],
  ['used_assertions', 'jti_hash', 'expires_at', 0],
  ['revoked_access_tokens', 'jti', 'expires_at', 0],
  ['sign_in_failures', 'subject', 'last_at', FAILURE_MEMORY],
  ['refusals', 'reference', 'at', REFUSAL_LIFETIME],
];

/** The store over either database: the SQL of the verbs is written once. */
export const sqlStore = (database: Database): Store => ({
  ...tenantVerbs(database),
  ...keyVerbs(database),
  ...clientVerbs(database),
  ...userVerbs(database),
  ...sessionVerbs(database),
  ...grantVerbs(database),
  ...consentVerbs(database),
  ...guardVerbs(database),
  ...refusalVerbs(database),
  foreignChanges: () => database.foreignChanges(),
  close: () => database.close(),

  async deleteExpired(now, atMost) {
    const deleted = await database.write(
      ...EXPIRING.map(([table, key, column, keep]) =>
        statement(
          `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${column} < ? ORDER BY ${column} LIMIT ?)
           AND ${column} < ? RETURNING 1 AS gone`,
          now - keep,
          atMost,
          now - keep,
        ),
      ),
    );
    return deleted.reduce((sum, rows) => sum + rows.length, 0);
  },
});
