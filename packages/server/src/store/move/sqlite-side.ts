import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DatabaseRefused, type Row } from '../database.ts';
import { discard, giveName, ownLike } from '../file-change.ts';
import { migrateSqlite, shapeOfSqlite } from '../migrations/migrate-sqlite.ts';
import { MIGRATIONS } from '../migrations/migrations.ts';
import { requireSoundCopy } from '../sqlite-backup.ts';
import { readSqliteFile } from '../sqlite-file.ts';
import { seizeSqlite } from '../sqlite-lock.ts';
import { BATCH, inOrder, type Side, type Table, type TargetSide } from './side.ts';

/** Does the work on a database that no other process may use meanwhile; it stays as it is. */
export async function withSqliteSource<Result>(
  path: string,
  work: (source: Side) => Promise<Result>,
): Promise<Result> {
  if (!existsSync(path) || statSync(path).size === 0)
    throw new DatabaseRefused(`There is no database ${path}.`);
  const { version } = readSqliteFile(path, shapeOfSqlite);
  if (version !== MIGRATIONS.length) {
    throw new DatabaseRefused(
      `The tables of ${path} have version ${version}, and this program moves version ${MIGRATIONS.length} alone. ` +
        'Run "signet migrate" first, with the newest program. Nothing was changed.',
    );
  }
  const connection = seizeSqlite(path);
  try {
    return await work(sqliteSide(connection));
  } finally {
    connection.close();
  }
}

/** Does the work on a new database, which gets its name when all has succeeded. `draft` is its name until then. */
export async function withSqliteTarget<Result>(
  { path, draft, now }: { path: string; draft: string; now: number },
  work: (target: TargetSide) => Promise<Result>,
): Promise<Result> {
  if (existsSync(path)) {
    throw new DatabaseRefused(`There is a file ${path} already. It was left as it is.`);
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(draft, 'wx', 0o600));
    ownLike(draft, path);
    const result = await fill(draft, now, work);
    requireSoundCopy(draft, 'quick_check');
    giveName(draft, path);
    return result;
  } finally {
    discard(draft);
  }
}

async function fill<Result>(
  draft: string,
  now: number,
  work: (target: TargetSide) => Promise<Result>,
): Promise<Result> {
  const connection = new DatabaseSync(draft);
  try {
    // A draft is finished and put on disk whole, or thrown away.
    connection.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
    migrateSqlite(connection, { path: draft, now, migrations: MIGRATIONS, snapshot: 'none' });
    connection.exec('BEGIN; DELETE FROM signet_database');
    const result = await work(sqliteTarget(connection));
    connection.exec('COMMIT');
    return result;
  } finally {
    connection.close();
  }
}

function sqliteSide(connection: DatabaseSync): Side {
  return {
    tables: tablesOf(connection),
    count: async ({ name }) =>
      Number(connection.prepare(`SELECT COUNT(*) AS value FROM ${name}`).get()?.['value']),
    *batches({ name }) {
      let batch: Row[] = [];
      for (const row of connection.prepare(`SELECT * FROM ${name}`).iterate()) {
        // The columns of Signet's tables hold nothing but values of these types.
        batch.push(row as Row);
        if (batch.length < BATCH) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    },
    lastNumbers: async () => {
      const rows = connection.prepare('SELECT name, seq FROM sqlite_sequence').all();
      return new Map(rows.map(({ name, seq }) => [String(name), Number(seq)]));
    },
  };
}

function sqliteTarget(connection: DatabaseSync): TargetSide {
  const insertInto = ({ name, columns }: Table) =>
    connection.prepare(
      `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
  return {
    ...sqliteSide(connection),
    insert: async (table, rows) => {
      const statement = insertInto(table);
      for (const row of rows) statement.run(...table.columns.map((column) => row[column] ?? null));
    },
    setLastNumbers: async (numbers) => {
      connection.exec('DELETE FROM sqlite_sequence');
      const statement = connection.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)');
      for (const [name, number] of numbers) if (number > 0) statement.run(name, number);
    },
  };
}

function tablesOf(connection: DatabaseSync): readonly Table[] {
  const rows = connection
    .prepare(
      `SELECT t.name, json_group_array(c.name) AS columns FROM sqlite_schema t, pragma_table_info(t.name) c
       WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' GROUP BY t.name`,
    )
    .all();
  // An array of names, as the statement makes it.
  return inOrder(
    new Map(rows.map((row) => [String(row['name']), JSON.parse(String(row['columns'])) as string[]])),
  );
}
