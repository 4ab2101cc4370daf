import { setTimeout as pause } from 'node:timers/promises';

/** Work that nobody waits for. */
export type Later = Readonly<{
  /** Does the work after what is being answered; a fault is told to `onFault`. */
  later: (work: () => Promise<void>) => void;
  /** Fulfilled when all that was begun is done, or after so many milliseconds. */
  done: (patience: number) => Promise<void>;
}>;

export function workLater(onFault: (fault: unknown) => void): Later {
  const underway = new Set<Promise<void>>();
  const later = (work: () => Promise<void>): void => {
    const doing = new Promise<void>((next) => setImmediate(next)).then(work).catch(onFault);
    underway.add(doing);
    void doing.finally(() => underway.delete(doing));
  };
  const allDone = async (): Promise<void> => {
    while (underway.size > 0) await Promise.all(underway);
  };
  const done = async (patience: number): Promise<void> => {
    const waiting = new AbortController();
    await Promise.race([allDone(), pause(patience, undefined, { signal: waiting.signal })]);
    waiting.abort();
  };
  return { later, done };
}
