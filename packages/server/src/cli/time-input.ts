import { parseDuration } from '../admin/duration.ts';
import { CommandError } from './command-error.ts';

/** Milliseconds of a time, or of a length of time before now. */
export function requireTime(flag: string, text: string, now: number): number {
  const seconds = parseDuration(text);
  const time = seconds === undefined ? Date.parse(text) : now - 1000 * seconds;
  if (!Number.isNaN(time)) return time;
  throw new CommandError(
    'usage',
    `${flag} ${text} is no time: write a length such as 12h or 30d, or a time such as 2026-01-31T12:00:00Z.`,
  );
}

const MOST = 100_000;

/** How many entries of a list are wanted. */
export function requireLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST) return limit;
  throw new CommandError('usage', `--limit must be a number from 1 to ${MOST}.`);
}
