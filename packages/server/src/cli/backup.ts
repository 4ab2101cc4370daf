import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../config/load.ts';
import { databaseFile, masterSecretFile } from '../master-secret.ts';
import { isoTime, systemClock } from '../model/clock.ts';
import { randomText, systemRandom } from '../model/secret.ts';
import { backupSqlite } from '../store/sqlite-backup.ts';
import { CommandError } from './command-error.ts';
import { type ConfigOptions, requireConfiguration } from './configuration.ts';
import { requireDatabase } from './open-app.ts';
import { backupWithPostgres } from './postgres-tools.ts';
import { progress } from './progress.ts';
import { printOne, type ResultOptions } from './result.ts';
import { say } from './terminal.ts';

export type BackupOptions = ConfigOptions & ResultOptions;

/** `signet backup FILE`: SQLite alone; for PostgreSQL it names the tool. */
export async function backup(options: BackupOptions, name: string): Promise<void> {
  const { config } = requireConfiguration(options);
  requireDatabase(config.database, 'must-exist');
  const path = databaseFile(config.database);
  if (path === undefined) throw backupWithPostgres(config.database);
  const file = resolve(name);
  if (existsSync(file)) {
    throw new CommandError('conflict', `There is a file ${file} already: name another one for the backup.`);
  }
  const begun = systemClock();
  const shown = progress('pages');
  const bytes = await backupSqlite(
    path,
    file,
    `${file}.unfinished.${randomText(systemRandom, 8)}`,
    (done, total) => shown.show(done, total, ''),
  ).finally(() => shown.end());
  const seconds = (systemClock() - begun) / 1000;
  printOne(options, file, { file, taken_at: isoTime(begun), bytes, seconds });
  say(`The backup was checked and is complete. ${aboutMasterSecret(config)}`);
}

function aboutMasterSecret(config: Config): string {
  const where =
    config.master_secret === undefined ? masterSecretFile(config.database) : 'the setting master_secret';
  return `The master secret is not in it (${where}): without it the backup is of no use, so keep a copy of that too, in another place.`;
}
