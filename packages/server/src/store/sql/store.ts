import { type Database, statement } from '../database.ts';
import type { Store } from '../store.ts';
import { clientVerbs } from './clients.ts';
import { consentVerbs, grantVerbs } from './grants.ts';
import { guardVerbs, refusalVerbs } from './guards.ts';
import { sessionVerbs } from './sessions.ts';
import { keyVerbs, tenantVerbs } from './tenants.ts';
import { userVerbs } from './users.ts';

const HOUR = 3_600_000;

/** Table, key, the time that decides, and how long after it a row is kept, so that a clock which lags takes nothing living away. */
const EXPIRING: readonly (readonly [table: string, key: string, time: string, keep: number])[] = [
  ['grants', 'id', 'expires_at', HOUR],
  ['browser_sessions', 'id', 'expires_at', HOUR],
  ['used_assertions', 'tenant_id, client_row, jti_hash', 'expires_at', HOUR],
  ['revoked_access_tokens', 'tenant_id, jti', 'expires_at', HOUR],
  // Longer than any rule counts.
  ['sign_in_failures', 'tenant_id, subject', 'last_at', 48 * HOUR],
  // Refusals are told for a week.
  ['refusals', 'reference', 'at', 168 * HOUR],
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
      ...EXPIRING.map(([table, key, time, keep]) =>
        statement(
          `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${time} < ? ORDER BY ${time} LIMIT ?)
           RETURNING 1 AS gone`,
          now - keep,
          atMost,
        ),
      ),
    );
    return deleted.reduce((sum, rows) => sum + rows.length, 0);
  },
});
