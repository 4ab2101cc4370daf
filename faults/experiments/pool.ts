import { setTimeout as pause } from 'node:timers/promises';
import { finalCheck } from '../driver/checker.ts';
import { startMix } from '../driver/mix.ts';
import type { Experiment } from '../experiment.ts';
import { patchedServer } from '../kit/patch.ts';
import { setStage } from '../kit/stage.ts';

/** E20: every flow with one connection to PostgreSQL, and with two, for one person and for twenty at once: nobody waits for himself. */
export const pool: Experiment = {
  id: 'E20',
  title: 'pool of one and two',
  databases: ['postgres'],
  run: async (bench) => {
    const parts: string[] = [];
    const violations = [];
    let acknowledged = 0;
    for (const connections of [1, 2]) {
      const patches = smallPool(connections);
      const program = patchedServer(`${bench.folder}/copy-${connections}`, patches, bench.program);
      const { world, tally } = await setStage(
        { ...bench, folder: `${bench.folder}/copy-${connections}` },
        { program },
      );
      for (const users of [1, 20]) {
        const mix = startMix(world, { users, signIns: 0.1 });
        await pause(Math.max(1500, 8000 * bench.size.scale));
        await mix.stop();
        await finalCheck(world, mix, 500);
      }
      const timeouts = tally.of('unavailable') + tally.of('unknown');
      if (timeouts > 0)
        tally.violate('I5', `${timeouts} requests ran out of time with ${connections} connections`);
      parts.push(`${connections}: ${tally.of('ok')} done, ${timeouts} time-outs`);
      violations.push(...tally.violations());
      acknowledged += tally.of('ok');
    }
    return { figure: `connections ${parts.join('; ')}`, violations, acknowledged };
  },
};

export const smallPool = (connections: number) => [
  {
    file: 'src/store/postgres.ts',
    from: 'const CONNECTIONS = 8;',
    to: `const CONNECTIONS = ${connections};`,
  },
];
