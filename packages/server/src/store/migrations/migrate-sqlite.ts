import { closeSync, openSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { DatabaseRefused } from '../database.ts';
import { inDialect, type Migration } from './migrations.ts';

/** Marks a file as Signet's, so that a foreign database is never written to ("SGNT"). */
export const APPLICATION_ID = 0x53474e54;
const TYPES = { id: 'INTEGER PRIMARY KEY AUTOINCREMENT', bytes: 'BLOB' };

type Move = Readonly<{ path: string; now: number; migrations: readonly Migration[] }>;

/** Brings the tables up to date in one transaction, after a snapshot when there is something to lose. */
export function migrateSqlite(connection: DatabaseSync, { path, now, migrations }: Move): void {
  if (shapeOf(connection) === migrations.length) return;
  connection.exec('BEGIN IMMEDIATE');
  // Read once more: another process may have moved the tables while this one waited for the lock.
  const shape = shapeOf(connection);
  const snapshot = `${path}.before-version-${shape + 1}.${now}`;
  try {
    requireKnownShape(connection, path, migrations.length);
    if (shape > 0 && shape < migrations.length) takeSnapshot(path, snapshot);
    for (const migration of migrations.slice(shape)) {
      for (const sql of inDialect(migration, TYPES)) connection.exec(sql);
    }
    connection.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}`);
    connection.exec('COMMIT');
  } catch (fault) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    rmSync(snapshot, { force: true });
    throw fault;
  }
}

/** Throws `DatabaseRefused` when the tables have a later shape than this program knows. */
export function requireKnownShape(connection: DatabaseSync, path: string, known: number): void {
  const shape = shapeOf(connection);
  if (shape > known) {
    throw new DatabaseRefused(
      `The database ${path} was written by a newer Signet (tables version ${shape}, this program knows ${known}). ` +
        'Start that newer version, or restore an older backup. The file was left as it is.',
    );
  }
}

/** Copies what is committed, through a connection of its own, while the lock keeps others from writing more. */
function takeSnapshot(path: string, snapshot: string): void {
  closeSync(openSync(snapshot, 'wx', 0o600));
  const reader = new DatabaseSync(path, { readOnly: true });
  try {
    reader.prepare('VACUUM INTO ?').run(snapshot);
  } finally {
    reader.close();
  }
}

const shapeOf = (connection: DatabaseSync): number =>
  Number(connection.prepare('PRAGMA user_version').get()?.['user_version']);
