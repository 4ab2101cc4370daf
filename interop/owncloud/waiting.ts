import { setTimeout as pause } from 'node:timers/promises';

/** What has to be done when the run is over, the last begun first. */
export type Ending = () => void | Promise<void>;

export async function endAll(endings: readonly Ending[]): Promise<void> {
  for (const end of endings.toReversed()) await end();
}

/** Looks again and again for something, and gives up after so many milliseconds. */
export async function until<Found>(
  find: () => Found | undefined,
  patience: number,
): Promise<Found | undefined> {
  const end = performance.now() + patience;
  for (;;) {
    const found = find();
    if (found !== undefined || performance.now() > end) return found;
    await pause(100);
  }
}
