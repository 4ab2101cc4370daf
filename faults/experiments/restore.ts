import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { atOnce } from '../driver/checker.ts';
import type { Line } from '../driver/line.ts';
import { startMix } from '../driver/mix.ts';
import { obtainCode, virtualUser } from '../driver/sign-in.ts';
import { quantile } from '../driver/tally.ts';
import { exchange, post } from '../driver/token-calls.ts';
import { jsonOf, type World } from '../driver/world.ts';
import type { Bench, Experiment } from '../experiment.ts';
import type { Deployment } from '../kit/signet.ts';
import { type Stage, setStage } from '../kit/stage.ts';

/** E12: backups are taken under the mix and put back: nothing that was revoked or issued meanwhile is alive afterwards. */
export const restore: Experiment = {
  id: 'E12',
  title: 'backup and restore',
  databases: ['sqlite', 'postgres'],
  run: async (bench) => {
    const stage = await setStage(bench, { users: 8 });
    const { world, deployment, tally } = stage;
    const [node] = deployment.nodes;
    const rounds = Math.max(1, Math.round(5 * bench.size.scale));
    const times: number[] = [];
    let resurrected = 0;
    let looked = 0;
    for (let round = 0; round < rounds; round += 1) {
      const mix = startMix(world, { users: 8, rest: 5 });
      await pause(1500);
      const began = Date.now();
      tally.forgetLatencies();
      const putBack = await backUp(bench, stage, round);
      times.push(Date.now() - began);
      await pause(1500);
      await mix.stop();
      const lines = mix.lines().filter((line) => line.access !== undefined);
      await node?.terminate();
      await putBack();
      await node?.start();
      looked += lines.length;
      resurrected += await countAlive(world, lines);
      await signInAnew(stage);
    }
    if (resurrected > 0) tally.violate('I6', `${resurrected} tokens from before a restore are alive`);
    return {
      figure:
        `${rounds} backups under the mix in ${quantile(times, 0.5)} ms (p50; p99 of requests meanwhile ` +
        `${quantile(tally.latencies(), 0.99).toFixed(0)} ms), each put back with signet restore; of ${looked} lines from before ${resurrected} alive; ` +
        `people sign in again`,
      violations: tally.violations(),
      acknowledged: tally.of('ok'),
    };
  },
};

/** Takes a backup and gives what puts it back: with PostgreSQL's own tools there, and `signet restore --in-place` after them. */
async function backUp(bench: Bench, { deployment }: Stage, round: number): Promise<() => Promise<void>> {
  if (bench.database === 'sqlite') {
    const file = join(bench.folder, `backup-${round}`);
    await must(deployment, ['backup', file]);
    return () => must(deployment, ['restore', file, '--replace']);
  }
  const cluster = await bench.cluster();
  const name = new URL(deployment.database).pathname.slice(1);
  const file = join(cluster.folder, `${name}-${round}`);
  cluster.dump(name, file);
  return async () => {
    cluster.load(name, file);
    await must(deployment, ['restore', '--in-place']);
  };
}

async function must({ command }: Deployment, args: readonly string[]): Promise<void> {
  const { code, stderr } = await command(args);
  if (code !== 0) throw new Error(`signet ${args.join(' ')} ended with ${code}: ${stderr}`);
}

/** How many lines have a token that is still good: access tokens, refresh tokens and codes. */
async function countAlive(world: World, lines: readonly Line[]): Promise<number> {
  let alive = 0;
  await atOnce(8, lines, async (line) => {
    const owned = { user: virtualUser(line.user), line: { ...line, client: line.client } };
    const tokens = [line.access?.token ?? '', line.refresh.at(-1) ?? ''];
    for (const token of tokens) {
      if (line.client === 'spa' || token === '') continue;
      const outcome = await post(world, owned, 'introspect', { token, path: '/introspect', sent: token });
      if ('reply' in outcome && jsonOf(outcome.reply.body)['active'] !== false) alive += 1;
    }
  });
  return alive;
}

async function signInAnew({ world }: Stage): Promise<void> {
  const user = virtualUser(0);
  const line = await obtainCode(world, user, { client: 'web-basic', fresh: true });
  if (line !== undefined) await exchange(world, { user, line });
}
