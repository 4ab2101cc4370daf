import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type Database, DatabaseRefused, type Row, type Statement, StoreUnavailable } from './database.ts';
import { migrateSqlite } from './migrations/migrate-sqlite.ts';

type Pending = Readonly<{
  statements: readonly Statement[];
  done: (rows: readonly (readonly Row[])[]) => void;
  failed: (fault: unknown) => void;
}>;

/**
 * Opens an SQLite file (or `:memory:`), bringing its tables up to date. WAL with synchronous=FULL: what is acknowledged is
 * on disk. All writes of one turn of the event loop share a commit, so that durability costs little.
 */
export function openSqlite(path: string, now: number): Database {
  const connection = openConnection(path, now);
  const prepared = new Map<string, StatementSync>();
  let queue: Pending[] = [];

  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const made = connection.prepare(sql);
    prepared.set(sql, made);
    return made;
  };
  const run = ({ sql, parameters }: Statement): readonly Row[] => prepare(sql).all(...parameters) as Row[];

  const commitQueue = (): void => {
    const batch = queue;
    queue = [];
    const settled: (() => void)[] = [];
    try {
      connection.exec('BEGIN IMMEDIATE');
      for (const unit of batch) settled.push(runUnit(connection, unit, run));
      connection.exec('COMMIT');
    } catch (fault) {
      rollBack(connection);
      for (const unit of batch) unit.failed(unavailable(fault));
      return;
    }
    for (const settle of settled) settle();
  };

  return {
    read: async (query) => {
      try {
        return run(query);
      } catch (fault) {
        throw unavailable(fault);
      }
    },
    write: (...statements) =>
      new Promise((done, failed) => {
        if (queue.length === 0) setImmediate(commitQueue);
        queue.push({ statements, done, failed });
      }),
    foreignChanges: () => Number(prepare('PRAGMA data_version').get()?.['data_version'] ?? 0),
    close: async () => {
      if (queue.length > 0) commitQueue();
      connection.close();
    },
  };
}

/** Runs one unit of the batch; a unit that fails is undone alone. Returns what tells its caller, to be called after the commit. */
function runUnit(
  connection: DatabaseSync,
  unit: Pending,
  run: (query: Statement) => readonly Row[],
): () => void {
  const alone = unit.statements.length === 1;
  if (!alone) connection.exec('SAVEPOINT unit');
  try {
    const rows = unit.statements.map(run);
    if (!alone) connection.exec('RELEASE unit');
    return () => unit.done(rows);
  } catch (fault) {
    // A full disk or a broken file ends the whole transaction; then no unit of it may be acknowledged.
    if (!connection.isTransaction) throw fault;
    if (!alone) connection.exec('ROLLBACK TO unit; RELEASE unit');
    return () => unit.failed(unavailable(fault));
  }
}

function rollBack(connection: DatabaseSync): void {
  if (connection.isOpen && connection.isTransaction) connection.exec('ROLLBACK');
}

const unavailable = (fault: unknown): StoreUnavailable =>
  new StoreUnavailable(fault instanceof Error ? fault.message : String(fault), { cause: fault });

function openConnection(path: string, now: number): DatabaseSync {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const existed = path !== ':memory:' && existsSync(path);
  try {
    const connection = new DatabaseSync(path, { timeout: 2000 });
    try {
      connection.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY');
      connection.exec('PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 67108864');
      migrateSqlite(connection, { path, existed, now });
      connection.exec('PRAGMA journal_mode = WAL');
      return connection;
    } catch (fault) {
      connection.close();
      throw fault;
    }
  } catch (fault) {
    if (fault instanceof DatabaseRefused) throw fault;
    const reason = fault instanceof Error ? fault.message : String(fault);
    throw new DatabaseRefused(`The database ${path} cannot be used: ${reason}. It was left as it is.`, {
      cause: fault,
    });
  }
}
