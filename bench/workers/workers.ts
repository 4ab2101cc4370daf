import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { USUAL_DIRECTORY } from '../compare/options.ts';
import { closeLanes, openLanes } from '../load/lanes.ts';
import { measureRun, type Run, type Target } from '../load/measure-run.ts';
import type { OperationName } from '../load/operations.ts';
import { siteAt } from '../load/site.ts';
import { type Judged, judgedReport } from '../measure/judged.ts';
import { median } from '../measure/statistics.ts';
import { table } from '../measure/table.ts';
import { atPlace, type Place } from '../targets/place.ts';
import { startSignet } from '../targets/signet.ts';

const OPERATIONS: readonly OperationName[] = ['client_credentials', 'refresh', 'code'];
const WORKERS = [1, 2];
const ROUNDS = 5;
const LANES = 64;
/** Share of what the cores allow that two workers have to reach. */
const NEAR_LINEAR = 0.8;

type Figures = Readonly<{ perSecond: number; cpu: number; databaseCpu: number; generatorCpu: number }>;

/** `npm run bench -- workers`: one process against two on this machine, with generator and database on the same two cores. */
export async function workers(args: readonly string[], say: (text: string) => void): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      dir: { type: 'string', default: USUAL_DIRECTORY },
    },
  });
  const milliseconds = values.quick ? 500 : 2000;
  await atPlace({ directory: values.dir, wantsPostgres: true, isUnpinned: true }, say, async (place) => {
    say(`${place.told}; ${LANES} connections`);
    const judged: Judged[] = [];
    if (place.postgres) judged.push(...(await onDatabase('PostgreSQL', place, milliseconds, say)));
    judged.push(...(await onDatabase('SQLite', { ...place, postgres: undefined }, milliseconds, say)));
    say(`\n${judgedReport(judged)}`);
  });
}

async function onDatabase(
  name: string,
  place: Place,
  milliseconds: number,
  say: (text: string) => void,
): Promise<readonly Judged[]> {
  const targets: Target[] = [];
  for (const count of WORKERS) targets.push(await startWorkers(count, place));
  const rows = [];
  const judged: Judged[] = [];
  for (const operation of OPERATIONS) {
    const figures = await compared(operation, targets, milliseconds);
    for (const [at, one] of figures.entries()) {
      rows.push({
        operation,
        workers: WORKERS[at] ?? 0,
        'req/s': Math.round(one.perSecond),
        'CPU µs': one.cpu,
        'database CPU µs': place.postgres && one.databaseCpu,
        'generator CPU µs': one.generatorCpu,
      });
    }
    judged.push({
      what: `${operation} on ${name}: rate of two workers, of what two cores allow after generator and database`,
      measured: shareOfPossible(figures[0], figures[1]),
      atLeast: NEAR_LINEAR,
    });
  }
  for (const { lanes, server } of targets) {
    closeLanes(lanes);
    await server.stop();
  }
  say(`\n${name}\n\n${table(rows)}`);
  return judged;
}

async function startWorkers(count: number, { folder, postgres }: Place): Promise<Target> {
  const name = `workers_${count}`;
  const database = postgres?.newDatabase(name) ?? `sqlite:${join(folder, `${name}.db`)}`;
  const serveArgs = ['--workers', String(count)];
  const server = await startSignet({ folder, database, serveArgs });
  const site = await siteAt(server.base, {});
  const lanes = await openLanes(site, LANES);
  return { site, server, lanes, ...(postgres && { databaseCpu: postgres.cpu }) };
}

async function compared(
  operation: OperationName,
  targets: readonly Target[],
  milliseconds: number,
): Promise<readonly Figures[]> {
  const runs = targets.map((): Run[] => []);
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [at, target] of targets.entries()) {
      const run = await measureRun(operation, target, milliseconds);
      if (round > 0) runs[at]?.push(run);
    }
  }
  return runs.map((of) => ({
    perSecond: median(of.map((run) => run.perSecond)),
    cpu: median(of.map((run) => run.cpu)),
    databaseCpu: median(of.map((run) => run.databaseCpu ?? 0)),
    generatorCpu: median(of.map((run) => (run.generator * 1e6) / run.perSecond)),
  }));
}

/**
 * One worker can use one core. Two could do twice as much, or as much as two cores allow when the generator and the database have had what
 * an operation costs them; of that, how much they do. 1 is linear.
 */
export function shareOfPossible(one: Figures | undefined, two: Figures | undefined): number {
  if (one === undefined || two === undefined) return Number.NaN;
  const everybody = one.cpu + one.databaseCpu + one.generatorCpu;
  return two.perSecond / Math.min(2 * one.perSecond, 2e6 / everybody);
}
