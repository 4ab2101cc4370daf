import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from './config/load.ts';
import { type Random, randomText } from './model/secret.ts';

export type MasterSecret = Readonly<{ secret: Buffer; origin: 'configured' | 'found' | 'made' }>;

/** As many as the setting master_secret must have. */
const LEAST_BYTES = 32;

/** The secret that seals all others: from the configuration, else from a file beside the database, made at the first start. */
export function masterSecret(
  config: Pick<Config, 'master_secret' | 'database'>,
  random: Random,
): MasterSecret {
  if (config.master_secret !== undefined)
    return { secret: Buffer.from(config.master_secret), origin: 'configured' };
  if (config.database === 'sqlite::memory:') return { secret: random(LEAST_BYTES), origin: 'made' };
  const path = masterSecretFile(config.database);
  if (path === undefined) throw new Error('This database may have several servers: set master_secret.');
  // Looked at first, because another process may be making both, and it makes the secret before the database.
  const hasDatabase = databaseExists(config.database);
  const found = readSecret(path);
  if (found !== undefined) return { secret: found, origin: 'found' };
  if (hasDatabase) {
    throw new Error(
      `The master secret ${path} is missing, and without it the keys in ${databaseFile(config.database)} cannot be opened. ` +
        'Put it back, or set master_secret.',
    );
  }
  const isMade = makeSecret(path, random);
  return { secret: readSecret(path) ?? Buffer.alloc(0), origin: isMade ? 'made' : 'found' };
}

/** The master secret if there is one, configured or beside the database; none is ever made. */
export function findMasterSecret(config: Pick<Config, 'master_secret' | 'database'>): Buffer | undefined {
  if (config.master_secret !== undefined) return Buffer.from(config.master_secret);
  const path = masterSecretFile(config.database);
  return path === undefined ? undefined : readSecret(path);
}

/** The file of an SQLite database; undefined for one in memory or on a server. */
export function databaseFile(database: string): string | undefined {
  const file = /^sqlite:(.*)$/s.exec(database)?.[1];
  return file === ':memory:' ? undefined : file;
}

/** Whether something lies where the database's file belongs. An empty file is as good as none. */
export function databaseExists(database: string): boolean {
  const file = databaseFile(database);
  const found = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false });
  return found !== undefined && found.size > 0;
}

/** Where the master secret of a database lies when none is configured; undefined where there is no place beside it. */
export function masterSecretFile(database: string): string | undefined {
  const file = databaseFile(database);
  return file && join(dirname(file), 'master.secret');
}

function readSecret(path: string): Buffer | undefined {
  if (!existsSync(path)) return undefined;
  const secret = Buffer.from(readFileSync(path, 'utf8').trim());
  if (secret.length < LEAST_BYTES) {
    throw new Error(
      `The master secret ${path} is too short to be one: it has ${secret.length} bytes, not ${LEAST_BYTES} or more.`,
    );
  }
  return secret;
}

/**
 * Puts a new secret in its place, whole and on disk: what is sealed with it must not outlive it. False when another process was
 * first; that one's is the secret.
 */
function makeSecret(path: string, random: Random): boolean {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomText(random, 8)}`;
  writeFileSync(draft, `${randomText(random, 32)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, path);
    return true;
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && fault.code === 'EEXIST') return false;
    throw fault;
  } finally {
    rmSync(draft);
  }
}
