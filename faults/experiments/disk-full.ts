import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { checkLines, finalCheck } from '../driver/checker.ts';
import { startMix } from '../driver/mix.ts';
import type { Experiment } from '../experiment.ts';
import { smallDisk } from '../kit/small-disk.ts';
import { setStage } from '../kit/stage.ts';

/** E6: the disk is filled up and freed again and again under the mix; reads go on, writes are refused, nothing is half-written. */
export const diskFull: Experiment = {
  id: 'E6',
  title: 'disk full',
  databases: ['sqlite'],
  run: async (bench) => {
    const disk = smallDisk(join(bench.folder, 'disk'), 40);
    bench.after(() => disk.remove());
    const path = join(disk.folder, 'signet.db');
    const { world, deployment, tally } = await setStage(bench, { database: `sqlite:${path}`, users: 6 });
    const mix = startMix(world, { users: 6, rest: 60 });
    const times = Math.max(2, Math.round(6 * bench.size.scale));
    const recoveries: number[] = [];
    let served = 0;
    for (let time = 0; time < times; time += 1) {
      await pause(800);
      const since = Date.now();
      disk.fill();
      const refusedBefore = tally.of('unavailable');
      for (let look = 0; look < 15; look += 1) {
        for (const at of ['/jwks', '/.well-known/openid-configuration']) {
          const sent = await world.http.send(deployment.nodes[0]?.port ?? 0, { path: at });
          if (sent.kind === 'reply' && sent.reply.status === 200) served += 1;
          else tally.violate('I10', `${at} was not served on a full disk`);
        }
        await pause(100);
      }
      // What is acknowledged while the disk is full was written into room that was left.
      await checkLines(world, mix, since);
      if (tally.of('unavailable') === refusedBefore) tally.note('times in which nothing had to be refused');
      disk.free();
      recoveries.push(await recovered(() => tally.of('ok')));
    }
    await mix.stop();
    await finalCheck(world, mix, 3000);
    await deployment.stop();
    const verdict = integrityOf(path);
    if (verdict !== 'ok') tally.violate('I1', `the integrity check says ${verdict}`);
    if (tally.of('unavailable') === 0) tally.violate('I10', 'nothing was refused: the disk was never full');
    return {
      figure:
        `filled ${times} times: ${tally.of('unavailable')} refused, ${served} keys and metadata served, ${tally.of('ok')} acknowledged; ` +
        `recovered in ${(Math.max(...recoveries) / 1000).toFixed(1)} s at most without a restart; integrity ${verdict}; ` +
        `${tally.violationCount()} violations`,
      violations: tally.violations(),
      acknowledged: tally.of('ok'),
    };
  },
};

/** Milliseconds until something is acknowledged again. */
async function recovered(acknowledged: () => number): Promise<number> {
  const [start, before] = [Date.now(), acknowledged()];
  while (acknowledged() < before + 5 && Date.now() - start < 30_000) await pause(10);
  return Date.now() - start;
}

function integrityOf(path: string): string {
  const database = new DatabaseSync(path);
  const verdict = database.prepare('PRAGMA integrity_check').get()?.['integrity_check'];
  database.close();
  return String(verdict);
}
