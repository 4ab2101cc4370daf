import { join } from 'node:path';
import { closeLanes, openLanes } from '../load/lanes.ts';
import { measureStep, type Run, type Target } from '../load/measure-run.ts';
import { type Lane, mint, type OperationName, type Step, stepOf } from '../load/operations.ts';
import { siteAt } from '../load/site.ts';
import type { Judged } from '../measure/judged.ts';
import { median } from '../measure/statistics.ts';
import { shown, table } from '../measure/table.ts';
import type { Place } from '../targets/place.ts';
import { startSignet } from '../targets/signet.ts';
import { TABLES } from './multiply.ts';
import { type Access, picker } from './picking.ts';
import { type StoredRows, storeRows } from './stored-rows.ts';

const OPERATIONS = ['client_credentials', 'refresh', 'authorize', 'code', 'userinfo-once'] as const;
const ACCESS = ['recent', 'random'] as const;
const MOST_TIMES: Readonly<Record<Access, number>> = { recent: 1.3, random: 2.5 };
const LANES = 32;
const FRESH_PER_LANE = 60;

export type GrowthOptions = Readonly<{ sizes: readonly number[]; rounds: number; milliseconds: number }>;

/** A filled database with a server on it. The pickers go on from run to run, so that rows picked at random are not those of the run before. */
type Filled = Readonly<{
  rows: StoredRows;
  target: Target;
  pick: Readonly<Record<Access, (lane: number) => number>>;
}>;

/** Cost of the operations by how many users, clients, sessions and refresh tokens are stored; the smallest size is the measure. */
export async function costByRows(
  place: Place,
  { sizes, rounds, milliseconds }: GrowthOptions,
  say: (text: string) => void,
): Promise<readonly Judged[]> {
  const filled: Filled[] = [];
  for (const size of sizes) filled.push(await fill(place, size, say));
  const rows: Readonly<Record<string, string | number>>[] = [];
  const judged: Judged[] = [];
  for (const operation of OPERATIONS) {
    for (const access of ACCESS) {
      const cpu = await cpuBySize(filled, { operation, access, rounds, milliseconds });
      rows.push({
        operation,
        access,
        ...Object.fromEntries(sizes.map((size, at) => [named(size), cpu[at] ?? 0])),
      });
      for (const [at, size] of sizes.entries()) {
        if (size < 1_000_000) continue;
        const what = `${operation}, ${access} rows: cost at ${named(size)} times that at ${named(sizes[0] ?? 0)}`;
        judged.push({
          what,
          measured: (cpu[at] ?? 0) / (cpu[0] ?? 0),
          atMost: MOST_TIMES[access],
          unit: '×',
        });
      }
    }
  }
  for (const { target } of filled) {
    closeLanes(target.lanes);
    await target.server.stop();
  }
  say(`\nCPU microseconds per operation, by rows of each kind stored\n\n${table(rows)}`);
  return judged;
}

const named = (size: number): string => size.toLocaleString('en');

async function fill(place: Place, size: number, say: (text: string) => void): Promise<Filled> {
  const started = performance.now();
  const name = `rows_${size}`;
  const database = place.postgres?.newDatabase(name) ?? `sqlite:${join(place.folder, `${name}.db`)}`;
  const rows = await storeRows(place, database, size);
  const bytes = TABLES.map((one) => `${one} ${shown(Math.round(rows.bytesPerRow[one]))}`).join(', ');
  say(
    `${named(size)} rows: filled in ${((performance.now() - started) / 1000).toFixed(0)} s; bytes per row with indexes: ${bytes}`,
  );
  const server = await startSignet({ folder: place.folder, prefix: place.prefix, database });
  const site = await siteAt(server.base, {});
  const databaseCpu = place.postgres && { databaseCpu: place.postgres.cpu };
  return {
    rows,
    target: { site, server, lanes: await openLanes(site, LANES), ...databaseCpu },
    pick: { recent: picker(size, 'recent', LANES), random: picker(size, 'random', LANES) },
  };
}

type Measuring = Readonly<{
  operation: (typeof OPERATIONS)[number];
  access: Access;
  rounds: number;
  milliseconds: number;
}>;

async function cpuBySize(filled: readonly Filled[], measuring: Measuring): Promise<readonly number[]> {
  const runs = new Map<Filled, Run[]>(filled.map((one) => [one, []]));
  // The first round fills the caches.
  for (let round = 0; round <= measuring.rounds; round += 1) {
    for (const one of filled) {
      const step = await stepOnRows(one, measuring.operation, measuring.access);
      const run = await measureStep(step, one.target, measuring.milliseconds);
      if (round > 0) runs.get(one)?.push(run);
    }
  }
  return filled.map((one) =>
    median((runs.get(one) ?? []).map(({ cpu, databaseCpu = 0 }) => cpu + databaseCpu)),
  );
}

/** The operation, each time as another row. */
async function stepOnRows(
  { rows, target: { site, lanes }, pick: picks }: Filled,
  operation: OperationName,
  access: Access,
): Promise<Step> {
  const pick = picks[access];
  const laneNumbers = new Map(lanes.map((lane, at) => [lane, at]));
  if (operation === 'userinfo-once')
    return stepOf(operation, site, await freshTokens(rows, { site, lanes, pick }));
  const step = stepOf(operation, site);
  return async (lane) => {
    const row = pick(laneNumbers.get(lane) ?? 0);
    const asRow = rows.lane(row, lane.connection);
    const done = await step(asRow);
    rows.keep(row, asRow);
    return done;
  };
}

type Picking = Readonly<Pick<Target, 'site' | 'lanes'> & { pick: (lane: number) => number }>;

/** Access tokens of rows that are picked, none of which has been shown to the server. */
async function freshTokens(rows: StoredRows, { site, lanes, pick }: Picking): Promise<string[]> {
  closeLanes(lanes);
  const ofLane = async ({ connection }: Lane, at: number): Promise<readonly string[]> => {
    const tokens: string[] = [];
    while (tokens.length < FRESH_PER_LANE) {
      const row = pick(at);
      const asRow = rows.lane(row, connection);
      tokens.push(await mint('userinfo-once', asRow, site));
      rows.keep(row, asRow);
    }
    return tokens;
  };
  return (await Promise.all(lanes.map(ofLane))).flat();
}
