import type { DatabaseSync } from 'node:sqlite';
import type { Client } from 'pg';
import { StoreUnavailable } from './database.ts';
import { requireUpToDate, shapeOfPostgres } from './migrations/migrate-postgres.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import { inTransaction, withPostgres } from './postgres-connection.ts';
import { openSqliteFile } from './sqlite-file.ts';

/**
 * How many numbers are left out after a restore. An access token names the number of its grant; one that was lost between backup and
 * restore must never be another's. Tokens have room for 2⁴⁸ numbers.
 */
const GAP = 1_000_000_000;

const NUMBERED = ['grants', 'browser_sessions'];

/** What people and clients hold rests on these tables; in all others is what somebody has set, or a memory that makes Signet stricter. */
export const ISSUED: readonly string[] = [
  ...NUMBERED,
  'setup_links',
  'personal_tokens',
  'one_time_secrets',
  'initial_access_tokens',
];

/** `all` forgets every session, code, grant and refresh token and voids every access token; `none` leaves them to the operator. */
export type Cut = 'all' | 'none';

/** The next full second: access tokens tell whole seconds, so that none issued until now can pass for a later one. Milliseconds. */
export const epochAfter = (now: number): number => (Math.floor(now / 1000) + 1) * 1000;

/** Voids what was issued, raises the epoch and leaves out numbers, in one transaction. */
export function cutSqlite(connection: DatabaseSync, epoch: number, cut: Cut): void {
  connection.exec('BEGIN IMMEDIATE');
  try {
    for (const table of NUMBERED) leaveOutNumbersSqlite(connection, table);
    if (cut === 'all') {
      for (const table of ISSUED) connection.exec(`DELETE FROM ${table}`);
      connection.prepare('UPDATE signet_database SET epoch = ?').run(epoch);
    }
    connection.exec('COMMIT');
  } catch (fault) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw fault;
  }
}

/** The same for a file, also beside a running server, which knows it at once. */
export function cutSqliteFile(
  path: string,
  { now, epoch, cut }: Readonly<{ now: number; epoch: number; cut: Cut }>,
): void {
  const connection = openSqliteFile(path, now, MIGRATIONS);
  try {
    connection.exec('PRAGMA busy_timeout = 5000');
    cutSqlite(connection, epoch, cut);
  } finally {
    connection.close();
  }
}

/** The same for PostgreSQL, also beside running servers: they know it within a second. */
export async function cutPostgres(url: string, epoch: number, cut: Cut): Promise<void> {
  await withPostgres(url, 'signet restore', (client) =>
    inTransaction(client, async () => {
      requireUpToDate(await shapeOfPostgres(client), MIGRATIONS.length);
      if (cut === 'all') {
        await client.query(`TRUNCATE ${ISSUED.join(', ')}`);
        await client.query('UPDATE signet_database SET epoch = $1', [epoch]);
      }
      for (const table of NUMBERED) await leaveOutNumbersPostgres(client, table);
    }),
  );
}

function leaveOutNumbersSqlite(connection: DatabaseSync, table: string): void {
  // A table that never had a row has no entry yet.
  const { changes } = connection
    .prepare('UPDATE sqlite_sequence SET seq = seq + ? WHERE name = ?')
    .run(GAP, table);
  if (changes === 0)
    connection.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(table, GAP);
}

async function leaveOutNumbersPostgres(client: Client, table: string): Promise<void> {
  const { rows } = await client.query<{ sequence: string }>(
    `SELECT pg_get_serial_sequence('${table}', 'id') AS sequence`,
  );
  const sequence = rows[0]?.sequence;
  if (sequence === undefined) throw new StoreUnavailable(`The table ${table} has no sequence of numbers.`);
  await client.query(`SELECT setval('${sequence}', nextval('${sequence}') + $1)`, [GAP]);
}
