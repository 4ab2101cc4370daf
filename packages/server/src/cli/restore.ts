import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from '../config/load.ts';
import { requireMasterSecretOf } from '../keys/tenant-secrets.ts';
import { databaseExists, databaseFile, findMasterSecret, masterSecretFile } from '../master-secret.ts';
import { systemClock } from '../model/clock.ts';
import { randomText, systemRandom } from '../model/secret.ts';
import { type Cut, cutPostgres, cutSqliteFile, epochAfter } from '../store/cut.ts';
import { restoreSqlite } from '../store/sqlite-restore.ts';
import { CommandError } from './command-error.ts';
import { type ConfigOptions, requireConfiguration } from './configuration.ts';
import { requireDatabase } from './open-app.ts';
import { restoreWithPostgres } from './postgres-tools.ts';
import { print, say } from './terminal.ts';

export type RestoreOptions = ConfigOptions &
  Readonly<{ replace?: boolean; keepSessions?: boolean; inPlace?: boolean }>;

/** `signet restore FILE`, and `signet restore --in-place` after a restore by other means. */
export async function restore(options: RestoreOptions, name: string): Promise<void> {
  const { config } = requireConfiguration(options);
  if ((name === '') !== (options.inPlace === true)) {
    throw new CommandError('usage', 'Name the backup, or say --in-place when it has been restored already.');
  }
  const now = systemClock();
  const epoch = epochAfter(now);
  const cut: Cut = options.keepSessions === true ? 'none' : 'all';
  if (options.inPlace === true) await cutInPlace(config, { now, epoch, cut });
  else restoreFile(config, resolve(name), { now, epoch, cut, replace: options.replace === true });
  // From the next second on, tokens can be told from those of before.
  await pause(Math.max(0, epoch - systemClock()));
  say(cut === 'all' ? CUT : KEPT);
}

const CUT =
  'Every session, code and token from before is void: people sign in again. Passwords, users, consents, clients and keys are as they ' +
  'were at the time of the backup; docs/databases.md tells what to look at.';
const KEPT =
  'Sessions and tokens live on. What was revoked after the backup, on purpose or because somebody signed out, is good again.';

type Times = Readonly<{ now: number; epoch: number; cut: Cut }>;

async function cutInPlace({ database }: Config, { now, epoch, cut }: Times): Promise<void> {
  requireDatabase(database, 'must-exist');
  const path = databaseFile(database);
  if (path === undefined) await cutPostgres(database, epoch, cut);
  else cutSqliteFile(path, { now, epoch, cut });
  print('The database is ready.');
}

function restoreFile(config: Config, from: string, choice: Times & Readonly<{ replace: boolean }>): void {
  const { database } = config;
  const path = databaseFile(database);
  if (path === undefined) {
    if (database.startsWith('sqlite:')) requireDatabase(database, 'may-be-made');
    throw restoreWithPostgres(database);
  }
  if (!existsSync(from)) throw new CommandError('unknown', `There is no file ${from}.`);
  const isThere = databaseExists(database);
  if (isThere && !choice.replace) {
    throw new CommandError(
      'conflict',
      `There is a database ${path} already: say --replace to keep it under another name. Nothing was changed.`,
    );
  }
  const secret = requireSecret(config);
  const aside = `${path}.replaced.${choice.now}`;
  restoreSqlite({
    ...choice,
    from,
    path,
    aside,
    draft: `${path}.unfinished.${randomText(systemRandom, 8)}`,
    requireOwner: (tenants) => requireMasterSecretOf(secret, tenants),
  });
  print(`The database ${path} is restored.`);
  if (isThere) say(`The one that was there is kept as ${aside}`);
}

function requireSecret(config: Config): Buffer {
  const secret = findMasterSecret(config);
  if (secret !== undefined) return secret;
  throw new CommandError(
    'fault',
    `The master secret that belongs to the backup is missing: put it into ${masterSecretFile(config.database)}, or set master_secret.`,
  );
}
