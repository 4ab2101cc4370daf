import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Client } from 'pg';
import { advice, type Finding, faulty, well } from '../admin/doctor.ts';
import type { Config } from '../config/load.ts';
import { databaseExists, databaseFile, masterSecretFile } from '../master-secret.ts';
import { systemClock } from '../model/clock.ts';
import { shapeOfPostgres } from '../store/migrations/migrate-postgres.ts';
import { shapeOfSqlite } from '../store/migrations/migrate-sqlite.ts';
import { MIGRATIONS } from '../store/migrations/migrations.ts';
import type { Shape } from '../store/migrations/shape.ts';
import { withPostgres } from '../store/postgres-connection.ts';
import { readSqliteFile } from '../store/sqlite-file.ts';

/** `unusable` also where opening it would make or migrate its tables. */
export type DatabaseState = 'usable' | 'unusable';

type Looked = Readonly<{ findings: readonly Finding[]; state: DatabaseState }>;

/** Looks at the database and changes nothing of it. */
export async function databaseFindings({ database }: Config): Promise<Looked> {
  const file = databaseFile(database);
  if (database === 'sqlite::memory:') {
    const message =
      'The database is in memory: everything is gone at the end of the process, and only that can see it.';
    return {
      findings: [advice('database', message, 'Name a file: sqlite:./data/signet.db.')],
      state: 'unusable',
    };
  }
  try {
    return file === undefined ? await postgresFindings(database) : sqliteFindings(database, file);
  } catch (fault) {
    const message = fault instanceof Error ? fault.message : String(fault);
    return { findings: [faulty('database', message, 'See docs/databases.md.')], state: 'unusable' };
  }
}

function sqliteFindings(database: string, file: string): Looked {
  if (!databaseExists(database)) {
    const remedy = 'Start the server once, or say with --config which one is meant.';
    return {
      findings: [faulty('database', `There is no database at ${file} yet.`, remedy)],
      state: 'unusable',
    };
  }
  const shape = readSqliteFile(file, shapeOfSqlite);
  const shaped = shapeFindings(shape);
  const findings = [
    ...shaped,
    ...writableFindings(file),
    ...diskFindings(file),
    ...privacyFindings('database', [file, masterSecretFile(database)]),
  ];
  const good = well('database', `The database ${file} can be written, and what is acknowledged is on disk.`);
  return {
    findings: findings.length === 0 ? [good] : findings,
    state: shaped.length === 0 ? 'usable' : 'unusable',
  };
}

function shapeFindings({ version, oldest }: Shape): readonly Finding[] {
  const known = MIGRATIONS.length;
  if (version < known) {
    const message = `The tables have version ${version}, this program wants ${known}.`;
    return [faulty('database', message, 'Bring them up to date: signet migrate.')];
  }
  if (version > known && oldest > known) {
    const message = `The tables have version ${version}, of which this program (${known}) knows too little.`;
    return [faulty('database', message, 'Use the newer program.')];
  }
  return [];
}

function writableFindings(file: string): readonly Finding[] {
  try {
    for (const path of [file, dirname(file)]) accessSync(path, constants.R_OK | constants.W_OK);
    return [];
  } catch {
    const message = `The database ${file} or its folder cannot be written by this user.`;
    return [
      faulty('database', message, 'Run this as the user that runs the server, or give that user both.'),
    ];
  }
}

const MB = 1024 * 1024;
/** Free space below which a day of trouble fills the disk, and below which that is near. */
const LITTLE = 1024 * MB;
const NEARLY_NONE = 100 * MB;

/** Kinds of file systems over a network (statfs(2)), on which SQLite's locks and log cannot be relied upon. */
const REMOTE_FILE_SYSTEMS = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0x65735546, 'FUSE'],
]);

function diskFindings(file: string): readonly Finding[] {
  const { bavail, bsize, type } = statfsSync(dirname(file));
  const free = bavail * bsize;
  const remote = REMOTE_FILE_SYSTEMS.get(type);
  const space = `${Math.floor(free / MB)} MB are free where the database lies.`;
  const remedy = 'Make room: a full disk lets nobody sign in.';
  return [
    ...(free < NEARLY_NONE ? [faulty('database', space, remedy)] : []),
    ...(free >= NEARLY_NONE && free < LITTLE ? [advice('database', space, remedy)] : []),
    ...(remote === undefined
      ? []
      : [
          advice(
            'database',
            `The database lies on ${remote}, whose locks cannot be relied upon.`,
            'Put it on a disk of this machine, or use PostgreSQL.',
          ),
        ]),
  ];
}

/** Files with what must stay secret that others on this machine can read. */
export function privacyFindings(
  area: 'database' | 'settings',
  paths: readonly (string | undefined)[],
): readonly Finding[] {
  if (process.platform === 'win32') return [];
  return paths.flatMap((path) => {
    const found = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
    if (path === undefined || found === undefined || (found.mode & 0o044) === 0) return [];
    const readers = (found.mode & 0o004) === 0 ? 'Its group' : 'Everybody on this machine';
    return [advice(area, `${readers} can read ${path}.`, `chmod 600 ${path}`)];
  });
}

/** Seconds by which the clocks of a node and its database may differ. */
const MOST_APART = 5;

const postgresFindings = (database: string): Promise<Looked> =>
  withPostgres(database, 'signet doctor', async (client) => {
    const shaped = shapeFindings(await shapeOfPostgres(client));
    const findings = [...shaped, ...(await durabilityFindings(client)), ...(await clockFindings(client))];
    const good = well('database', 'The database answers, and what is acknowledged is on its disk.');
    return {
      findings: findings.length === 0 ? [good] : findings,
      state: shaped.length === 0 ? 'usable' : 'unusable',
    };
  });

async function durabilityFindings(client: Client): Promise<readonly Finding[]> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    `SELECT name, setting FROM pg_settings WHERE name IN ('synchronous_commit', 'fsync', 'full_page_writes', 'transaction_read_only')`,
  );
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
  const off = ['synchronous_commit', 'fsync', 'full_page_writes'].filter(
    (name) => settings.get(name) === 'off',
  );
  return [
    ...off.map((name) =>
      faulty(
        'database',
        `PostgreSQL runs with ${name} = off: what was acknowledged, revocations too, can be lost.`,
        `Set ${name} to on.`,
      ),
    ),
    ...(settings.get('transaction_read_only') === 'on'
      ? [faulty('database', 'PostgreSQL allows no writing here: it is a standby.', 'Name the primary.')]
      : []),
  ];
}

async function clockFindings(client: Client): Promise<readonly Finding[]> {
  const { rows } = await client.query<{ now: number }>(
    `SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS now`,
  );
  const apart = Math.round(Math.abs(systemClock() - (rows[0]?.now ?? 0)) / 1000);
  const message = `The clock here and that of the database differ by ${apart} seconds.`;
  return apart <= MOST_APART ? [] : [advice('clock', message, 'Set both by NTP.')];
}
