import { join } from 'node:path';
import { signIn } from '../load/browser.ts';
import { type Driven, driveClosed, driveOpen } from '../load/drive.ts';
import { closeLanes, openLanes } from '../load/lanes.ts';
import { type Lane, stepOf } from '../load/operations.ts';
import { PERSON, type Site, siteAt } from '../load/site.ts';
import type { Judged } from '../measure/judged.ts';
import { median, quantile, sorted } from '../measure/statistics.ts';
import { shown, table } from '../measure/table.ts';
import type { Place } from '../targets/place.ts';
import { startSignet } from '../targets/signet.ts';

const PEOPLE = 200;
/** Browsers that sign in at once; the next person comes when one is done. */
const AT_ONCE = 32;
const SHARE_OF_CAPACITY = 0.3;
const ROUNDS = 3;
const MOST_TIMES = 2;

/**
 * What 200 people who sign in with their passwords do to the latency of the token endpoint, which is at 30 % of its capacity. The
 * generator naps, because hashing needs the other core.
 */
export async function passwordStorm(
  { folder, everyCore }: Place,
  _seconds: number,
  say: (text: string) => void,
): Promise<readonly Judged[]> {
  const server = await startSignet({
    folder,
    // Passwords are hashed beside the event loop, for which there has to be a core.
    prefix: everyCore,
    database: `sqlite:${join(folder, 'storm.db')}`,
    // Each comes from an address of its own, or the server would take them for one that guesses.
    settings: { users: [PERSON, ...people()], trusted_proxies: ['127.0.0.1/32'] },
  });
  const site = await siteAt(server.base, {});
  const lanes = await openLanes(site, 32);
  const step = stepOf('client_credentials', site);
  await driveClosed(lanes, step, 500);
  const { latencies, milliseconds } = await driveClosed(lanes, step, 1500);
  const perSecond = ((latencies.length * 1000) / milliseconds) * SHARE_OF_CAPACITY;
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    rounds.push(await stormRound(site, lanes, { perSecond, round }));
  closeLanes(lanes);
  await server.stop();
  const middle = (of: keyof Round): number => median(rounds.map((one) => one[of]));
  const load = `client_credentials at ${Math.round(perSecond)}/s`;
  const quiet = { during: 'no sign-ins', p50: middle('quietP50'), p99: middle('quietP99') };
  const storm = { during: `${PEOPLE} sign-ins`, p50: middle('p50'), p99: middle('p99') };
  say(
    `\nThe token endpoint (${load}), in milliseconds, the server on every core; sign-ins at ${shown(middle('signInsPerSecond'))}/s\n`,
  );
  say(table([quiet, storm]));
  return [
    {
      what: `${PEOPLE} password sign-ins: p99 of the token endpoint, times its p99 without`,
      measured: storm.p99 / quiet.p99,
      atMost: MOST_TIMES,
      unit: '×',
    },
  ];
}

const people = () =>
  Array.from({ length: PEOPLE }, (_, index) => ({
    username: `person-${index}`,
    password: PERSON.password,
  }));

type Round = Readonly<Record<'quietP50' | 'quietP99' | 'p50' | 'p99' | 'signInsPerSecond', number>>;

async function stormRound(
  site: Site,
  lanes: readonly Lane[],
  { perSecond, round }: Readonly<{ perSecond: number; round: number }>,
): Promise<Round> {
  const step = stepOf('client_credentials', site);
  const percentiles = ({ latencies }: Driven): { p50: number; p99: number } => {
    const ascending = sorted(latencies);
    return { p50: quantile(ascending, 0.5), p99: quantile(ascending, 0.99) };
  };
  const quiet = percentiles(await driveOpen(lanes, step, { perSecond, milliseconds: 3000, naps: true }));
  const storming = { yet: true };
  const began = performance.now();
  const storm = storms(site, round).finally(() => {
    storming.yet = false;
  });
  const during = await driveOpen(lanes, step, {
    perSecond,
    milliseconds: 60_000,
    while: () => storming.yet,
    naps: true,
  });
  await storm;
  const seconds = (performance.now() - began) / 1000;
  return {
    quietP50: quiet.p50,
    quietP99: quiet.p99,
    ...percentiles(during),
    signInsPerSecond: PEOPLE / seconds,
  };
}

async function storms(site: Site, round: number): Promise<void> {
  let next = 0;
  const browser = async (): Promise<void> => {
    while (next < PEOPLE) {
      const person = next;
      next += 1;
      await signIn(site, {
        username: `person-${person}`,
        address: `10.${round}.${person >> 4}.${person & 15}`,
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, browser));
}
