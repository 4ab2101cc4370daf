import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { DatabaseRefused } from './database.ts';

/** Milliseconds for which a connection is waited for. */
const PATIENCE = 5000;

/**
 * Does the work on a connection of its own, without a limit of time: for what concerns the whole database. `application` is its name
 * among the connections of the database.
 */
export async function withPostgres<Result>(
  url: string,
  application: string,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const { default: pg } = await import('pg');
  // Numbers of Signet's rows and times in milliseconds are exact as doubles.
  pg.types.setTypeParser(pg.types.builtins.INT8, Number);
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: PATIENCE,
    application_name: application,
  });
  // The statement that meets a broken connection gets its own error.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } catch (fault) {
    throw refusedBecause(fault);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** How long a statement waits for a table that others use; every request for that table would queue behind it. */
export const LOCK_TIMEOUT = '3s';

/** All or nothing: the work's statements are one transaction, which sees what others have committed before each of them. */
export async function inTransaction<Result>(client: Client, work: () => Promise<Result>): Promise<Result> {
  await client.query(`BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (fault) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw fault;
  }
}

/** Milliseconds for which the connections of a server that has just ended are waited for, and between two looks. */
const FAREWELL = 2000;
const PAUSE = 50;

/** Throws `DatabaseRefused` while a server is connected to the database; `why` is a sentence in between. */
export async function requireNoServers(client: Client, why: string): Promise<void> {
  for (let waited = 0; await hasServers(client); waited += PAUSE) {
    if (waited >= FAREWELL) {
      throw new DatabaseRefused(
        `A Signet server is connected to the database. ${why}Stop the servers that use it, and try again. Nothing was changed.`,
      );
    }
    await pause(PAUSE);
  }
}

async function hasServers(client: Client): Promise<boolean> {
  // Within a transaction the list of connections is otherwise the one of its first look.
  await client.query('SELECT pg_stat_clear_snapshot()');
  const { rows } = await client.query(
    `SELECT 1 FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'signet' AND pid <> pg_backend_pid() LIMIT 1`,
  );
  return rows.length > 0;
}

/** Why a database on a server is not opened, in a sentence for the operator. */
export function refusedBecause(fault: unknown): DatabaseRefused {
  if (fault instanceof DatabaseRefused) return fault;
  return new DatabaseRefused(`The database cannot be used: ${reasonOf(fault)}`, { cause: fault });
}

function reasonOf(fault: unknown): string {
  // A name with several addresses fails with one fault for each.
  if (fault instanceof AggregateError) return [...new Set(fault.errors.map(reasonOf))].join('; ');
  const isLock = fault instanceof Error && 'code' in fault && fault.code === LOCK_NOT_AVAILABLE;
  if (isLock)
    return `it is in use by something that takes long (${fault.message}). Try again; nothing was changed`;
  return fault instanceof Error ? fault.message : String(fault);
}

/** PostgreSQL's code of a statement that waited for a lock for as long as it may. */
const LOCK_NOT_AVAILABLE = '55P03';
