import { join } from 'node:path';
import { driveClosed } from '../load/drive.ts';
import { closeLanes, openLanes } from '../load/lanes.ts';
import { stepOf } from '../load/operations.ts';
import { siteAt } from '../load/site.ts';
import type { Judged } from '../measure/judged.ts';
import { median } from '../measure/statistics.ts';
import { table } from '../measure/table.ts';
import type { Place } from '../targets/place.ts';
import { startSignet } from '../targets/signet.ts';
import type { GrowthOptions } from './cost-by-rows.ts';

const MEGABYTE = 1024 * 1024;
/** A refresh gives an access token, an ID token and the next refresh token. */
const TOKENS_PER_REFRESH = 3;
const LOOKS = 12;
const MOST_TIMES = 1.1;

/** Memory and database while as many tokens are issued as rows are stored elsewhere, by refreshing; flat when nothing is kept of them. */
export async function memory(
  { folder, prefix, postgres }: Place,
  { sizes }: GrowthOptions,
  say: (text: string) => void,
): Promise<readonly Judged[]> {
  const tokens = Math.min(1_000_000, sizes.at(-1) ?? 0);
  const database = postgres?.newDatabase('memory') ?? `sqlite:${join(folder, 'memory.db')}`;
  const server = await startSignet({ folder, prefix, database });
  const site = await siteAt(server.base, {});
  const lanes = await openLanes(site, 32);
  const step = stepOf('refresh', site);
  const rows: { tokens: number; 'RSS MB': number }[] = [];
  let refreshed = 0;
  for (let look = 1; look <= LOOKS; look += 1) {
    const wanted = (tokens / TOKENS_PER_REFRESH / LOOKS) * look;
    closeLanes(lanes);
    while (refreshed < wanted) refreshed += (await driveClosed(lanes, step, 500)).latencies.length;
    rows.push({ tokens: refreshed * TOKENS_PER_REFRESH, 'RSS MB': server.resident() / MEGABYTE });
  }
  closeLanes(lanes);
  await server.stop();
  say(`\nMemory over ${tokens.toLocaleString('en')} tokens issued\n\n${table(rows)}`);
  const third = LOOKS / 3;
  const middle = (from: number): number => median(rows.slice(from, from + third).map((row) => row['RSS MB']));
  return [
    {
      what: `memory in the last third of ${tokens.toLocaleString('en')} tokens, times that in the second`,
      measured: middle(2 * third) / middle(third),
      atMost: MOST_TIMES,
      unit: '×',
    },
  ];
}
