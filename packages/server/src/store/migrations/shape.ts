import { DatabaseRefused } from '../database.ts';
import { type Migration, TELLS_OLDEST_SINCE } from './migrations.ts';

/** How many migrations the tables have seen, and how many a program must know to work with them. */
export type Shape = Readonly<{ version: number; oldest: number }>;

/** Throws `DatabaseRefused` when a program that knows so many migrations cannot work with the tables. */
export function requireKnownShape({ version, oldest }: Shape, known: number, database: string): void {
  if (version <= known || oldest <= known) return;
  throw new DatabaseRefused(
    `${database} was written by a newer Signet (tables version ${version}, this program knows ${known}). ` +
      'Start that newer version, or restore an older backup. It was left as it is.',
  );
}

/** The migrations that the tables have yet to see, with their numbers. */
export const waitingAfter = (
  version: number,
  migrations: readonly Migration[],
): readonly Readonly<{ number: number; migration: Migration }>[] =>
  migrations.map((migration, index) => ({ number: index + 1, migration })).slice(version);

/** What the database is to demand of programs after these migrations; undefined where it cannot tell yet. */
export function demandOf(migrations: readonly Migration[]): number | undefined {
  if (migrations.length < TELLS_OLDEST_SINCE) return undefined;
  return Math.max(...migrations.map(({ oldest }, index) => oldest ?? index + 1));
}
