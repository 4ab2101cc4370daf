import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import type { Line } from '../driver/line.ts';
import { look } from '../driver/look.ts';
import { startMix } from '../driver/mix.ts';
import { virtualUser } from '../driver/sign-in.ts';
import type { Violation } from '../driver/tally.ts';
import type { Bench, Experiment } from '../experiment.ts';
import type { Dice } from '../kit/random.ts';
import { deploy } from '../kit/signet.ts';
import { type Stage, setStage } from '../kit/stage.ts';

/** What is done to the files of a database; they are `path`, and `path` with -wal. `mayServe` where a start may succeed. */
type Damage = Readonly<{ name: string; mayServe: boolean; do: (path: string, dice: Dice) => void }>;

/** E21: the database is damaged in many ways: the start refuses it with a sentence, or all that was acknowledged is there. */
export const corruption: Experiment = {
  id: 'E21',
  title: 'corrupted database',
  databases: ['sqlite'],
  run: async (bench) => {
    const stage = await setStage(bench, { users: 4 });
    const mix = startMix(stage.world, { users: 4 });
    await pause(1500);
    await mix.stop();
    const line = mix.lines().findLast((one) => one.state === 'living' && one.client !== 'spa');
    // Killed, so that the log holds what the file does not.
    await stage.deployment.stop();
    const original = stage.deployment.database.slice('sqlite:'.length);
    const violations: Violation[] = [];
    const messages: string[] = [];
    let [refused, served] = [0, 0];
    const damages = damagesOf(Math.max(4, Math.round(40 * bench.size.scale)));
    for (const [index, damage] of damages.entries()) {
      const came = await startDamaged(bench, stage, { index, damage, original, line });
      if (came.kind === 'refused') refused += 1;
      else served += 1;
      if (came.kind === 'refused') messages.push(came.message);
      violations.push(...came.violations);
    }
    return {
      figure: `${damages.length} damages: ${refused} refused with a sentence, ${served} served with everything there; ${violations.length} silent acceptances or bad refusals; ${new Set(messages).size} different sentences`,
      violations,
      figures: { sentences: [...new Set(messages)].join(' | ') },
    };
  },
};

const flip = (path: string, at: number): void => {
  const file = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, at);
  byte[0] = (byte[0] ?? 0) ^ 0xff;
  writeSync(file, byte, 0, 1, at);
  closeSync(file);
};

function damagesOf(flips: number): readonly Damage[] {
  const flipped = Array.from({ length: flips }, (_, index): Damage => {
    const end = index % 2 === 0 ? '' : '-wal';
    return {
      name: `a flipped byte in the ${end === '' ? 'file' : 'log'}`,
      // A torn log is cut off where it is torn; a byte of a free page means nothing.
      mayServe: true,
      do: (path, dice) => flip(path + end, dice.below(statSync(path + end).size)),
    };
  });
  return [
    ...flipped,
    { name: 'a wrong first byte', mayServe: false, do: (path) => flip(path, 0) },
    { name: 'half of the file', mayServe: false, do: (path) => truncateBoth(path) },
    {
      name: 'a foreign file',
      mayServe: false,
      do: (path) => replaceBy(path, 'not a database at all\n'.repeat(500)),
    },
    { name: 'a database of another program', mayServe: false, do: foreignDatabase },
    { name: 'a newer schema', mayServe: false, do: newerSchema },
    { name: 'a folder in its place', mayServe: false, do: folderInstead },
    {
      name: 'a file that cannot be written',
      mayServe: userInfo().uid === 0,
      do: (path) => chmodSync(path, 0o400),
    },
  ];
}

function folderInstead(path: string): void {
  rmSync(path);
  mkdirSync(path);
}

function truncateBoth(path: string): void {
  rmSync(`${path}-wal`, { force: true });
  truncateSync(path, Math.floor(statSync(path).size / 2));
}

function replaceBy(path: string, text: string): void {
  rmSync(`${path}-wal`, { force: true });
  writeFileSync(path, text);
}

function foreignDatabase(path: string): void {
  for (const end of ['', '-wal']) rmSync(path + end, { force: true });
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE photographs (name TEXT)');
  database.close();
}

function newerSchema(path: string): void {
  const database = new DatabaseSync(path);
  // A newer program says which older ones may still work with its tables: here none.
  database.exec('PRAGMA user_version = 999; UPDATE signet_database SET oldest_program = 999');
  database.close();
}

type Case = Readonly<{ index: number; damage: Damage; original: string; line: Line | undefined }>;
type Came =
  | Readonly<{ kind: 'refused'; message: string; violations: readonly Violation[] }>
  | Readonly<{ kind: 'served'; violations: readonly Violation[] }>;

async function startDamaged(
  bench: Bench,
  stage: Stage,
  { index, damage, original, line }: Case,
): Promise<Came> {
  const folder = join(bench.folder, `case-${index}`);
  mkdirSync(folder);
  const path = join(folder, 'signet.db');
  for (const end of ['', '-wal']) if (existsSync(original + end)) copyFileSync(original + end, path + end);
  damage.do(path, bench.dice.named(`damage ${index}`));
  const before = existsSync(path) && statSync(path).isFile() ? readFileSync(path) : undefined;
  const deployment = await deploy({
    folder,
    program: bench.program,
    database: `sqlite:${path}`,
    users: 4,
    config: { issuer: stage.deployment.issuer },
  });
  const [node] = deployment.nodes;
  const started = await node?.start().then(
    () => true,
    () => false,
  );
  const said = node?.said() ?? '';
  if (started !== true) {
    const message = said.trim().split('\n').at(-1) ?? '';
    return {
      kind: 'refused',
      message: message.replaceAll(path, 'FILE'),
      violations: judgeRefusal(damage, { said, path, before }),
    };
  }
  const violations = await judgeServing(stage, damage, { port: node?.port ?? 0, line, said });
  await deployment.stop();
  return { kind: 'served', violations };
}

type Refused = Readonly<{ said: string; path: string; before: Buffer | undefined }>;

/** A refusal is a sentence that names the file, and leaves it as it is. */
function judgeRefusal(damage: Damage, { said, path, before }: Refused): readonly Violation[] {
  const violations: Violation[] = [];
  const bad = (what: string): void =>
    void violations.push({ invariant: 'I10', what: `${damage.name}: ${what}` });
  if (/^\s+at /m.test(said) || !said.includes(path)) bad(`it is refused with ${said.trim().slice(0, 200)}`);
  if (before !== undefined && existsSync(path) && !readFileSync(path).equals(before))
    bad('the file was changed');
  return violations;
}

type Serving = Readonly<{ port: number; line: Line | undefined; said: string }>;

/** Whoever serves a damaged database has all that was acknowledged, and was allowed to. */
async function judgeServing(
  { world, tally }: Stage,
  damage: Damage,
  { port, line, said }: Serving,
): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  if (!damage.mayServe) violations.push({ invariant: 'I10', what: `${damage.name}: it was served` });
  if (line === undefined || /flipped byte in the log/.test(damage.name)) return violations;
  const before = tally.violationCount();
  const answered = await look(world, { user: virtualUser(line.user), line }, port);
  // An answer of 503 says openly that something is wrong.
  if (answered && tally.violationCount() > before && !/corrupt|damaged|malformed/i.test(said))
    violations.push({ invariant: 'I1', what: `${damage.name}: served without an acknowledged token` });
  return violations;
}
