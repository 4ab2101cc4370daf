import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { checkLines, finalCheck } from '../driver/checker.ts';
import { startMix } from '../driver/mix.ts';
import { quantile } from '../driver/tally.ts';
import type { Experiment } from '../experiment.ts';
import { type Stage, setStage } from '../kit/stage.ts';

/** Milliseconds in which a request that waits for a lock is answered, one way or the other, with what a busy machine adds. */
const LIMIT = 8000;

/** E18: fifty people write while others read for long, hold the lock for long, and back up. */
export const contention: Experiment = {
  id: 'E18',
  title: 'SQLite contention',
  databases: ['sqlite'],
  run: async (bench) => {
    const stage = await setStage(bench, { users: 50 });
    const { world, tally } = stage;
    const mix = startMix(world, { users: 50, rest: 40, signIns: 0.01 });
    // Until everybody has signed in.
    await pause(5000);
    const path = stage.deployment.database.slice('sqlite:'.length);
    const seconds = Math.max(2, 10 * bench.size.scale);
    const parts: string[] = [];
    const phase = async (name: string, work: () => Promise<void>): Promise<void> => {
      tally.forgetLatencies();
      const [since, refused] = [Date.now(), tally.of('unavailable')];
      await work();
      await pause(300);
      const wal = (statSync(`${path}-wal`).size / 1_048_576).toFixed(1);
      const [p99, longest] = [quantile(tally.latencies(), 0.99), Math.max(0, ...tally.latencies())];
      if (longest > LIMIT) tally.violate('I5', `${name}: a request took ${longest.toFixed(0)} ms`);
      parts.push(
        `${name}: p99 ${p99.toFixed(0)} ms, longest ${longest.toFixed(0)} ms, ${tally.of('unavailable') - refused} refused, log ${wal} MB`,
      );
      await checkLines(world, mix, since);
    };
    await phase('writers alone', () => pause(1000 * seconds));
    await phase('a long reader', () => holdOpen(path, 'BEGIN; SELECT COUNT(*) FROM grants', seconds));
    await phase('the lock held by another process', () => holdOpen(path, 'BEGIN IMMEDIATE', seconds));
    await phase('three backups', () => backUp(stage, bench.folder));
    await phase('writers alone again', () => pause(2000));
    await mix.stop();
    await finalCheck(world, mix, 3000);
    const wal = statSync(`${path}-wal`).size;
    if (wal > 128 * 1_048_576) tally.violate('I5', `the log has ${wal} bytes at the end`);
    return {
      figure: `50 writers; ${parts.join('; ')}; ${tally.violationCount()} violations`,
      violations: tally.violations(),
      acknowledged: tally.of('ok'),
    };
  },
};

/** Another process's hand at the file. */
async function holdOpen(path: string, sql: string, seconds: number): Promise<void> {
  const connection = new DatabaseSync(path, { timeout: 5000 });
  connection.exec(sql);
  await pause(1000 * seconds);
  connection.exec('ROLLBACK');
  connection.close();
}

async function backUp({ deployment, tally }: Stage, folder: string): Promise<void> {
  for (let time = 0; time < 3; time += 1) {
    const { code } = await deployment.command(['backup', `${folder}/contention-${time}`]);
    if (code !== 0) tally.note('backups that were not taken');
  }
}
