import { CommandError } from './command-error.ts';

/** The address of a database on a server without its password, for sentences and for PostgreSQL's own tools. */
export function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'postgres://…';
  const shown = new URL(url);
  shown.password = '';
  return shown.href;
}

/** Why a command about files does not work on PostgreSQL, and what does. */
export const backupWithPostgres = (url: string): CommandError =>
  new CommandError(
    'usage',
    `The database is on PostgreSQL, which has tools of its own for this, also while Signet runs:

  pg_dump --format=custom --file=signet.dump '${withoutPassword(url)}'

docs/databases.md tells of base backups and of restoring.`,
  );

export const restoreWithPostgres = (url: string): CommandError =>
  new CommandError(
    'usage',
    `The database is on PostgreSQL, which has tools of its own for this. Stop the servers, then:

  pg_restore --clean --if-exists --single-transaction --dbname='${withoutPassword(url)}' signet.dump
  signet restore --in-place

The second command voids the sessions and tokens of before: what was revoked after the backup would live again without it.`,
  );
