import type { Clock } from '../model/clock.ts';
import type { Store } from '../store/store.ts';

/** Counts for statistics. They are kept in memory for a while: a process that is killed takes the last ones with it. */
export type Tally = Readonly<{
  note(name: TallyName): void;
  /** Adds to the store what was counted since. */
  flush(): Promise<void>;
}>;

export type TallyName = 'access_token' | 'id_token' | 'refresh_token' | 'refusals';

const HOUR = 3_600_000;

export function tallyOf(store: Store, tenant: number, clock: Clock): Tally {
  let counts = new Map<string, { name: string; hour: number; count: number }>();
  return {
    note(name) {
      const hour = Math.floor(clock() / HOUR) * HOUR;
      const key = `${name} ${hour}`;
      const known = counts.get(key);
      if (known === undefined) counts.set(key, { name, hour, count: 1 });
      else known.count += 1;
    },

    async flush() {
      if (counts.size === 0) return;
      const counted = [...counts.values()];
      counts = new Map();
      await store.addCounts(tenant, counted);
    },
  };
}
