import { resolve } from 'node:path';
import { databaseFile } from '../master-secret.ts';
import { systemClock } from '../model/clock.ts';
import { randomText, systemRandom } from '../model/secret.ts';
import { moveRows } from '../store/move/move.ts';
import { withPostgresSource, withPostgresTarget } from '../store/move/postgres-side.ts';
import type { Side, TargetSide } from '../store/move/side.ts';
import { withSqliteSource, withSqliteTarget } from '../store/move/sqlite-side.ts';
import { CommandError } from './command-error.ts';
import { type ConfigOptions, requireConfiguration } from './configuration.ts';
import { withoutPassword } from './postgres-tools.ts';
import { progress } from './progress.ts';
import { print, say } from './terminal.ts';

export type MoveOptions = ConfigOptions & Readonly<{ from?: string; to?: string }>;

/** `signet move`: each of the two databases is the configured one unless it is named. */
export async function move(options: MoveOptions): Promise<void> {
  const from = addressOf(options, 'from');
  const to = addressOf(options, 'to');
  if (from === to)
    throw new CommandError('usage', 'A database cannot be moved to itself: say --from or --to.');
  const begun = systemClock();
  const shown = progress('rows');
  const rows = await withTarget(to, (target) =>
    withSource(from, (source) => moveRows(source, target, shown.show)),
  ).finally(() => shown.end());
  const seconds = (systemClock() - begun) / 1000;
  print(
    `${rows} rows were moved to ${placeOf(to)} in ${seconds} s; counts and checksums of all tables agree.`,
  );
  say(
    'Now set "database" to the new one, with the same master secret, and start the servers. The old one is as it was: put it out of reach.',
  );
}

const withSource = <Result>(address: string, work: (source: Side) => Promise<Result>): Promise<Result> => {
  const path = databaseFile(address);
  return path === undefined ? withPostgresSource(address, work) : withSqliteSource(path, work);
};

const withTarget = <Result>(
  address: string,
  work: (target: TargetSide) => Promise<Result>,
): Promise<Result> => {
  const path = databaseFile(address);
  if (path === undefined) return withPostgresTarget(address, work);
  return withSqliteTarget(
    { path, draft: `${path}.unfinished.${randomText(systemRandom, 8)}`, now: systemClock() },
    work,
  );
};

const placeOf = (address: string): string => databaseFile(address) ?? withoutPassword(address);

function addressOf(options: MoveOptions, which: 'from' | 'to'): string {
  const given = options[which];
  const address = given === undefined ? requireConfiguration(options).config.database : readAddress(given);
  if (address === 'sqlite::memory:') {
    throw new CommandError(
      'usage',
      'A database in memory is seen by its own server alone and cannot be moved.',
    );
  }
  return address;
}

/** An address among the arguments: a file is looked for from here, and a password would be seen by every process of the machine. */
function readAddress(text: string): string {
  if (text === 'sqlite::memory:') return text;
  const path = /^sqlite:(.+)$/s.exec(text)?.[1];
  if (path !== undefined) return `sqlite:${resolve(path)}`;
  if (!/^postgres(ql)?:/.test(text) || !URL.canParse(text)) {
    throw new CommandError(
      'usage',
      `${text} is no address of a database: write sqlite:FILE or postgres://user@host/name.`,
    );
  }
  const url = new URL(text);
  if (url.password === '' && !url.searchParams.has('password')) return text;
  throw new CommandError(
    'usage',
    'An argument is seen by every process of the machine: leave the password out of the address, and give it as PGPASSWORD or in ~/.pgpass.',
  );
}
