import { join } from 'node:path';
import { driveClosed, driveOpen } from '../load/drive.ts';
import { closeLanes, openLanes } from '../load/lanes.ts';
import { type Lane, type OperationName, type Step, stepOf } from '../load/operations.ts';
import { siteAt } from '../load/site.ts';
import type { Judged } from '../measure/judged.ts';
import { median, quantile, sorted } from '../measure/statistics.ts';
import { table } from '../measure/table.ts';
import type { Place } from '../targets/place.ts';
import { startSignet } from '../targets/signet.ts';

const OPERATIONS: readonly OperationName[] = ['client_credentials', 'refresh', 'authorize', 'code'];
const SHARE_OF_CAPACITY = 0.7;
const ROUNDS = 5;
const MOST_TIMES_P50 = 4;
/** Milliseconds. */
const MOST_LATE = 50;

/** p50 and p99 when operations arrive at 70 % of what the server can do, which is measured anew before each round. */
export async function latencyAtLoad(
  { folder, prefix }: Place,
  seconds: number,
  say: (text: string) => void,
): Promise<readonly Judged[]> {
  const server = await startSignet({ folder, prefix, database: `sqlite:${join(folder, 'latency.db')}` });
  const site = await siteAt(server.base, {});
  const lanes = await openLanes(site, 32);
  const rows = [];
  for (const name of OPERATIONS) {
    const step = stepOf(name, site);
    await driveClosed(lanes, step, 1000);
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      rounds.push(await roundAtLoad(lanes, step, seconds * 500));
    const middle = (of: keyof Round): number => median(rounds.map((one) => one[of]));
    rows.push({
      operation: name,
      'capacity/s': Math.round(middle('capacity')),
      'arrivals/s': Math.round(middle('arrivals')),
      p50: middle('p50'),
      p99: middle('p99'),
      'times p50': median(rounds.map(({ p50, p99 }) => p99 / p50)),
      'late by': middle('lateBy'),
    });
  }
  closeLanes(lanes);
  await server.stop();
  say(`\nLatency in milliseconds at 70 % of capacity, open loop\n\n${table(rows)}`);
  return rows.map((row) => ({
    what: `${row.operation} at 70 % of capacity: p99 / p50`,
    // A server that falls behind has a queue, and in a queue all wait for the same time: there the ratio says nothing.
    measured: row['late by'] > MOST_LATE ? Number.POSITIVE_INFINITY : row['times p50'],
    atMost: MOST_TIMES_P50,
    unit: '×',
  }));
}

/** `lateBy` is how long after the last arrival the last answer came. */
type Round = Readonly<Record<'capacity' | 'arrivals' | 'p50' | 'p99' | 'lateBy', number>>;

async function roundAtLoad(lanes: readonly Lane[], step: Step, milliseconds: number): Promise<Round> {
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
