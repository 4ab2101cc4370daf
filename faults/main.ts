import { performance } from 'node:perf_hooks';
import type { DatabaseKind, Experiment } from './experiment.ts';
import { EXPERIMENTS, QUICK } from './experiments.ts';
import { type Options, parseOptions, USAGE } from './options.ts';
import { runPlanted } from './planted-run.ts';
import { type Row, type Runner, runner } from './runner.ts';
import { renderLine, renderRow, renderSums, sumsOf, writeTable } from './table.ts';

const tell = (line: string): void => console.log(line);

type Turn = Readonly<{ experiment: Experiment; database: DatabaseKind }>;

/** What is to be run on one database, in order. */
function turnsOn(database: DatabaseKind, { only, isQuick }: Options): readonly Turn[] {
  return EXPERIMENTS.filter(({ id, databases }) => {
    const isWanted = only.length > 0 ? only.includes(id) : !isQuick || QUICK.includes(id);
    return isWanted && databases.includes(database);
  }).map((experiment) => ({ experiment, database }));
}

/**
 * One lane for each database and one for what mostly waits, all at once, each with a cluster of its own; after them, one by one, what
 * must have the machine to itself.
 */
async function runLanes(options: Options, runners: () => Runner): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const lane = async (turns: readonly Turn[]): Promise<void> => {
    const running = runners();
    for (const { experiment, database } of turns) {
      const row = await running.run(experiment, database);
      rows.push(row);
      tell(renderRow(row));
    }
  };
  const turns = options.databases.map((database) => turnsOn(database, options));
  const isAlone = ({ experiment }: Turn): boolean => experiment.isAlone === true;
  const isLight = ({ experiment }: Turn): boolean => experiment.isLight === true;
  const usual = turns.map((all) => all.filter((turn) => !isAlone(turn) && !isLight(turn)));
  await Promise.all([...usual, turns.flat().filter(isLight)].map(lane));
  await lane(turns.flat().filter(isAlone));
  return rows.toSorted((a, b) => numberOf(a) - numberOf(b) || b.database.localeCompare(a.database));
}

const numberOf = ({ id }: Row): number => Number(id.slice(1));

async function main(options: Options): Promise<number> {
  const began = performance.now();
  tell(`seed ${options.seed}`);
  const open: Runner[] = [];
  const runners = (): Runner => {
    const made = runner(options, tell);
    open.push(made);
    return made;
  };
  const close = (): void => {
    for (const running of open) running.close();
  };
  const end = (): never => {
    close();
    process.exit(130);
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  try {
    if (options.planted) return (await runPlanted(options, runners(), tell)) ? 0 : 1;
    const rows = await runLanes(options, runners);
    const last = renderSums(rows, options.seed, (performance.now() - began) / 1000);
    if (options.out !== undefined) writeTable(options.out, rows, last);
    if (rows.length > 6 && !options.isQuick) tell(`\n${rows.map(renderLine).join('\n')}`);
    tell(`\n${last}`);
    const { violated, broken, clean } = sumsOf(rows);
    return violated + broken === 0 && clean > 0 ? 0 : 1;
  } finally {
    close();
  }
}

try {
  const options = parseOptions(process.argv.slice(2), Date.now());
  if (options.help) tell(USAGE);
  else process.exitCode = await main(options);
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault);
  process.exitCode = 2;
}
