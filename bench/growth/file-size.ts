import { join } from 'node:path';
import { stringify } from 'yaml';
import { openTestApp } from '../../packages/server/test/support/signet.ts';
import { signIn } from '../load/browser.ts';
import { siteAt } from '../load/site.ts';
import type { Judged } from '../measure/judged.ts';
import { table } from '../measure/table.ts';
import type { Place } from '../targets/place.ts';
import { signetConfiguration, startSignet } from '../targets/signet.ts';
import { expired, fillExpired } from './cleaning.ts';
import type { GrowthOptions } from './cost-by-rows.ts';
import { openDatabase } from './database.ts';

const CYCLES = 6;
const MOST_TIMES = 1.05;
const MEGABYTE = 1024 * 1024;

/** The size of the database over several times of filling it with grants that expire and cleaning it: it levels out when space is used again. */
export async function fileSize(
  { folder, prefix, postgres }: Place,
  { sizes }: GrowthOptions,
  say: (text: string) => void,
): Promise<readonly Judged[]> {
  const count = Math.min(50_000, sizes.at(-1) ?? 0);
  const database = postgres?.newDatabase('levels') ?? `sqlite:${join(folder, 'levels.db')}`;
  const server = await startSignet({ folder, prefix, database });
  await signIn(await siteAt(server.base, {}));
  await server.stop();
  const behind = await openDatabase(database);
  const app = await openTestApp(stringify(signetConfiguration(0, { database })));
  const rows: { cycle: number; 'MB after cleaning': number }[] = [];
  for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
    await fillExpired(behind, count);
    while ((await expired(behind)) > 0) await app.maintain();
    // What autovacuum does in its own time.
    if (behind.kind === 'postgres') await behind.run('VACUUM grants');
    rows.push({ cycle, 'MB after cleaning': (await behind.size()) / MEGABYTE });
  }
  await app.close();
  await behind.close();
  say(
    `\nDatabase over ${CYCLES} times ${count.toLocaleString('en')} grants made and cleaned\n\n${table(rows)}`,
  );
  const size = (cycle: number): number => rows[cycle - 1]?.['MB after cleaning'] ?? Number.NaN;
  return [
    {
      what: `size of the database after cycle ${CYCLES}, times that after cycle ${CYCLES / 2}`,
      measured: size(CYCLES) / size(CYCLES / 2),
      atMost: MOST_TIMES,
      unit: '×',
    },
  ];
}
