import pLimit from 'p-limit';
import type { Random } from '../model/secret.ts';
import { hashBeside } from './hashing-threads.ts';
import { SALT_BYTES } from './password-hash.ts';

/** Hashing with a bound on how much is done at once and how much waits: a storm of sign-ins must not stop everything else. */
export type Passwords = Readonly<{
  hash(password: string): Promise<string>;
  verify(password: string, hash: string): Promise<boolean>;
  /** How many are worked on, and how many wait. */
  load(): Readonly<{ working: number; waiting: number }>;
}>;

/** Too many passwords wait to be checked; the person may try again in a moment. */
export class HashingBusy extends Error {
  override name = 'HashingBusy';
}

/** How many may wait for each one that is worked on: about a second's work. */
const WAITING_PER_WORKER = 32;

export function passwordPool(workers: number, random: Random): Passwords {
  const limit = pLimit(workers);
  const bounded = <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (limit.pendingCount >= workers * WAITING_PER_WORKER)
      throw new HashingBusy('Too many passwords wait to be checked.');
    return limit(work);
  };
  return {
    hash: async (password) =>
      bounded(async () => String(await hashBeside({ kind: 'hash', password, salt: random(SALT_BYTES) }))),
    verify: async (password, hash) =>
      bounded(async () => (await hashBeside({ kind: 'verify', password, hash })) === true),
    load: () => ({ working: limit.activeCount, waiting: limit.pendingCount }),
  };
}
