import type { Client } from '../model/client.ts';
import type { Clock } from '../model/clock.ts';
import type { Store } from '../store/store.ts';

/** Remembers for a while which clients that registered themselves were used. A process that is killed takes the last ones with it. */
export type ClientUses = Readonly<{
  note(client: Client): void;
  /** Notes in the store those that were not noted today. */
  flush(): Promise<void>;
}>;

const DAY = 86_400_000;
/** More clients than that are noted again. */
const MOST = 10_000;

export function clientUsesOf(store: Store, tenant: number, clock: Clock): ClientUses {
  let today = 0;
  const noted = new Set<number>();
  let waiting: number[] = [];
  return {
    note({ row, source }) {
      if (source !== 'registration') return;
      const day = Math.floor(clock() / DAY);
      if (day !== today || noted.size >= MOST) noted.clear();
      today = day;
      if (noted.has(row)) return;
      noted.add(row);
      waiting.push(row);
    },

    async flush() {
      const rows = waiting;
      waiting = [];
      try {
        await store.noteClientUses(tenant, rows, clock());
      } catch (fault) {
        // The next use is noted again.
        noted.clear();
        throw fault;
      }
    },
  };
}
