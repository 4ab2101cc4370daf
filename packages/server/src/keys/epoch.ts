import type { Store } from '../store/store.ts';

/**
 * The time before which nothing issued counts (rulings 14): it is raised when a database is restored. Read
 * once and again after each commit of another process, so that every node knows of a new one as soon as of any other change.
 */
export function epochOf(store: Store): () => Promise<number> {
  let known: Readonly<{ epoch: number; stamp: number }> | undefined;
  return async () => {
    const stamp = store.foreignChanges();
    if (known?.stamp !== stamp) known = { epoch: await store.readEpoch(), stamp };
    return known.epoch;
  };
}
