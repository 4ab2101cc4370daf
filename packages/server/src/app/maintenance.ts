import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { removeIdleClients } from '../admin/idle-clients.ts';
import type { Provider } from '../keys/provider.ts';
import type { Clock } from '../model/clock.ts';
import type { Store } from '../store/store.ts';

/** Rows of a kind deleted in one batch: few enough that nobody waits for it. */
const BATCH = 32;
/** A rest between two batches is so many times as long as the batch before it. */
const RESTS = 9;

/** What is due from time to time. */
export async function maintain(opened: readonly Provider[], store: Store, clock: Clock): Promise<void> {
  for (const provider of opened) {
    const { keyring, tally, clientUses } = provider;
    await keyring.maintain();
    await tally.flush();
    await clientUses.flush();
    await removeIdleClients(provider, BATCH);
  }
  await clean(store, clock);
}

/** What was noted is worth an attempt, and no fault at the end. */
export const lastNotes = (opened: readonly Provider[]): Promise<unknown> =>
  Promise.allSettled(opened.flatMap(({ tally, clientUses }) => [tally.flush(), clientUses.flush()]));

/** Deletes what has expired, a little at a time, with rests between in which nothing has to wait for it. */
async function clean(store: Store, clock: Clock): Promise<void> {
  for (;;) {
    const began = performance.now();
    if ((await store.deleteExpired(clock(), BATCH)) < BATCH) return;
    await pause(RESTS * (performance.now() - began));
  }
}
