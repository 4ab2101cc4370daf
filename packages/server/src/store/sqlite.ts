import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { type Database, type Row, requireChange, type Statement, type Written } from './database.ts';
import { MIGRATIONS, type Migration } from './migrations/migrations.ts';
import { isBusy, toldAs, unavailable } from './sqlite-fault.ts';
import { openSqliteFile } from './sqlite-file.ts';

/** Statements that belong together, and whom to tell. */
type Unit = Readonly<{
  statements: readonly Statement[];
  done: (written: readonly Written[]) => void;
  failed: (fault: unknown) => void;
}>;

type Run = (statement: Statement) => Written;
/** Begins, marks or ends a transaction. */
type Control = (sql: string) => void;
type Means = Readonly<{ run: Run; control: Control }>;

/** What a test may want otherwise. `patience` is how many milliseconds a request waits for a lock of another process. */
export type SqliteOptions = Readonly<{ migrations?: readonly Migration[]; patience?: number }>;

/**
 * Opens an SQLite file (or `:memory:`), bringing its tables up to date. WAL with synchronous=FULL: what is acknowledged is
 * on disk. All writes of one turn of the event loop share a commit, so that durability costs little.
 */
export function openSqlite(path: string, now: number, options: SqliteOptions = {}): Database {
  const { migrations = MIGRATIONS, patience = 5000 } = options;
  const connection = openSqliteFile(path, now, migrations);
  // As many as there are texts of statements in this folder: none is put together from what a caller sends.
  const prepared = new Map<string, StatementSync>();
  const queue: Unit[] = [];
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const made = connection.prepare(sql);
    prepared.set(sql, made);
    return made;
  };
  // The columns of Signet's tables hold nothing but values of these types.
  const ask = ({ sql, parameters }: Statement) => prepare(sql).all(...parameters) as Row[];
  const run: Run = (one) => {
    const { changes, lastInsertRowid } = prepare(one.sql).run(...one.parameters);
    return requireChange(one, { count: Number(changes), id: Number(lastInsertRowid) });
  };

  const control: Control = (sql) => void prepare(sql).run();

  const commitQueue = (): void => {
    if (queue.length === 0) return;
    rollBack(connection);
    control('BEGIN IMMEDIATE');
    commit(connection, queue.splice(0), { run, control });
  };
  const flush = async (): Promise<void> => {
    try {
      await whenFree(commitQueue, patience);
    } catch (fault) {
      for (const unit of queue.splice(0)) unit.failed(fault);
    }
  };

  return {
    read: (query) => whenFree(() => ask(query), patience),
    write: (...statements) =>
      new Promise((done, failed) => {
        if (queue.length === 0) setImmediate(() => void flush());
        queue.push({ statements, done, failed });
      }),
    foreignChanges: oncePerTurn(() => {
      try {
        return Number(prepare('PRAGMA data_version').get()?.['data_version']);
      } catch (fault) {
        throw toldAs(fault);
      }
    }),
    close: async () => {
      await flush();
      if (connection.isOpen) connection.close();
    },
  };
}

/** Asks for what many want to know in a turn of the event loop once in that turn. */
function oncePerTurn(ask: () => number): () => number {
  let known: number | undefined;
  return () => {
    if (known !== undefined) return known;
    known = ask();
    setImmediate(() => {
      known = undefined;
    });
    return known;
  };
}

/** Milliseconds between two looks at a lock that another process holds. */
const PAUSE = 5;

/** Does the work as soon as no other process holds the lock. The event loop goes on meanwhile. */
async function whenFree<Result>(work: () => Result, patience: number): Promise<Result> {
  for (let waited = 0; ; waited += PAUSE) {
    try {
      return work();
    } catch (fault) {
      if (!isBusy(fault) || waited >= patience) throw toldAs(fault);
    }
    await pause(PAUSE);
  }
}

/** Runs the units inside the transaction just begun and commits them. Nobody is told anything before that is done. */
function commit(connection: DatabaseSync, batch: readonly Unit[], means: Means): void {
  try {
    const outcomes = batch.map((unit) => runUnit(connection, unit, means));
    means.control('COMMIT');
    for (const tell of outcomes) tell();
  } catch (fault) {
    for (const unit of batch) unit.failed(unavailable(fault));
    rollBack(connection);
  }
}

/** Ends a transaction that stands open after a fault: nothing of it is seen by a read, and the next batch begins anew. */
function rollBack(connection: DatabaseSync): void {
  if (connection.isTransaction) connection.exec('ROLLBACK');
}

/** Runs one unit of a batch; one that fails is undone alone. Returns what tells its caller. */
function runUnit(connection: DatabaseSync, unit: Unit, { run, control }: Means): () => void {
  const alone = unit.statements.length === 1;
  if (!alone) control('SAVEPOINT unit');
  try {
    const written = unit.statements.map(run);
    if (!alone) control('RELEASE unit');
    return () => unit.done(written);
  } catch (fault) {
    // A full disk or a broken file may end the whole transaction; then no unit of it is acknowledged.
    if (!connection.isTransaction) throw fault;
    if (!alone) connection.exec('ROLLBACK TO unit; RELEASE unit');
    return () => unit.failed(toldAs(fault));
  }
}
