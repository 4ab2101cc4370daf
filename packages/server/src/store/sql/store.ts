import { RESTORABLE_FOR } from '../admin-verbs.ts';
import { type Database, type Statement, statement } from '../database.ts';
import type { Store } from '../store.ts';
import { administrationVerbs } from './administration.ts';
import { auditVerbs } from './audit.ts';
import { clientVerbs } from './clients.ts';
import { definitionVerbs } from './definitions.ts';
import { consentVerbs, grantVerbs, postponeGrants } from './grants.ts';
import { groupVerbs } from './groups.ts';
import { guardVerbs, refusalVerbs } from './guards.ts';
import { listingVerbs } from './listings.ts';
import { lockVerbs } from './locks.ts';
import { oneTimeSecretVerbs } from './one-time-secrets.ts';
import { personalTokenVerbs } from './personal-tokens.ts';
import { planVerbs } from './plan.ts';
import { registrationVerbs } from './registrations.ts';
import { number } from './row.ts';
import { sessionVerbs } from './sessions.ts';
import { keyVerbs, tenantVerbs } from './tenants.ts';
import { undoVerbs } from './undo.ts';
import { userVerbs } from './users.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Expiring = Readonly<{ table: string; key: string; time: string; keep: number; unless?: string }>;

/** The time that decides, and how long after it a row is kept, so that a clock which lags takes nothing living away. */
const EXPIRING: readonly Expiring[] = [
  { table: 'grants', key: 'id', time: 'expires_at', keep: HOUR, unless: 'kept_until > expires_at' },
  { table: 'browser_sessions', key: 'id', time: 'expires_at', keep: HOUR },
  { table: 'used_assertions', key: 'tenant_id, client_row, jti_hash', time: 'expires_at', keep: HOUR },
  { table: 'revoked_access_tokens', key: 'tenant_id, jti', time: 'expires_at', keep: HOUR },
  // Longer than any rule counts.
  { table: 'sign_in_failures', key: 'tenant_id, subject', time: 'last_at', keep: 48 * HOUR },
  // So long nobody tries a name that is nobody's, or has a count of failures without a lock.
  { table: 'failures_in_a_row', key: 'tenant_id, username', time: 'last_at', keep: 30 * DAY },
  // Refusals are told for a week.
  { table: 'refusals', key: 'reference', time: 'at', keep: 7 * DAY },
  // So that whoever lists them sees for some days which ones are over.
  { table: 'personal_tokens', key: 'id', time: 'expires_at', keep: 7 * DAY },
  { table: 'initial_access_tokens', key: 'id', time: 'expires_at', keep: 7 * DAY },
  { table: 'one_time_secrets', key: 'id', time: 'expires_at', keep: HOUR },
  // More than a year, so that a yearly look finds all of it.
  { table: 'audit_events', key: 'id', time: 'at', keep: 400 * DAY },
  { table: 'client_versions', key: 'id', time: 'at', keep: 400 * DAY },
  { table: 'definition_versions', key: 'id', time: 'at', keep: 400 * DAY },
  { table: 'counts', key: 'tenant_id, name, hour', time: 'hour', keep: 400 * DAY },
  { table: 'deleted_clients', key: 'id', time: 'deleted_at', keep: RESTORABLE_FOR + HOUR },
  { table: 'deleted_users', key: 'id', time: 'deleted_at', keep: RESTORABLE_FOR + HOUR },
  { table: 'idempotency_keys', key: 'tenant_id, key_hash', time: 'expires_at', keep: HOUR },
];

/** Deletes the oldest of what has expired. Looks at no more rows than it may delete, however many there are. */
function deletion(
  { table, key, time, keep, unless = 'FALSE' }: Expiring,
  now: number,
  atMost: number,
): Statement {
  return statement(
    `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${time} < ? ORDER BY ${time} LIMIT ?)
     AND NOT (${unless})`,
    now - keep,
    atMost,
  );
}

/** The store over either database: the SQL of the verbs is written once. */
export const sqlStore = (database: Database): Store => ({
  ...tenantVerbs(database),
  ...keyVerbs(database),
  ...clientVerbs(database),
  ...userVerbs(database),
  ...groupVerbs(database),
  ...sessionVerbs(database),
  ...grantVerbs(database),
  ...consentVerbs(database),
  ...guardVerbs(database),
  ...refusalVerbs(database),
  ...lockVerbs(database),
  ...personalTokenVerbs(database),
  ...oneTimeSecretVerbs(database),
  ...auditVerbs(database),
  ...planVerbs(database),
  ...registrationVerbs(database),
  ...listingVerbs(database),
  ...undoVerbs(database),
  ...administrationVerbs(database),
  ...definitionVerbs(database),
  foreignChanges: () => database.foreignChanges(),
  changes: () => undefined,
  definitionChanges: () => database.foreignChanges(),
  close: () => database.close(),

  async readEpoch() {
    const [row] = await database.read(statement('SELECT epoch FROM signet_database'));
    return row === undefined ? 0 : number(row, 'epoch');
  },

  async deleteExpired(now, atMost) {
    const deleted = await database.write(
      postponeGrants(now - HOUR, atMost),
      ...EXPIRING.map((one) => deletion(one, now, atMost)),
    );
    return deleted.reduce((sum, { count }) => sum + count, 0);
  },
});
