import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DatabaseRefused } from './database.ts';
import { APPLICATION_ID, migrateSqlite, shapeOfSqlite } from './migrations/migrate-sqlite.ts';
import type { Migration } from './migrations/migrations.ts';
import { requireKnownShape } from './migrations/shape.ts';
import { isBusy, RESULT, reasonOf, resultCode } from './sqlite-fault.ts';

/** Milliseconds for which an opening waits for another process; nothing else is running yet. */
const PATIENCE = 5000;
const PAUSE = 20;

/** Above this size a full check would hold up the start for seconds; damage then shows at the first read. */
const CHECKED_AT_START = 64 * 1024 * 1024;

/** A connection to the file with its tables up to date, or `DatabaseRefused`; what is refused is left as it is, to the byte. */
export function openSqliteFile(path: string, now: number, migrations: readonly Migration[]): DatabaseSync {
  if (path === ':memory:') return openConnection(path, now, migrations);
  try {
    provideFile(path);
    if (requireOwnFile(path) === 'with tables') requireSound(path, migrations.length);
    return openConnection(path, now, migrations);
  } catch (fault) {
    throw refusal(path, fault);
  }
}

/** Makes the folder and an empty file where there is none, for this user alone; fails where they cannot be written. */
function provideFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
}

const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';
const APPLICATION_ID_AT = 68;

/** Reads the file's header (sqlite.org/fileformat.html §1.3) without SQLite, which would lock and perhaps mend a stranger's file. */
export function requireOwnFile(path: string): 'empty' | 'with tables' {
  const header = Buffer.alloc(HEADER_BYTES);
  const file = openSync(path, 'r');
  const length = readSync(file, header);
  closeSync(file);
  if (length === 0) return 'empty';
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new DatabaseRefused(`The file ${path} is not an SQLite database. It was left as it is.`);
  }
  if (length === HEADER_BYTES && header.readUInt32BE(APPLICATION_ID_AT) !== APPLICATION_ID) {
    throw new DatabaseRefused(`The file ${path} is a database of another program. It was left as it is.`);
  }
  return 'with tables';
}

function requireSound(path: string, knownShape: number): void {
  looking(path, (connection) => {
    requireKnownShape(shapeOfSqlite(connection), knownShape, `The database ${path}`);
    if (statSync(path).size > CHECKED_AT_START) return;
    const verdict = connection.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (verdict !== 'ok') throw damaged(path, String(verdict).split('\n').at(-1) ?? '');
  });
}

/** Looks at a database that is there and changes nothing of it; `DatabaseRefused` when it cannot be read or is not Signet's. */
export function readSqliteFile<Result>(path: string, look: (connection: DatabaseSync) => Result): Result {
  try {
    requireOwnFile(path);
    return looking(path, look);
  } catch (fault) {
    throw refusal(path, fault);
  }
}

function looking<Result>(path: string, look: (connection: DatabaseSync) => Result): Result {
  // A writing connection would move the log of a crashed process into the file when it is closed, a reading one leave a log behind.
  const connection = new DatabaseSync(path, { readOnly: existsSync(`${path}-wal`), timeout: PATIENCE });
  try {
    return look(connection);
  } finally {
    connection.close();
  }
}

function openConnection(path: string, now: number, migrations: readonly Migration[]): DatabaseSync {
  const connection = new DatabaseSync(path, { timeout: PATIENCE });
  try {
    connection.exec('PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA temp_store = MEMORY');
    connection.exec('PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 67108864');
    migrateSqlite(connection, { path, now, migrations });
    if (path !== ':memory:') switchToWal(connection);
    // From now on a lock is waited for without holding up the event loop.
    connection.exec('PRAGMA busy_timeout = 0');
    return connection;
  } catch (fault) {
    connection.close();
    throw fault;
  }
}

/** Two processes that do this at once refuse each other, whatever the busy timeout: so it is tried again. */
function switchToWal(connection: DatabaseSync): void {
  for (let waited = 0; ; waited += PAUSE) {
    try {
      const mode = connection.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode'];
      if (mode !== 'wal') throw new Error('its file system knows no write-ahead log');
      return;
    } catch (fault) {
      if (!isBusy(fault) || waited >= PATIENCE) throw fault;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
  }
}

export const damaged = (path: string, how: string): DatabaseRefused =>
  new DatabaseRefused(
    `The database ${path} is damaged (${how}). Restore a backup. The file was left as it is.`,
  );

/** Why the database is not opened, in a sentence for the operator. */
export function refusal(path: string, fault: unknown): DatabaseRefused {
  if (fault instanceof DatabaseRefused) return fault;
  const reason = reasonOf(fault);
  switch (resultCode(fault) ?? (fault instanceof Error && 'code' in fault ? fault.code : undefined)) {
    case RESULT.CORRUPT:
    case RESULT.NOTADB:
      return damaged(path, reason);
    case RESULT.BUSY:
      return new DatabaseRefused(
        `The database ${path} is locked by another process. Stop that one, or wait for it, and start again.`,
        { cause: fault },
      );
    case 'EISDIR':
      return new DatabaseRefused(`${path} is a folder. Name a file in it as the database.`, { cause: fault });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case RESULT.READONLY:
      return new DatabaseRefused(
        `The database ${path} cannot be written. The user that runs Signet needs to read and write the file and its folder.`,
        { cause: fault },
      );
    default:
      return new DatabaseRefused(`The database ${path} cannot be used: ${reason}. It was left as it is.`, {
        cause: fault,
      });
  }
}
