import type { StatementSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database, Row, Statement } from './database.ts';
import { MIGRATIONS, type Migration } from './migrations/migrations.ts';
import { groupCommits } from './sqlite-commits.ts';
import { isBusy, toldAs } from './sqlite-fault.ts';
import { openSqliteFile } from './sqlite-file.ts';

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
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const made = connection.prepare(sql);
    prepared.set(sql, made);
    return made;
  };
  // The columns of Signet's tables hold nothing but values of these types.
  const ask = ({ sql, parameters }: Statement) => prepare(sql).all(...parameters) as Row[];
  const commits = groupCommits(connection, { prepare, whenFree: (work) => whenFree(work, patience) });

  return {
    read: (query) => whenFree(() => ask(query), patience),
    write: commits.write,
    foreignChanges: oncePerTurn(() => {
      try {
        return Number(prepare('PRAGMA data_version').get()?.['data_version']);
      } catch (fault) {
        throw toldAs(fault);
      }
    }),
    close: async () => {
      await commits.flush();
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
