import { join } from 'node:path';
import { driveClosed, driveOpen } from '../load/drive.ts';
import { closeLanes, openLanes } from '../load/lanes.ts';
import { measureStep, type Target } from '../load/measure-run.ts';
import { type OperationName, stepOf } from '../load/operations.ts';
import { siteAt } from '../load/site.ts';
import type { Judged } from '../measure/judged.ts';
import { median, quantile, sorted } from '../measure/statistics.ts';
import { table } from '../measure/table.ts';
import { startBare } from '../targets/contenders.ts';
import type { Place } from '../targets/place.ts';
import type { ServerProcess } from '../targets/server-process.ts';
import { startSignet } from '../targets/signet.ts';

/** Operations with the requests that each is made of. */
const OPERATIONS: readonly (readonly [OperationName, number])[] = [
  ['client_credentials', 1],
  ['refresh', 1],
  ['authorize', 1],
  ['code', 2],
];
const SHARE_OF_CAPACITY = 0.7;
const ROUNDS = 5;
const MOST_TIMES_P50 = 4;
/** Milliseconds. */
const MOST_LATE = 50;

/**
 * p50 and p99 when operations arrive at 70 % of what the server can do, which is measured anew before each round. Beside each operation a
 * server that only keeps the processor busy for as long, and touches no disk: what of a tail is the machine's.
 */
export async function latencyAtLoad(
  { folder, prefix }: Place,
  seconds: number,
  say: (text: string) => void,
): Promise<readonly Judged[]> {
  const signet = await targetOf(
    await startSignet({ folder, prefix, database: `sqlite:${join(folder, 'latency.db')}` }),
  );
  const rows = [];
  for (const [operation, requests] of OPERATIONS) {
    const milliseconds = seconds * 500;
    const own = await rounds(operation, signet, milliseconds);
    const work = (await cpuOf(operation, signet)) - (await onBare(0, prefix, (it) => cpuOf(operation, it)));
    const bare = await onBare(Math.max(0, work) / requests, prefix, (it) =>
      rounds(operation, it, milliseconds),
    );
    rows.push({ operation, who: 'Signet SQLite', ...own }, { operation, who: 'as busy', ...bare });
  }
  await stop(signet);
  say(`\nLatency in milliseconds at 70 % of capacity, open loop\n\n${table(rows)}`);
  return rows
    .filter(({ who }) => who === 'Signet SQLite')
    .map((row) => ({
      what: `${row.operation} at 70 % of capacity: p99 / p50`,
      // A server that falls behind has a queue, and in a queue all wait for the same time: there the ratio says nothing.
      measured: row['late by'] > MOST_LATE ? Number.POSITIVE_INFINITY : row['times p50'],
      atMost: MOST_TIMES_P50,
      unit: '×',
    }));
}

async function targetOf(server: ServerProcess): Promise<Target> {
  const site = await siteAt(server.base, {});
  return { server, site, lanes: await openLanes(site, 32) };
}

async function stop({ lanes, server }: Target): Promise<void> {
  closeLanes(lanes);
  await server.stop();
}

async function onBare<Result>(
  work: number,
  prefix: readonly string[],
  use: (target: Target) => Promise<Result>,
): Promise<Result> {
  const target = await targetOf(await startBare(prefix, work));
  const result = await use(target);
  await stop(target);
  return result;
}

/** CPU microseconds of an operation in a closed loop. */
async function cpuOf(operation: OperationName, target: Target): Promise<number> {
  await driveClosed(target.lanes, stepOf(operation, target.site), 1000);
  return (await measureStep(stepOf(operation, target.site), target, 1000)).cpu;
}

/** `lateBy` is how long after the last arrival the last answer came. */
type Round = Readonly<Record<'capacity' | 'arrivals' | 'p50' | 'p99' | 'lateBy', number>>;

async function rounds(operation: OperationName, target: Target, milliseconds: number) {
  await driveClosed(target.lanes, stepOf(operation, target.site), 1000);
  const taken: Round[] = [];
  while (taken.length < ROUNDS) taken.push(await roundAtLoad(operation, target, milliseconds));
  const middle = (of: keyof Round): number => median(taken.map((one) => one[of]));
  return {
    'capacity/s': Math.round(middle('capacity')),
    'arrivals/s': Math.round(middle('arrivals')),
    p50: middle('p50'),
    p99: middle('p99'),
    'times p50': median(taken.map(({ p50, p99 }) => p99 / p50)),
    'late by': middle('lateBy'),
  };
}

async function roundAtLoad(
  operation: OperationName,
  { site, lanes }: Target,
  milliseconds: number,
): Promise<Round> {
  const step = stepOf(operation, site);
  const closed = await driveClosed(lanes, step, milliseconds / 2);
  const capacity = (closed.latencies.length * 1000) / closed.milliseconds;
  const arrivals = capacity * SHARE_OF_CAPACITY;
  const open = await driveOpen(lanes, step, { perSecond: arrivals, milliseconds });
  const ascending = sorted(open.latencies);
  return {
    capacity,
    arrivals,
    p50: quantile(ascending, 0.5),
    p99: quantile(ascending, 0.99),
    lateBy: open.milliseconds - milliseconds,
  };
}
