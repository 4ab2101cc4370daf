import { parseArgs } from 'node:util';
import type { DatabaseKind, Size } from './experiment.ts';

export type Options = Readonly<{
  isQuick: boolean;
  planted: boolean;
  only: readonly string[];
  databases: readonly DatabaseKind[];
  seed: number;
  size: Size;
  /** Folder for the table and the call logs. */
  out: string | undefined;
  /** Folder of the packages/server under test. */
  server: string | undefined;
  help: boolean;
}>;

export const USAGE = `npm run faults -- [options]

  --quick               a slice of everything, under 45 s
  --planted             patches known faults into copies of the server and shows that each is found
  --only E1,E3          only these experiments (with --planted: only the bugs they are to find)
  --database NAME       sqlite or postgres; both where nothing is said
  --seed N              repeats the plan of an earlier run
  --kills N             kills of E1 on each database (300)
  --rounds N            rounds of each race of E3 (2000)
  --scale X             makes everything that lasts so many times longer (1)
  --server FOLDER       another packages/server than this clone's
  --out FOLDER          keeps the table (faults.md, faults.json) there, and what failed experiments left behind
`;

const SIZES = {
  whole: { kills: 300, rounds: 2000, scale: 1 },
  quick: { kills: 3, rounds: 12, scale: 0.02 },
  planted: { kills: 6, rounds: 30, scale: 0.1 },
};

/** What the command line says; throws an Error with a sentence when it says nothing sensible. */
export function parseOptions(args: readonly string[], now: number): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      planted: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      only: { type: 'string' },
      database: { type: 'string' },
      seed: { type: 'string' },
      kills: { type: 'string' },
      rounds: { type: 'string' },
      scale: { type: 'string' },
      out: { type: 'string' },
      server: { type: 'string' },
    },
  });
  const size = values.quick ? SIZES.quick : values.planted ? SIZES.planted : SIZES.whole;
  return {
    isQuick: values.quick,
    planted: values.planted,
    help: values.help,
    only: (values.only ?? '').toUpperCase().split(',').filter(Boolean),
    databases: databasesOf(values.database),
    seed: number('--seed', values.seed) ?? now % 1_000_000,
    size: {
      kills: number('--kills', values.kills) ?? size.kills,
      rounds: number('--rounds', values.rounds) ?? size.rounds,
      scale: number('--scale', values.scale) ?? size.scale,
    },
    out: values.out,
    server: values.server,
  };
}

function databasesOf(name: string | undefined): readonly DatabaseKind[] {
  if (name === undefined) return ['sqlite', 'postgres'];
  if (name === 'sqlite' || name === 'postgres') return [name];
  throw new Error(`--database is sqlite or postgres, not ${name}.`);
}

function number(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`${name} wants a number, not ${text}.`);
  return value;
}
