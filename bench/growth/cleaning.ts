import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { signIn } from '../load/browser.ts';
import { type Driven, driveClosed, driveOpen } from '../load/drive.ts';
import { closeLanes, openLanes } from '../load/lanes.ts';
import { type Lane, type Step, stepOf } from '../load/operations.ts';
import { siteAt } from '../load/site.ts';
import type { Judged } from '../measure/judged.ts';
import { quantile, sorted } from '../measure/statistics.ts';
import { table } from '../measure/table.ts';
import type { Place } from '../targets/place.ts';
import { startSignet } from '../targets/signet.ts';
import type { GrowthOptions } from './cost-by-rows.ts';
import { type Database, openDatabase } from './database.ts';
import { multiply } from './multiply.ts';

const SHARE_OF_CAPACITY = 0.3;
const QUIET_SECONDS = 20;
/** Cleaning is looked at for so long; what is left then is told. */
const CLEANING_SECONDS = 60;
const MOST_TIMES = 1.2;
/** The server begins to clean within this time of its start. */
const BEGINS_WITHIN_SECONDS = 120;
const EXPIRED_FOR = 2 * 86_400_000;

/** What cleaning as many expired grants as rows are stored elsewhere does to refreshes that go on beside it. */
export async function cleaning(
  { folder, prefix, postgres }: Place,
  { sizes }: GrowthOptions,
  say: (text: string) => void,
): Promise<readonly Judged[]> {
  const count = Math.min(1_000_000, sizes.at(-1) ?? 0);
  const database = postgres?.newDatabase('cleaning') ?? `sqlite:${join(folder, 'cleaning.db')}`;
  const first = await startSignet({ folder, prefix, database });
  await signIn(await siteAt(first.base, {}));
  await first.stop();
  const behind = await openDatabase(database);
  await fillExpired(behind, count);
  const server = await startSignet({ folder, prefix, database });
  const site = await siteAt(server.base, {});
  const lanes = await openLanes(site, 32);
  const { quiet, during, perSecond } = await besideCleaning(behind, count, {
    lanes,
    step: stepOf('refresh', site),
  });
  const left = await expired(behind);
  closeLanes(lanes);
  await server.stop();
  await behind.close();
  const rows = [percentiles('nothing else', quiet), percentiles('cleaning', during)] as const;
  say(
    `\nRefreshes at ${Math.round(perSecond)}/s beside the cleaning of ${count.toLocaleString('en')} expired grants; after ` +
      `${(during.milliseconds / 1000).toFixed(0)} s ${left.toLocaleString('en')} were left. Milliseconds.\n\n${table(rows)}`,
  );
  return [
    {
      what: 'p99 of refreshes beside the cleaning, times their p99 without',
      measured: rows[1].p99 / rows[0].p99,
      atMost: MOST_TIMES,
      unit: '×',
    },
  ];
}

type Load = Readonly<{ lanes: readonly Lane[]; step: Step }>;

async function besideCleaning(
  behind: Database,
  count: number,
  { lanes, step }: Load,
): Promise<Readonly<{ quiet: Driven; during: Driven; perSecond: number }>> {
  await driveClosed(lanes, step, 1000);
  const { latencies, milliseconds } = await driveClosed(lanes, step, 2000);
  const perSecond = ((latencies.length * 1000) / milliseconds) * SHARE_OF_CAPACITY;
  const quiet = await driveOpen(lanes, step, { perSecond, milliseconds: QUIET_SECONDS * 1000 });
  if ((await expired(behind)) < count)
    throw new Error('The cleaning began before the quiet time was measured.');
  closeLanes(lanes);
  await untilCleaning(behind, count);
  const watch = watchRemaining(behind);
  const during = await driveOpen(lanes, step, {
    perSecond,
    milliseconds: CLEANING_SECONDS * 1000,
    while: () => watch.remaining > 0,
  });
  await watch.stop();
  return { quiet, during, perSecond };
}

function percentiles(
  name: string,
  { latencies }: Driven,
): { during: string; p50: number; p99: number; longest: number } {
  const ascending = sorted(latencies);
  return {
    during: name,
    p50: quantile(ascending, 0.5),
    p99: quantile(ascending, 0.99),
    longest: quantile(ascending, 1),
  };
}

/** Grants that nobody may use any more, for long enough that no clock disagrees. */
export async function fillExpired(database: Database, count: number): Promise<void> {
  const since = Date.now() - EXPIRED_FOR;
  await multiply(database, 'grants', count, {
    expires_at: `${since} + n`,
    refresh_expires_at: `${since}`,
    kept_until: `${since} + n`,
  });
}

/** How many of them there are still. */
export const expired = (database: Database): Promise<number> =>
  database.number(`SELECT count(*) FROM grants WHERE expires_at < ${Date.now() - EXPIRED_FOR / 2}`);

async function untilCleaning(database: Database, count: number): Promise<void> {
  for (let waited = 0; waited < BEGINS_WITHIN_SECONDS; waited += 0.2) {
    if ((await expired(database)) < count) return;
    await pause(200);
  }
  throw new Error(`The server cleaned nothing within ${BEGINS_WITHIN_SECONDS} s.`);
}

/** Looks every second at how many are left. */
function watchRemaining(database: Database): { remaining: number; stop: () => Promise<void> } {
  const ending = new AbortController();
  const watched = { remaining: Number.POSITIVE_INFINITY, stop: async () => {} };
  const look = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      watched.remaining = await expired(database);
      await pause(1000, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  };
  const looking = look();
  watched.stop = async () => {
    ending.abort();
    await looking;
  };
  return watched;
}
