import { Option } from 'commander';
import { isRecord } from '../admin/fault.ts';
import { SIGNING_ALGORITHMS } from '../model/client.ts';
import { rowOf } from './api-listing.ts';
import type { Special } from './api-special.ts';
import { CommandError } from './command-error.ts';
import { printList } from './result.ts';

const LISTING = { id: 'kid', columns: ['kid', 'alg', 'state', 'published_at', 'active_from', 'retire_at'] };

/** `signet key rotate`: prints the keys that were made. */
export const KEY_ROTATION: Special = {
  flags: (command) =>
    command
      .addOption(new Option('--alg <algorithm>', 'only for this algorithm').choices(SIGNING_ALGORITHMS))
      .option('--now', 'let it sign at once: for a key that is no longer secret'),
  body: async ({ alg, now }) => ({
    body: { ...(alg !== undefined && { alg }), when: now === true ? 'now' : 'after-lead' },
  }),
  print: (options, { rotated, items }) => {
    const keys = Array.isArray(items) ? items.filter(isRecord) : [];
    // The newest of each algorithm, for the oldest come first.
    const made = (Array.isArray(rotated) ? rotated : [])
      .map((alg) => keys.findLast((key) => key['alg'] === alg))
      .filter((key) => key !== undefined);
    if (made.length === 0) {
      throw new CommandError(
        'conflict',
        'A new key is published already and waits for its time; nothing was changed. --now makes another one that signs at once.',
      );
    }
    printList(options, { ...LISTING, entries: made, id: ({ kid }) => String(kid), row: rowOf(LISTING) });
  },
};
