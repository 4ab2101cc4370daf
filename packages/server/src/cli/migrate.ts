import { databaseExists, databaseFile } from '../master-secret.ts';
import { systemClock } from '../model/clock.ts';
import { migratePostgres, shapeOfPostgres } from '../store/migrations/migrate-postgres.ts';
import { shapeOfSqlite } from '../store/migrations/migrate-sqlite.ts';
import { MIGRATIONS } from '../store/migrations/migrations.ts';
import { requireKnownShape, type Shape, waitingAfter } from '../store/migrations/shape.ts';
import { withPostgres } from '../store/postgres-connection.ts';
import { openSqliteFile, readSqliteFile } from '../store/sqlite-file.ts';
import { CommandError } from './command-error.ts';
import { type ConfigOptions, requireConfiguration } from './configuration.ts';
import { requireDatabase } from './open-app.ts';
import { print, say } from './terminal.ts';

export type MigrateOptions = ConfigOptions & Readonly<{ check?: boolean }>;

/** `signet migrate`, for either database; with `--check` it changes nothing. */
export async function migrate(options: MigrateOptions): Promise<void> {
  const { config } = requireConfiguration(options);
  requireDatabase(config.database, 'must-exist');
  const shape = await shapeOf(config.database);
  requireKnownShape(shape, MIGRATIONS.length, 'The database');
  const waiting = waitingAfter(shape.version, MIGRATIONS);
  if (waiting.length === 0) {
    print(`The tables are up to date (version ${shape.version}).`);
    return;
  }
  if (options.check === true) {
    for (const { number, migration } of waiting) print(`${number}  ${migration.name}`);
    throw new CommandError(
      'waiting',
      `The tables have version ${shape.version}, and ${countOf(waiting.length)} waiting. "signet migrate" does the work.`,
    );
  }
  await bringUpToDate(config.database, shape);
  print(`The tables are up to date (version ${MIGRATIONS.length}).`);
}

const countOf = (migrations: number): string =>
  migrations === 1 ? '1 migration is' : `${migrations} migrations are`;

async function bringUpToDate(database: string, { version }: Shape): Promise<void> {
  const path = databaseFile(database);
  if (path === undefined) return migratePostgres(database, MIGRATIONS, say);
  const now = systemClock();
  for (const { number, migration } of waitingAfter(version, MIGRATIONS)) {
    say(`Migration ${number} of ${MIGRATIONS.length}: ${migration.name}.`);
  }
  openSqliteFile(path, now, MIGRATIONS).close();
  say(`The database as it was before is kept as ${path}.before-version-${version + 1}.${now}`);
}

function shapeOf(database: string): Promise<Shape> | Shape {
  const path = databaseFile(database);
  if (path === undefined) return withPostgres(database, 'signet migrate', shapeOfPostgres);
  if (!databaseExists(database)) return { version: 0, oldest: 0 };
  return readSqliteFile(path, shapeOfSqlite);
}
