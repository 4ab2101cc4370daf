import type { Command } from 'commander';
import { act, withResult } from './action.ts';
import type { BackupOptions } from './backup.ts';
import type { MigrateOptions } from './migrate.ts';
import type { MoveOptions } from './move.ts';
import type { RestoreOptions } from './restore.ts';

/** Declares the commands about the database as a whole: `migrate`, `backup`, `restore`, `move`. */
export function declareDatabaseCommands(signet: Command): void {
  signet
    .command('migrate')
    .description("bring the database's tables up to date with this program")
    .option('--check', 'change nothing; tell what is waiting, and end with 6 if something is')
    .action(act<MigrateOptions>(async (options) => (await import('./migrate.ts')).migrate(options)));
  withResult(signet.command('backup <file>'))
    .description('copy an SQLite database to a new file, also while the server runs')
    .action(act<BackupOptions>(async (options, file) => (await import('./backup.ts')).backup(options, file)));
  signet
    .command('restore [file]')
    .description('put a backup in the place of an SQLite database; sessions and tokens from before are void')
    .option('--replace', 'a database that is there already is kept under another name')
    .option('--keep-sessions', 'let sessions and tokens live on, those revoked after the backup too')
    .option('--in-place', 'the database was restored by other means: do what remains to be done')
    .action(
      act<RestoreOptions>(async (options, file) => (await import('./restore.ts')).restore(options, file)),
    );
  signet
    .command('move')
    .description('copy everything from one database to an empty one of another kind')
    .option(
      '--from <address>',
      'sqlite:FILE or postgres://…, without a password (default: the configured one)',
    )
    .option('--to <address>', 'the same, for the one to be filled (default: the configured one)')
    .action(act<MoveOptions>(async (options) => (await import('./move.ts')).move(options)));
}
