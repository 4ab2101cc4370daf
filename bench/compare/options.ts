import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CONTENDERS, type ContenderName } from '../targets/contenders.ts';
import { CASES, type Case } from './cases.ts';

export type CompareOptions = Readonly<{
  contenders: readonly ContenderName[];
  cases: readonly Case[];
  rounds: number;
  milliseconds: number;
  warmUpMilliseconds: number;
  connections: number;
  directory: string;
  out: string | undefined;
  /** Where Signet's processes leave their CPU profiles. */
  profile: string | undefined;
}>;

/** Where databases go when nothing is said: below the project, on the disk it is on. */
export const USUAL_DIRECTORY = join(import.meta.dirname, '..', '..', '.cache');

/** Reads the command line of the comparison; throws with what may be said when it is wrong. */
export function compareOptions(args: readonly string[]): CompareOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      ops: { type: 'string' },
      runs: { type: 'string' },
      dir: { type: 'string', default: USUAL_DIRECTORY },
      out: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  const { quick } = values;
  const rounds = values.runs === undefined ? (quick ? 3 : 7) : Number(values.runs);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--runs ${values.runs} must be a whole number from 1.`);
  const wanted = chosen(CONTENDERS, (name) => name, { option: '--only', given: values.only });
  return {
    // What HTTP costs is a part of the limit, so that it is always measured.
    contenders: ['bare HTTP', ...wanted.filter((name) => name !== 'bare HTTP')],
    cases: chosen(CASES, ({ label }) => label, { option: '--ops', given: values.ops }),
    rounds,
    milliseconds: quick ? 400 : 1500,
    // Until V8 has compiled what is hot, a server is slower than it will be for the rest of its days.
    warmUpMilliseconds: quick ? 400 : 4000,
    connections: 32,
    directory: values.dir,
    out: values.out,
    profile: values.profile,
  };
}

/** The things whose name contains one of the words given, in their own order; all of them when nothing is given. */
function chosen<Thing>(
  things: readonly Thing[],
  nameOf: (thing: Thing) => string,
  { option, given }: Readonly<{ option: string; given: string | undefined }>,
): readonly Thing[] {
  if (given === undefined) return things;
  const words = given.split(',').map(plain);
  for (const word of words) {
    if (things.some((thing) => plain(nameOf(thing)).includes(word))) continue;
    throw new Error(`${option} ${word} is none of ${things.map(nameOf).join(', ')}.`);
  }
  return things.filter((thing) => words.some((word) => plain(nameOf(thing)).includes(word)));
}

/** `signet-sqlite` says the same as `Signet SQLite`. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
