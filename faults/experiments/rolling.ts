import { setTimeout as pause } from 'node:timers/promises';
import { finalCheck } from '../driver/checker.ts';
import { startMix } from '../driver/mix.ts';
import { quantile } from '../driver/tally.ts';
import type { Experiment } from '../experiment.ts';
import { balancer } from '../kit/balancer.ts';
import { httpClient } from '../kit/http.ts';
import type { Node } from '../kit/signet.ts';
import { setStage } from '../kit/stage.ts';

/** Milliseconds in which a node must have ended. */
const LIMIT = 10_500;

/** E10: two nodes are stopped and started in turn behind a balancer, under the mix: nobody notices. */
export const rolling: Experiment = {
  id: 'E10',
  title: 'rolling restart',
  databases: ['sqlite', 'postgres'],
  run: async (bench) => {
    const stage = await setStage(bench, { nodes: 2, users: 10 });
    const { world, deployment, tally } = stage;
    const { host, nodes } = deployment;
    const http = balancer(
      deployment,
      httpClient({ host, keepAlive: false }),
      httpClient({ host, keepAlive: false, patience: 1000 }),
    );
    bench.after(() => http.close());
    const driven = { ...world, http };
    const mix = startMix(driven, { users: 10, rest: 10 });
    const rounds = Math.max(1, Math.round(6 * bench.size.scale));
    const drains: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const node of nodes) {
        await pause(800);
        const { code, milliseconds } = await node.terminate();
        drains.push(milliseconds);
        if (code !== 0) tally.violate('I10', `a node ended with exit code ${code}`);
        if (milliseconds > LIMIT) tally.violate('I10', `a node took ${milliseconds.toFixed(0)} ms to end`);
        await node.start();
        while (!http.ready().includes(node.port)) await pause(20);
      }
    }
    await mix.stop();
    const failed = tally.of('unknown') + tally.of('unsent') + tally.of('unavailable');
    if (failed > 0) tally.violate('I10', `${failed} requests failed`);
    await finalCheck(world, mix, 2000);
    const forced = await endAtOnce(nodes.at(-1));
    return {
      figure:
        `${2 * rounds} nodes restarted, ${tally.of('ok') + tally.of('refused')} requests, ${failed} failed; drain p50 ` +
        `${quantile(drains, 0.5).toFixed(0)} ms, p99 ${quantile(drains, 0.99).toFixed(0)} ms; a second signal ends it in ${forced.toFixed(0)} ms`,
      violations: tally.violations(),
      acknowledged: tally.of('ok'),
    };
  },
};

/** Two signals, one after the other: the second one is a wish not to wait. */
async function endAtOnce(node: Node | undefined): Promise<number> {
  if (node === undefined) return 0;
  const ended = node.terminate();
  await pause(150);
  node.signal('SIGTERM');
  return (await ended).milliseconds;
}
