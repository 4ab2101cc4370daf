import { CommandError } from './command-error.ts';

/** How many workers an option asks for. */
export function workerCount(text: string, database: string): number {
  const count = /^[0-9]{1,3}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > 256) throw new CommandError('usage', '--workers must be a number from 1 to 256.');
  if (count > 1 && database === 'sqlite::memory:') {
    throw new CommandError(
      'usage',
      'A database in memory belongs to one process, so it cannot have several workers. Use a file or PostgreSQL.',
    );
  }
  return count;
}
