import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startMix } from '../driver/mix.ts';
import { obtainCode, virtualUser } from '../driver/sign-in.ts';
import { exchange, type Owned, post, refresh } from '../driver/token-calls.ts';
import { jsonOf, type World } from '../driver/world.ts';
import type { Bench, Experiment } from '../experiment.ts';
import { compileShim } from '../kit/shim.ts';
import { type Stage, setStage } from '../kit/stage.ts';
import { guess } from './guess.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Milliseconds: below the grace, so that nobody loses a line by it. */
const SKEW = 20_000;

type Clocks = Readonly<{
  set: (node: number, milliseconds: number) => void;
  environment: (node: number) => Record<string, string>;
}>;

/** E8: the clock of the server jumps forward and back while it runs; on PostgreSQL the nodes' clocks differ. */
export const clock: Experiment = {
  id: 'E8',
  title: 'clock jumps',
  databases: ['sqlite', 'postgres'],
  run: async (bench) => {
    const clocks = clocksIn(bench);
    const many = bench.database === 'postgres' ? 2 : 1;
    for (let node = 0; node < many; node += 1) clocks.set(node, 0);
    const config = {
      lifetimes: { access_token: '10m', id_token: '10m', refresh_token: '7d', authorization_code: '10m' },
    };
    const stage = await setStage(bench, { nodes: many, environment: clocks.environment, config });
    const all = (offset: number): void => {
      for (let node = 0; node < many; node += 1) clocks.set(node, offset);
    };
    const jumps = await jumpAbout(stage, all);
    const skew = many === 2 ? await differ(bench, stage, clocks) : '';
    const drain = await endWhileJumping(stage, all);
    return {
      figure: `${jumps}${skew}; a drain during a jump of a day took ${drain.toFixed(0)} ms; ${stage.tally.violationCount()} violations`,
      violations: stage.tally.violations(),
      acknowledged: stage.tally.of('ok'),
    };
  },
};

function clocksIn(bench: Bench): Clocks {
  const library = compileShim('clock', bench.folder);
  const fileOf = (node: number): string => join(bench.folder, `clock-${node}`);
  return {
    environment: (node) => ({ LD_PRELOAD: library, FAULTS_CLOCK_FILE: fileOf(node) }),
    set: (node, milliseconds) => {
      const offset = Buffer.alloc(8);
      offset.writeBigInt64LE(BigInt(milliseconds));
      const file = openSync(fileOf(node), 'a+');
      closeSync(file);
      const open = openSync(fileOf(node), 'r+');
      writeSync(open, offset, 0, 8, 0);
      closeSync(open);
    },
  };
}

/** One provider through every jump; what each token must be is known by its expiry. */
async function jumpAbout({ world, tally }: Stage, all: (offset: number) => void): Promise<string> {
  const user = virtualUser(0);
  let wrong = 0;
  let looked = 0;
  const held: (Owned & { expiresAt: number })[] = [];
  const expect = async (now: number): Promise<void> => {
    for (const { line, expiresAt, ...rest } of held) {
      if (Math.abs(expiresAt - now) < MINUTE) continue;
      looked += 1;
      const isActive = await active(world, { ...rest, line });
      if (isActive === now < expiresAt) continue;
      wrong += 1;
      const minutes = Math.round((now - expiresAt) / MINUTE);
      tally.violate(
        isActive ? 'I6' : 'I1',
        `an access token is ${isActive ? 'good' : 'dead'} ${minutes} minutes after its end`,
      );
    }
  };
  const jumps = [0, HOUR, 0, DAY, DAY + HOUR, DAY - HOUR, 0, -10 * MINUTE, -HOUR, 0];
  for (const offset of jumps) {
    all(offset);
    await pause(50);
    await expect(Date.now() + offset);
    // A session may have run out meanwhile: the person signs in again.
    const line = await obtainCode(world, user, { client: 'web-basic', fresh: true });
    if (line === undefined) continue;
    await exchange(world, { user, line });
    const expiresAt = line.access?.expiresAt ?? 0;
    held.push({ user, line: { ...line }, expiresAt });
    // A leap in the middle of a line's life: the refresh goes on.
    if (line.state === 'living') await refresh(world, { user, line }, 2);
  }
  const lockout = await lockoutAfterGoingBack(world, all);
  return (
    `${jumps.length} jumps by an hour, a day and back: ${looked} tokens looked at, ${wrong} wrongly accepted or refused; ` +
    `a sign-in that had to wait 1 s waits ${lockout} s after a jump of an hour back`
  );
}

async function active(world: World, owned: Owned): Promise<boolean> {
  const token = owned.line.access?.token ?? '';
  const outcome = await post(world, owned, 'introspect', { token, path: '/introspect', sent: token });
  return 'reply' in outcome && jsonOf(outcome.reply.body)['active'] === true;
}

/** Seconds that a person who has mistyped a password must wait when the clock is set back by an hour. */
async function lockoutAfterGoingBack(world: World, all: (offset: number) => void): Promise<string> {
  all(HOUR);
  for (let failure = 0; failure < 6; failure += 1)
    await guess(world, { username: 'user-19', password: 'wrong' });
  all(0);
  await pause(1200);
  const outcome = await guess(world, { username: 'user-19', password: 'wrong' });
  if (!('reply' in outcome) || outcome.reply.status !== 429) return '0';
  return outcome.reply.headers['retry-after'] ?? 'more than 1';
}

/** Two nodes whose clocks differ by less than the grace: nobody notices. By more, what comes of it is counted and told. */
async function differ(bench: Bench, stage: Stage, clocks: Clocks): Promise<string> {
  clocks.set(1, SKEW);
  const mix = startMix(stage.world, { users: 6, rest: 10 });
  await pause(Math.max(3000, 20_000 * bench.size.scale));
  await mix.stop();
  const apart = stage.tally.violationCount();
  clocks.set(1, 0);
  return `; two nodes ${SKEW / 1000} s apart: ${apart} violations`;
}

async function endWhileJumping({ deployment, tally }: Stage, all: (offset: number) => void): Promise<number> {
  const [node] = deployment.nodes;
  if (node === undefined) return 0;
  const ended = node.terminate();
  all(DAY);
  const { code, milliseconds } = await ended;
  if (code !== 0 || milliseconds > 13_000)
    tally.violate('I5', `a drain ended with ${code} after ${milliseconds} ms`);
  // Long before anything in the database was made: it starts all the same.
  all(-3 * 365 * DAY);
  await node.start().catch((fault: unknown) => {
    const last = String(fault).trim().split('\n').at(-1);
    tally.violate('I5', `with the clock three years back the server does not start: ${last}`);
  });
  return milliseconds;
}
