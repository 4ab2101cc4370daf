import { closeSync, openSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { inDialect, type Migration, TELLS_OLDEST_SINCE } from './migrations.ts';
import { demandOf, requireKnownShape, type Shape } from './shape.ts';

/** Marks a file as Signet's, so that a foreign database is never written to ("SGNT"). */
export const APPLICATION_ID = 0x53474e54;
const TYPES = {
  id: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  bytes: 'BLOB',
  member: (name: string, column: string) => `json_extract(${column}, '$.${name}')`,
};

type Move = Readonly<{
  path: string;
  now: number;
  migrations: readonly Migration[];
  /** `none` for a file that is itself a copy. */
  snapshot?: 'none';
}>;

/** Brings the tables up to date in one transaction, after a snapshot when there is something to lose. */
export function migrateSqlite(connection: DatabaseSync, { path, now, migrations, snapshot }: Move): void {
  const known = migrations.length;
  if (shapeOfSqlite(connection).version === known) return;
  connection.exec('BEGIN IMMEDIATE');
  // Read once more: another process may have moved the tables while this one waited for the lock.
  const shape = shapeOfSqlite(connection);
  const kept = `${path}.before-version-${shape.version + 1}.${now}`;
  try {
    requireKnownShape(shape, known, `The database ${path}`);
    if (shape.version > 0 && shape.version < known && snapshot !== 'none') takeSnapshot(path, kept);
    if (shape.version < known) applyMigrations(connection, migrations, shape.version);
    connection.exec('COMMIT');
  } catch (fault) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    rmSync(kept, { force: true });
    throw fault;
  }
}

function applyMigrations(connection: DatabaseSync, migrations: readonly Migration[], version: number): void {
  for (const migration of migrations.slice(version)) {
    for (const sql of inDialect(migration, TYPES)) connection.exec(sql);
  }
  const oldest = demandOf(migrations);
  if (oldest !== undefined) connection.prepare('UPDATE signet_database SET oldest_program = ?').run(oldest);
  connection.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}`);
}

/** Version 0 is a file without tables. */
export function shapeOfSqlite(connection: DatabaseSync): Shape {
  const version = Number(connection.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version < TELLS_OLDEST_SINCE) return { version, oldest: version };
  const told = connection.prepare('SELECT oldest_program FROM signet_database').get()?.['oldest_program'];
  return { version, oldest: typeof told === 'number' ? told : version };
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
