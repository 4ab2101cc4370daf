import { compare } from './compare/compare.ts';
import { growth } from './growth/growth.ts';
import { scale } from './scale/scale.ts';
import { start } from './start/start.ts';
import { tails } from './tails/tails.ts';
import { workers } from './workers/workers.ts';

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** What `npm run bench -- NAME` runs; without a name it is the comparison. */
const COMMANDS: Readonly<Record<string, (args: readonly string[], told: typeof say) => Promise<void>>> = {
  compare,
  tails,
  start,
  growth,
  workers,
  scale,
};

const [first = '', ...rest] = process.argv.slice(2);
const named = COMMANDS[first];
try {
  if (named !== undefined) await named(rest, say);
  else if (first === '' || first.startsWith('-')) await compare(process.argv.slice(2), say);
  else throw new Error(`There is no bench ${first}: say one of ${Object.keys(COMMANDS).join(', ')}.`);
  process.exit(0);
} catch (fault) {
  process.stderr.write(`${describe(fault)}\n`);
  process.exit(1);
}

function describe(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  return fault.cause === undefined ? fault.message : `${fault.message} ${describe(fault.cause)}`;
}
