import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';
import type { Clock } from '../model/clock.ts';
import { sha256 } from '../model/secret.ts';
import {
  type Database,
  NothingChanged,
  type Row,
  requireChange,
  type Statement,
  StoreUnavailable,
  type Written,
} from './database.ts';
import { preparePostgres } from './migrations/migrate-postgres.ts';
import { MIGRATIONS, type Migration } from './migrations/migrations.ts';
import { refusedBecause } from './postgres-connection.ts';

/** Connections of one node; more only queue inside PostgreSQL. */
const CONNECTIONS = 8;
/** Milliseconds until a request is given up with 503. */
const PATIENCE = 2000;
/** Milliseconds after which another node's change is looked for at the latest. */
const NOTICE_WITHIN = 1000;
/** Tries of a transaction that another one got in the way of. */
const TRIES = 50;

/** What a test may want otherwise. */
export type PostgresOptions = Readonly<{ migrations?: readonly Migration[] }>;

/**
 * Opens a PostgreSQL database (15 and newer), making the tables of an empty one. A write that decides by other rows than it changes is
 * serializable and is tried again when another got in its way, so that a verb sees what it decides on and what it changes at one moment,
 * as on SQLite. `synchronous_commit` stays
 * on: what is acknowledged is on disk.
 */
export async function openPostgres(
  url: string,
  clock: Clock,
  { migrations = MIGRATIONS }: PostgresOptions = {},
): Promise<Database> {
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
    // The same while it is in use, where the request is told by its query and nobody else needs to be.
    pool.on('connect', (client) => client.on('error', () => undefined));
    return pool;
  };
  const committed = open('read\\ committed');
  const serializable = open('serializable');
  const close = async (): Promise<void> => {
    await Promise.all([committed.end(), serializable.end()]);
  };
  try {
    await preparePostgres(committed, url, migrations);
  } catch (fault) {
    await close();
    throw refusedBecause(fault);
  }
  return {
    read: (query) => told(() => untilDone(async () => (await run(committed, query)).rows)),
    write: (...statements) => {
      // A row that another transaction has changed meanwhile is judged again as it is then: for a decision by that row alone, enough.
      const pool = statements.every(({ sees }) => sees === 'own row') ? committed : serializable;
      const [only, ...more] = statements;
      const alone = only !== undefined && more.length === 0;
      return told(() =>
        untilDone(async () => (alone ? [await written(pool, only)] : transact(pool, statements))),
      );
    },
    // Nobody is told of other nodes' commits, so that something has changed is assumed every second.
    foreignChanges: () => Math.floor(clock() / NOTICE_WITHIN),
    close,
  };
}

type Prepared = Readonly<{ name: string; text: string }>;

const prepared = new Map<string, Prepared>();
let generation = 0;

/** A column that a newer program added makes what was prepared before useless: new names have every connection prepare it again. */
function prepareAnew(): void {
  generation += 1;
  prepared.clear();
}

/** PostgreSQL's form of a statement, and the name under which each connection keeps it prepared. */
function prepare(sql: string): Prepared {
  const known = prepared.get(sql);
  if (known !== undefined) return known;
  let count = 0;
  const text = sql.replaceAll('?', () => {
    count += 1;
    return `$${count}`;
  });
  const made = { name: sha256(`${generation} ${text}`).toString('base64url'), text };
  prepared.set(sql, made);
  return made;
}

type Reply = QueryResult<QueryResultRow & Row>;

const run = (connection: Pool | PoolClient, { sql, parameters, gives }: Statement): Promise<Reply> =>
  connection.query({
    ...prepare(gives === 'id' ? `${sql} RETURNING id` : sql),
    values: [...parameters],
  });

async function written(connection: Pool | PoolClient, one: Statement): Promise<Written> {
  const {
    rowCount,
    rows: [row],
  } = await run(connection, one);
  return requireChange(one, { count: rowCount ?? 0, id: Number(row?.['id'] ?? 0) });
}

async function transact(pool: Pool, statements: readonly Statement[]): Promise<readonly Written[]> {
  const connection = await pool.connect();
  try {
    await connection.query('BEGIN');
    const all: Written[] = [];
    for (const one of statements) all.push(await written(connection, one));
    await connection.query('COMMIT');
    connection.release();
    return all;
  } catch (fault) {
    await connection.query('ROLLBACK').then(
      () => connection.release(),
      // A connection of which nobody knows where it stands is not used again.
      () => connection.release(true),
    );
    throw fault;
  }
}

/** Tries again what another transaction or a migration got in the way of; the last fault is told. */
async function untilDone<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (fault) {
      const isOutdated = hasOutdatedPlan(fault);
      if (!(isOutdated || isConflict(fault)) || tries === TRIES) throw fault;
      if (isOutdated) prepareAnew();
    }
  }
}

/** Serialization failure or deadlock: the transaction did nothing and may be tried again. */
const isConflict = (fault: unknown): boolean =>
  fault instanceof Error && 'code' in fault && (fault.code === '40001' || fault.code === '40P01');

/** PostgreSQL says so when a migration has changed the columns of a prepared statement's result. */
const hasOutdatedPlan = (fault: unknown): boolean =>
  fault instanceof Error &&
  'code' in fault &&
  fault.code === '0A000' &&
  fault.message.includes('cached plan must not change result type');

/** What is waited for in all, be it a connection, a lock or an answer, has one patience; what is still done after it was never acknowledged. */
async function told<Result>(work: () => Promise<Result>): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const patience = setTimeout(() => reject(new Error('PostgreSQL has not answered in time.')), PATIENCE);
  try {
    return await Promise.race([work(), late]);
  } catch (fault) {
    if (fault instanceof NothingChanged) throw fault;
    throw new StoreUnavailable(messageOf(fault), { cause: fault });
  } finally {
    clearTimeout(patience);
  }
}

const messageOf = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));
