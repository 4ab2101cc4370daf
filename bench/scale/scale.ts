import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CASES } from '../compare/cases.ts';
import { measureCases, startContenders, stopContenders } from '../compare/measure.ts';
import { type CompareOptions, USUAL_DIRECTORY } from '../compare/options.ts';
import { type Figures, figureOf, figuresOf } from '../compare/result.ts';
import { storeRows } from '../growth/stored-rows.ts';
import { signIn } from '../load/browser.ts';
import { siteAt } from '../load/site.ts';
import { atPlace, type Place } from '../targets/place.ts';
import { startSignet } from '../targets/signet.ts';
import { capacityReport, type Measurements } from './capacity.ts';

const DOCUMENT = join(import.meta.dirname, '..', '..', 'docs', 'scale.md');
const FIGURES = /(<!-- figures -->\n)[\s\S]*(<!-- end of figures -->)/;
const LABELS = ['client_credentials', 'refresh', 'authorize', 'code', 'introspect-once', 'userinfo-once'];
const SIGN_INS = 64;
const ROWS = 100_000;

/** `npm run bench -- scale [--write]`: what one core of a node and a database carry, as the tables of docs/scale.md. */
export async function scale(args: readonly string[], say: (text: string) => void): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      dir: { type: 'string', default: USUAL_DIRECTORY },
    },
  });
  await atPlace({ directory: values.dir, wantsPostgres: true }, say, async (place) => {
    const measured = await measure(place, scaleOptions(values.dir, values.quick, place), say);
    const report = capacityReport(measured);
    say(`\n${report}`);
    if (values.write) {
      const text = readFileSync(DOCUMENT, 'utf8');
      if (!FIGURES.test(text)) throw new Error('docs/scale.md has no place for figures.');
      writeFileSync(
        DOCUMENT,
        text.replace(FIGURES, (_, begin: string, end: string) => `${begin}\n${report}\n\n${end}`),
      );
    }
  });
}

const scaleOptions = (directory: string, quick: boolean, { postgres }: Place): CompareOptions => ({
  contenders: ['Signet SQLite', ...(postgres ? (['Signet PostgreSQL'] as const) : [])],
  cases: CASES.filter(({ label }) => LABELS.includes(label)),
  rounds: quick ? 2 : 5,
  milliseconds: quick ? 400 : 1500,
  warmUpMilliseconds: quick ? 400 : 1000,
  connections: 32,
  directory,
  out: undefined,
  profile: undefined,
});

async function measure(
  place: Place,
  options: CompareOptions,
  say: (text: string) => void,
): Promise<Measurements> {
  const contenders = await startContenders(options, place);
  const figures = (await measureCases(options, contenders, say)).map(figuresOf);
  await stopContenders(contenders);
  const sqlite = await storeRows(place, `sqlite:${join(place.folder, 'scale.db')}`, ROWS);
  const postgres = place.postgres && (await storeRows(place, place.postgres.newDatabase('scale'), ROWS));
  return {
    told: place.told,
    operations: LABELS.map((label) => ({
      label,
      sqlite: costsOf(figures, 'Signet SQLite', label),
      postgres: costsOf(figures, 'Signet PostgreSQL', label),
    })),
    signInCpu: await cpuOfSignIn(place),
    bytesPerRow: { sqlite: sqlite.bytesPerRow, postgres: postgres?.bytesPerRow },
  };
}

function costsOf(
  figures: readonly Figures[],
  contender: 'Signet SQLite' | 'Signet PostgreSQL',
  label: string,
): { node: number; database: number } | undefined {
  const found = figureOf(figures, contender, label);
  return found && { node: found.cpu, database: found.databaseCpu ?? 0 };
}

/** CPU microseconds of a sign-in with a password, from the request to the first tokens. */
async function cpuOfSignIn({ folder, prefix }: Place): Promise<number> {
  const server = await startSignet({ folder, prefix, database: `sqlite:${join(folder, 'sign-in.db')}` });
  const site = await siteAt(server.base, {});
  await signIn(site);
  const before = server.cpu();
  for (let index = 0; index < SIGN_INS; index += 1) await signIn(site);
  const cpu = (server.cpu() - before) / SIGN_INS;
  await server.stop();
  return cpu;
}
