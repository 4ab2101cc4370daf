import { setTimeout as pause } from 'node:timers/promises';
import { checkLines, finalCheck } from '../driver/checker.ts';
import { startMix } from '../driver/mix.ts';
import type { Experiment } from '../experiment.ts';
import { answerWatch, commitWatch } from '../kit/postgres-wire.ts';
import type { Watch } from '../kit/proxy.ts';
import { proxiedDatabase, setStage } from '../kit/stage.ts';

/** Every so many commits one is cut. */
const EVERY = 15;

/** E5: the connection to PostgreSQL is cut around a COMMIT, so that the server cannot know whether it was done. Both happen. */
export const commitUnknown: Experiment = {
  id: 'E5',
  title: 'commit result unknown',
  databases: ['postgres'],
  run: async (bench) => {
    const { proxy, direct, through } = await proxiedDatabase(bench);
    const stage = await setStage(bench, {
      nodes: 2,
      database: direct,
      databases: (node) => (node === 0 ? through : direct),
    });
    const { world, tally } = stage;
    const cuts = { applied: 0, lost: 0 };
    proxy.watchBy(() => cutter(cuts));
    const mix = startMix(world, { users: 10, signIns: 0.02 });
    const wanted = Math.max(20, Math.round(500 * bench.size.scale));
    const start = Date.now();
    while (cuts.applied + cuts.lost < wanted && Date.now() - start < 120_000) {
      const since = Date.now();
      await pause(500);
      await checkLines(world, mix, since);
    }
    await mix.stop();
    proxy.watchBy(undefined);
    await finalCheck(world, mix, 5000);
    return {
      figure:
        `${cuts.applied + cuts.lost} cuts: ${cuts.applied} with the commit done, ${cuts.lost} before it; ` +
        `${tally.of('ok')} acknowledged, ${tally.of('unavailable')} answered 503; codes sent again: ` +
        `${tally.noted('unknown exchanges that had been applied')} had been spent, ` +
        `${tally.noted('unknown exchanges that had not been applied')} had not; ` +
        `${tally.noted('refreshes repeated after an unknown answer')} refreshes repeated; ${tally.violationCount()} violations`,
      violations: tally.violations(),
      acknowledged: tally.of('ok'),
    };
  },
};

let commits = 0;

/** On every so many commits, in turn: lets it be done and keeps the answer, or cuts before it is asked for. */
function cutter(cuts: { applied: number; lost: number }): Watch {
  const asks = commitWatch();
  const answers = answerWatch();
  let isArmed = false;
  return (direction, chunk) => {
    if (direction === 'to server') {
      if (!asks(chunk)) return 'pass';
      commits += 1;
      if (commits % EVERY !== 0) return 'pass';
      if (commits % (2 * EVERY) !== 0) {
        cuts.lost += 1;
        return 'cut';
      }
      isArmed = true;
      return 'pass';
    }
    const state = answers(chunk);
    if (!isArmed) return 'pass';
    if (state === 'going on') return 'drop';
    if (state === 'done') cuts.applied += 1;
    else cuts.lost += 1;
    return 'cut';
  };
}
