import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from './config/load.ts';
import { type Random, randomText } from './model/secret.ts';

export type MasterSecret = Readonly<{ secret: Buffer; origin: 'configured' | 'found' | 'made' }>;

/** The secret that seals all others: from the configuration, else from a file beside the database, made at the first start. */
export function masterSecret(
  config: Pick<Config, 'master_secret' | 'database'>,
  random: Random,
): MasterSecret {
  if (config.master_secret !== undefined)
    return { secret: Buffer.from(config.master_secret), origin: 'configured' };
  const database = config.database.replace(/^sqlite:/, '');
  if (database === ':memory:') return { secret: random(32), origin: 'made' };
  const path = masterSecretFile(config.database);
  if (existsSync(path)) return { secret: Buffer.from(readFileSync(path, 'utf8').trim()), origin: 'found' };
  if (existsSync(database)) {
    throw new Error(
      `The master secret ${path} is missing, and without it the keys in ${database} cannot be opened. Put it back, or set master_secret.`,
    );
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const made = randomText(random, 32);
  // Fails if another process made one at the same moment; the next start finds that one.
  writeFileSync(path, `${made}\n`, { mode: 0o600, flag: 'wx' });
  return { secret: Buffer.from(made), origin: 'made' };
}

export const masterSecretFile = (database: string): string =>
  join(dirname(database.replace(/^sqlite:/, '')), 'master.secret');
