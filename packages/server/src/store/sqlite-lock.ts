import { DatabaseSync } from 'node:sqlite';
import { DatabaseRefused } from './database.ts';
import { isBusy } from './sqlite-fault.ts';

/** Milliseconds for which a short command of another process is waited for; a server does not go away. */
const PATIENCE = 1000;

/**
 * A connection that shuts all others out, with the log of a crashed process moved into the file. `DatabaseRefused` when another process
 * has the database open: one that uses a write-ahead log holds the file for as long as it is open, so that only the last can end the log.
 */
export function seizeSqlite(path: string): DatabaseSync {
  const connection = new DatabaseSync(path, { timeout: PATIENCE });
  try {
    connection.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
    return connection;
  } catch (fault) {
    connection.close();
    if (!isBusy(fault)) throw fault;
    throw new DatabaseRefused(
      `The database ${path} is open in another process. Stop the servers that use it, and try again. Nothing was changed.`,
      { cause: fault },
    );
  }
}
