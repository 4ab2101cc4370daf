import type { Pool, PoolClient, QueryResultRow } from 'pg';
import type { Clock } from '../model/clock.ts';
import { sha256 } from '../model/secret.ts';
import { type Database, DatabaseRefused, type Row, type Statement, StoreUnavailable } from './database.ts';
import { migratePostgres } from './migrations/migrate-postgres.ts';

/** Connections of one node; more only queue inside PostgreSQL. */
const CONNECTIONS = 8;
/** Milliseconds until a request is given up with 503. */
const PATIENCE = 2000;
/** Milliseconds after which another node's change is looked for at the latest. */
const NOTICE_WITHIN = 1000;
/** Tries of a transaction that another one got in the way of. */
const TRIES = 50;

/**
 * Opens a PostgreSQL database (15 and newer). Writes are serializable and are tried again when another got in their way, so that a verb
 * sees what it decides on and what it changes at one moment, as on SQLite. `synchronous_commit` stays on: what is acknowledged is on
 * disk.
 */
export async function openPostgres(url: string, clock: Clock): Promise<Database> {
  const { default: pg } = await import('pg');
  // Numbers of Signet's rows and times in milliseconds are exact as doubles.
  pg.types.setTypeParser(pg.types.builtins.INT8, Number);
  const open = (isolation: string): Pool => {
    const pool = new pg.Pool({
      connectionString: url,
      max: CONNECTIONS,
      connectionTimeoutMillis: PATIENCE,
      query_timeout: PATIENCE,
      application_name: 'signet',
      options: `-c default_transaction_isolation=${isolation}`,
    });
    // A connection that breaks while idle is replaced at the next use; the request that meets it gets its own error.
    pool.on('error', () => undefined);
    return pool;
  };
  const readers = open('read\\ committed');
  const writers = open('serializable');
  const close = async (): Promise<void> => {
    await Promise.all([readers.end(), writers.end()]);
  };
  try {
    await migratePostgres(writers);
  } catch (fault) {
    await close();
    if (fault instanceof DatabaseRefused) throw fault;
    throw new DatabaseRefused(`The database cannot be used: ${messageOf(fault)}`, { cause: fault });
  }
  return {
    read: (query) => told(() => run(readers, query)),
    write: (...statements) => {
      const [only, ...more] = statements;
      const alone = only !== undefined && more.length === 0;
      return told(() =>
        untilSerialized(async () => (alone ? [await run(writers, only)] : transact(writers, statements))),
      );
    },
    // Nobody is told of other nodes' commits, so that something has changed is assumed every second.
    foreignChanges: () => Math.floor(clock() / NOTICE_WITHIN),
    close,
  };
}

type Prepared = Readonly<{ name: string; text: string }>;

const prepared = new Map<string, Prepared>();

/** PostgreSQL's form of a statement, and the name under which each connection keeps it prepared. */
function prepare(sql: string): Prepared {
  const known = prepared.get(sql);
  if (known !== undefined) return known;
  let count = 0;
  const text = sql.replaceAll('?', () => {
    count += 1;
    return `$${count}`;
  });
  const made = { name: sha256(text).toString('base64url'), text };
  prepared.set(sql, made);
  return made;
}

async function run(connection: Pool | PoolClient, { sql, parameters }: Statement): Promise<readonly Row[]> {
  const { rows } = await connection.query<QueryResultRow & Row>({ ...prepare(sql), values: [...parameters] });
  return rows;
}

async function transact(pool: Pool, statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
  const connection = await pool.connect();
  try {
    await connection.query('BEGIN');
    const rows: (readonly Row[])[] = [];
    for (const one of statements) rows.push(await run(connection, one));
    await connection.query('COMMIT');
    connection.release();
    return rows;
  } catch (fault) {
    await connection.query('ROLLBACK').then(
      () => connection.release(),
      // A connection of which nobody knows where it stands is not used again.
      () => connection.release(true),
    );
    throw fault;
  }
}

/** Tries again what another transaction got in the way of; the last fault is told. */
async function untilSerialized<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (fault) {
      if (!isConflict(fault) || tries === TRIES) throw fault;
    }
  }
}

/** Serialization failure or deadlock: the transaction did nothing and may be tried again. */
const isConflict = (fault: unknown): boolean =>
  fault instanceof Error && 'code' in fault && (fault.code === '40001' || fault.code === '40P01');

async function told<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (fault) {
    throw new StoreUnavailable(messageOf(fault), { cause: fault });
  }
}

const messageOf = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));
