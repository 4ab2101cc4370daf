import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { DatabaseRefused } from '../database.ts';
import { inDialect, MIGRATIONS } from './migrations.ts';

/** Marks a file as Signet's, so that a foreign database is never written to ("SGNT"). */
const APPLICATION_ID = 0x53474e54;
const TYPES = { id: 'INTEGER PRIMARY KEY AUTOINCREMENT', bytes: 'BLOB' };

type File = Readonly<{ path: string; existed: boolean; now: number }>;

/** Brings the tables up to date in one transaction, after a snapshot of the file when there is something to lose. */
export function migrateSqlite(connection: DatabaseSync, file: File): void {
  const shape = readNumber(connection, 'user_version');
  const owner = readNumber(connection, 'application_id');
  if (owner !== APPLICATION_ID && (owner !== 0 || shape !== 0 || hasTables(connection))) {
    throw new DatabaseRefused(
      `The file ${file.path} is a database of another program. It was left as it is.`,
    );
  }
  if (shape > MIGRATIONS.length) {
    throw new DatabaseRefused(
      `The database ${file.path} was written by a newer Signet (tables version ${shape}, this program knows ${MIGRATIONS.length}). ` +
        'Start that newer version, or restore an older backup. The file was left as it is.',
    );
  }
  if (owner === APPLICATION_ID) checkIntegrity(connection, file.path);
  if (shape === MIGRATIONS.length) return;
  if (file.existed && shape > 0)
    connection.exec(`VACUUM INTO '${snapshotPath(file, shape).replaceAll("'", "''")}'`);
  connection.exec('BEGIN EXCLUSIVE');
  try {
    // Another process may have done it while this one waited for the lock.
    const current = readNumber(connection, 'user_version');
    for (const migration of MIGRATIONS.slice(current)) {
      for (const sql of inDialect(migration, TYPES)) connection.exec(sql);
    }
    connection.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length}`);
    connection.exec('COMMIT');
  } catch (fault) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw fault;
  }
}

const snapshotPath = (file: File, shape: number): string =>
  `${file.path}.before-version-${shape + 1}.${file.now}`;

/** Above this size a full check would hold up the start for seconds; damage then shows at the first read. */
const CHECKED_AT_START = 64 * 1024 * 1024;

function checkIntegrity(connection: DatabaseSync, path: string): void {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > CHECKED_AT_START) return;
  const verdict = connection.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (verdict !== 'ok') {
    throw new DatabaseRefused(
      `The database ${path} is damaged (${String(verdict)}). Restore a backup. The file was left as it is.`,
    );
  }
}

function readNumber(connection: DatabaseSync, pragma: 'user_version' | 'application_id'): number {
  return Number(connection.prepare(`PRAGMA ${pragma}`).get()?.[pragma] ?? 0);
}

const hasTables = (connection: DatabaseSync): boolean =>
  connection.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined;
