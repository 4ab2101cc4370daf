import { setTimeout as pause, setImmediate } from 'node:timers/promises';
import type { Lane, Step } from './operations.ts';

/** Milliseconds each operation took, in order of their ends, and how long all took. */
export type Driven = Readonly<{ latencies: readonly number[]; milliseconds: number }>;

/** Closed loop: each lane begins its next operation when its last is answered, until the time is over or there is nothing left to do. The first wrong answer ends all. */
export async function driveClosed(lanes: readonly Lane[], step: Step, milliseconds: number): Promise<Driven> {
  const latencies: number[] = [];
  const started = performance.now();
  const end = started + milliseconds;
  const failed = { yet: false };
  const run = async (lane: Lane): Promise<void> => {
    for (let begun = performance.now(); begun < end && !failed.yet; ) {
      if (!(await step(lane))) return;
      const now = performance.now();
      latencies.push(now - begun);
      begun = now;
    }
  };
  const runs = lanes.map((lane) =>
    run(lane).catch((fault: unknown) => {
      failed.yet = true;
      throw fault;
    }),
  );
  await Promise.all(runs);
  return { latencies, milliseconds: performance.now() - started };
}

/** The operation once on each lane. */
export async function driveOnce(lanes: readonly Lane[], step: Step): Promise<void> {
  await Promise.all(lanes.map(step));
}

/**
 * How often operations begin, for how long at most, and what may end it before. The generator keeps its core busy to be on time; one that
 * naps leaves the core to the server, begins up to a millisecond late, and counts from then.
 */
export type OpenLoop = Readonly<{
  perSecond: number;
  milliseconds: number;
  while?: () => boolean;
  naps?: boolean;
}>;

/** Milliseconds for which an open loop goes on after its time with what a server too slow for it has left. */
const MOST_BACKLOG = 3000;

/** Open loop: operations begin at a fixed rate whatever the server does, and a latency counts from when it should have begun. */
export async function driveOpen(
  lanes: readonly Lane[],
  step: Step,
  { perSecond, milliseconds, while: goesOn = () => true, naps = false }: OpenLoop,
): Promise<Driven> {
  const latencies: number[] = [];
  const idle = [...lanes];
  const due: number[] = [];
  const active = new Set<Promise<void>>();
  const started = performance.now();
  const failed: { fault?: Error } = {};
  const work = async (lane: Lane, since: number): Promise<void> => {
    try {
      await step(lane);
      latencies.push(performance.now() - since);
      idle.push(lane);
      begin();
    } catch (fault) {
      failed.fault ??= fault instanceof Error ? fault : new Error(String(fault));
    }
  };
  const begin = (): void => {
    while (idle.length > 0 && due.length > 0) {
      const lane = idle.pop();
      const since = due.shift();
      if (lane === undefined || since === undefined) return;
      const one = work(lane, since).finally(() => active.delete(one));
      active.add(one);
    }
  };
  const total = Math.round((perSecond * milliseconds) / 1000);
  for (let planned = 0; planned < total && failed.fault === undefined && goesOn(); ) {
    const now = performance.now();
    for (; planned < total && started + (planned * 1000) / perSecond <= now; planned += 1) {
      due.push(naps ? now : started + (planned * 1000) / perSecond);
    }
    begin();
    await (naps ? pause(1) : setImmediate());
  }
  const patience = setTimeout(() => {
    // Who has waited so long is not served any more, and counts with the wait so far.
    for (const since of due.splice(0)) latencies.push(performance.now() - since);
  }, MOST_BACKLOG);
  while (active.size > 0 && failed.fault === undefined) await Promise.race(active);
  clearTimeout(patience);
  if (failed.fault !== undefined) throw failed.fault;
  return { latencies, milliseconds: performance.now() - started };
}
