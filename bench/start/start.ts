import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { USUAL_DIRECTORY } from '../compare/options.ts';
import { judgedReport } from '../measure/judged.ts';
import { proportionalBytes } from '../measure/process-usage.ts';
import { median } from '../measure/statistics.ts';
import { table } from '../measure/table.ts';
import { atPlace, type Place } from '../targets/place.ts';
import { startSignet } from '../targets/signet.ts';

const STARTS = 9;
const MEGABYTE = 1024 * 1024;
const IDLE_SECONDS = 30;
/** CPU milliseconds in the idle time that still count as none: a thousandth of a core. */
const NO_CPU = 30;

/** `npm run bench -- start`: from the start to the first answer on an existing database, and what the server uses while nobody asks. */
export async function start(args: readonly string[], say: (text: string) => void): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { dir: { type: 'string', default: USUAL_DIRECTORY } },
  });
  await atPlace({ directory: values.dir, wantsPostgres: true }, say, async (place) => {
    say(place.told);
    const sqlite = await startsOn('SQLite', `sqlite:${join(place.folder, 'start.db')}`, place);
    const rows = [sqlite];
    if (place.postgres) rows.push(await startsOn('PostgreSQL', place.postgres.newDatabase('start'), place));
    say(
      `\nMedian of ${STARTS} starts on an existing database; memory after 10 s, CPU in ${IDLE_SECONDS} s without a request\n`,
    );
    say(`${table(rows)}\n`);
    say(
      judgedReport([
        {
          what: 'first answer on an existing SQLite',
          measured: sqlite['first answer ms'],
          atMost: 250,
          unit: 'ms',
        },
        { what: 'idle memory (VmRSS)', measured: sqlite['RSS MB'], atMost: 90, unit: 'MB' },
        {
          what: `CPU in ${IDLE_SECONDS} idle seconds`,
          measured: sqlite['idle CPU ms'],
          atMost: NO_CPU,
          unit: 'ms',
        },
      ]),
    );
  });
}

async function startsOn(name: string, database: string, { folder, prefix }: Place) {
  const begin = () => startSignet({ folder, prefix, database });
  // The first start makes the database, and its end fills the compile cache.
  await (await begin()).stop();
  const starts: number[] = [];
  for (let index = 1; index < STARTS; index += 1) {
    const server = await begin();
    starts.push(server.startMilliseconds);
    await server.stop();
  }
  const server = await begin();
  starts.push(server.startMilliseconds);
  await pause(10_000);
  const resident = server.resident();
  const proportional = proportionalBytes(server.pid);
  const before = server.cpu();
  await pause(IDLE_SECONDS * 1000);
  const idleCpu = (server.cpu() - before) / 1000;
  await server.stop();
  return {
    database: name,
    'first answer ms': median(starts),
    'RSS MB': resident / MEGABYTE,
    'PSS MB': proportional === undefined ? undefined : proportional / MEGABYTE,
    'idle CPU ms': idleCpu,
  };
}
