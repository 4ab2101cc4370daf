import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type Database, requireChange, type Statement, type Written } from './database.ts';
import { toldAs, unavailable } from './sqlite-fault.ts';

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

export type CommitTools = Readonly<{
  prepare: (sql: string) => StatementSync;
  /** Does the work as soon as no other process holds the lock. */
  whenFree: (work: () => void) => Promise<void>;
}>;

/** Collects what is written in a turn of the event loop and commits it together. */
export function groupCommits(
  connection: DatabaseSync,
  { prepare, whenFree }: CommitTools,
): Readonly<{ write: Database['write']; flush: () => Promise<void> }> {
  const queue: Unit[] = [];
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
      await whenFree(commitQueue);
    } catch (fault) {
      for (const unit of queue.splice(0)) unit.failed(fault);
    }
  };
  const write: Database['write'] = (...statements) =>
    new Promise((done, failed) => {
      if (queue.length === 0) setImmediate(() => void flush());
      queue.push({ statements, done, failed });
    });
  return { write, flush };
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
