import { parseArgs } from 'node:util';
import { USUAL_DIRECTORY } from '../compare/options.ts';
import { type Judged, judgedReport } from '../measure/judged.ts';
import { atPlace, type Place } from '../targets/place.ts';
import { cleaning } from './cleaning.ts';
import { costByRows, type GrowthOptions } from './cost-by-rows.ts';
import { fileSize } from './file-size.ts';
import { memory } from './memory.ts';

type Say = (text: string) => void;

/** What grows, by the name that `--only` takes. */
const PARTS: Readonly<
  Record<string, (place: Place, options: GrowthOptions, say: Say) => Promise<readonly Judged[]>>
> = { cost: costByRows, memory, cleaning, file: fileSize };

/** Rows of each kind at which costs are compared, below those asked for. */
const MILESTONES = [1_000, 100_000, 1_000_000, 10_000_000];

/** `npm run bench -- growth [--rows 1000000] [--only cost,memory] [--postgres]`: what becomes of costs, memory and disk as more is stored. */
export async function growth(args: readonly string[], say: Say): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string', default: '1000000' },
      only: { type: 'string', default: Object.keys(PARTS).join(',') },
      postgres: { type: 'boolean', default: false },
      dir: { type: 'string', default: USUAL_DIRECTORY },
    },
  });
  const most = Number(values.rows);
  if (!Number.isInteger(most) || most < 2000)
    throw new Error(`--rows ${values.rows} must be a whole number from 2000.`);
  const sizes = [...MILESTONES.filter((size) => size < most), most];
  const options = { sizes, rounds: 5, milliseconds: 500 };
  const parts = values.only.split(',').map((name) => {
    const part = PARTS[name];
    if (part === undefined) throw new Error(`--only ${name} is none of ${Object.keys(PARTS).join(', ')}.`);
    return part;
  });
  await atPlace({ directory: values.dir, wantsPostgres: values.postgres }, say, async (place) => {
    const database = place.postgres ? 'PostgreSQL; its CPU is counted in' : 'SQLite with synchronous=FULL';
    say(`${place.told}; ${database}`);
    const judged: Judged[] = [];
    for (const part of parts) judged.push(...(await part(place, options, say)));
    say(`\n${judgedReport(judged)}`);
  });
}
