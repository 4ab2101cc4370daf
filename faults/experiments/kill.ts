import { setTimeout as pause } from 'node:timers/promises';
import { checkLines, finalCheck } from '../driver/checker.ts';
import { type Mix, startMix } from '../driver/mix.ts';
import { quantile } from '../driver/tally.ts';
import type { Bench, Experiment, Result } from '../experiment.ts';
import type { Cluster } from '../kit/postgres.ts';
import type { Node } from '../kit/signet.ts';
import { type Stage, setStage } from '../kit/stage.ts';

/** E1: the server is killed again and again under the mix; on PostgreSQL so are its two nodes, and the postmaster. */
export const kill: Experiment = {
  id: 'E1',
  title: 'kill -9 under load',
  databases: ['sqlite', 'postgres'],
  run: async (bench) => {
    const cluster = bench.database === 'postgres' ? await bench.cluster() : undefined;
    const stage = await setStage(bench, {
      nodes: cluster === undefined ? 1 : 2,
      users: 16,
    });
    const mix = startMix(stage.world, { users: 16 });
    const readyAgain = await killAgainAndAgain(bench, stage, { mix, cluster });
    await mix.stop();
    const last = await finalCheck(stage.world, mix, Math.max(200, 15_000 * bench.size.scale));
    return report(bench, stage, { readyAgain, codes: last.replayed });
  },
};

type Under = Readonly<{ mix: Mix; cluster: Cluster | undefined }>;

async function killAgainAndAgain(
  bench: Bench,
  stage: Stage,
  { mix, cluster }: Under,
): Promise<readonly number[]> {
  const dice = bench.dice.named('kills');
  const readyAgain: number[] = [];
  let checking: Promise<unknown> = Promise.resolve();
  for (let kills = 0; kills < bench.size.kills; kills += 1) {
    const since = Date.now();
    await pause(dice.between(200, 3000));
    if (cluster !== undefined && dice.chance(0.15)) {
      cluster.kill();
      await cluster.start();
    } else {
      const victims = dice.chance(0.2) ? stage.deployment.nodes : [dice.pick(stage.deployment.nodes)];
      readyAgain.push(...(await Promise.all(victims.map(revive))));
    }
    // What was acknowledged before this kill is looked at while the next one comes.
    await checking;
    checking = checkLines(stage.world, mix, since);
    if (kills % 25 === 24) bench.say(`${kills + 1} kills, ${stage.tally.of('ok')} acknowledged`);
  }
  await checking;
  return readyAgain;
}

async function revive(node: Node): Promise<number> {
  await node.kill();
  return node.start();
}

function report(
  bench: Bench,
  { tally }: Stage,
  { readyAgain, codes }: { readyAgain: readonly number[]; codes: number },
): Result {
  const acknowledged = tally.of('ok');
  const applied = tally.noted('unknown exchanges that had been applied');
  const unapplied = tally.noted('unknown exchanges that had not been applied');
  const bound = (3 / Math.max(1, acknowledged)).toExponential(1);
  return {
    figure:
      `${bench.size.kills} kills, ${acknowledged} acknowledged, ${tally.of('unknown')} unknown ` +
      `(of ${applied + unapplied} codes sent again ${applied} had been applied), ${tally.of('refused')} refused; ` +
      `ready again p50 ${quantile(readyAgain, 0.5).toFixed(0)} ms, p99 ${quantile(readyAgain, 0.99).toFixed(0)} ms; ` +
      `${codes} spent codes sent again; ${tally.violationCount()} violations (95 % bound ${bound})`,
    violations: tally.violations(),
    acknowledged,
    figures: { ...tally.notes(), unavailable: tally.of('unavailable'), unsent: tally.of('unsent') },
  };
}
