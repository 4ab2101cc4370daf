import * as z from 'zod';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const DURATION = /^([0-9]{1,9})([smhd]?)$/;

/** Ten years: longer is a mistake in the unit. */
const MAX_SECONDS = 3650 * SECONDS.d;

const FORM = 'must be a length of time: seconds, or a number with s, m, h or d, such as 15m';

/** Seconds of `90`, `"90"`, `"90s"`, `"15m"`, `"12h"` or `"30d"`; undefined for anything else and for more than ten years. */
export function parseDuration(given: number | string): number | undefined {
  const match = DURATION.exec(String(given));
  if (match === null) return undefined;
  const [, count, unit] = match;
  const seconds = Number(count) * (unit === 'm' || unit === 'h' || unit === 'd' ? SECONDS[unit] : 1);
  return seconds <= MAX_SECONDS ? seconds : undefined;
}

/** The shortest text for that many seconds, which `parseDuration` reads back: `15m`, `90s`. */
export function formatDuration(seconds: number): string {
  const units = ['d', 'h', 'm'] as const;
  const unit = units.find((name) => seconds >= SECONDS[name] && seconds % SECONDS[name] === 0) ?? 's';
  return `${seconds / SECONDS[unit]}${unit}`;
}

/** A length of time in a file or a request; gives seconds, at least `minimum`. */
export const durationSchema = (minimum: 0 | 1) =>
  z
    .union([z.int().min(0, FORM), z.string().regex(DURATION, FORM)], { error: FORM })
    .transform((given, check) => {
      const seconds = parseDuration(given);
      if (seconds !== undefined && seconds >= minimum) return seconds;
      check.addIssue({
        code: 'custom',
        message: seconds === undefined ? 'is longer than ten years' : 'must be longer than nothing',
      });
      return z.NEVER;
    });
