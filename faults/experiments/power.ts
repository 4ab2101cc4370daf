import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { checkLines, finalCheck } from '../driver/checker.ts';
import { startMix } from '../driver/mix.ts';
import type { Violation } from '../driver/tally.ts';
import { type Bench, type Experiment, Skipped } from '../experiment.ts';
import type { Dice } from '../kit/random.ts';
import { compileShim } from '../kit/shim.ts';
import { setStage } from '../kit/stage.ts';
import { auditSyncs } from './audit.ts';

/** E2: what a power cut leaves is what was synced: seen in the system calls, and on a disk that forgets the rest. */
export const power: Experiment = {
  id: 'E2',
  title: 'power loss',
  databases: ['sqlite'],
  run: async (bench) => {
    const reasons: string[] = [];
    const part = async <Made>(work: () => Promise<Made>): Promise<Made | undefined> => {
      try {
        return await work();
      } catch (fault) {
        if (!(fault instanceof Skipped)) throw fault;
        reasons.push(fault.message);
        return undefined;
      }
    };
    const own = join(bench.folder, 'audit');
    mkdirSync(own);
    const audit = await part(() => auditSyncs({ ...bench, folder: own }));
    const cuts = await part(() => cutAgainAndAgain(bench));
    if (audit === undefined && cuts === undefined) throw new Skipped(reasons.join('; '));
    const unsynced = audit?.violations.length;
    return {
      figure: [
        audit === undefined
          ? `no audit (${reasons[0]})`
          : `audit: ${audit.acknowledged} acknowledged, ${unsynced} without a sync, ${audit.syncs} syncs`,
        cuts === undefined
          ? `no power cuts (${reasons.at(-1)})`
          : `${cuts.cuts} power cuts, half of them with a random half of the unsynced pages: ${cuts.acknowledged} ` +
            `acknowledged, ${cuts.violations.length} violations, ${cuts.notOpened} not opened`,
      ].join('; '),
      violations: [...(audit?.violations ?? []), ...(cuts?.violations ?? [])],
      acknowledged: cuts?.acknowledged ?? 0,
    };
  },
};

type Cuts = Readonly<{
  cuts: number;
  acknowledged: number;
  notOpened: number;
  violations: readonly Violation[];
}>;

async function cutAgainAndAgain(bench: Bench): Promise<Cuts> {
  const library = compileShim('disk', bench.folder);
  const live = join(bench.folder, 'provider', 'disk');
  const shadow = join(bench.folder, 'shadow');
  for (const folder of [live, shadow]) mkdirSync(folder, { recursive: true });
  const environment = () => ({ LD_PRELOAD: library, FAULTS_DISK_FROM: live, FAULTS_DISK_TO: shadow });
  const database = `sqlite:${join(live, 'signet.db')}`;
  const { world, deployment, tally } = await setStage(bench, { users: 8, database, environment });
  const mix = startMix(world, { users: 8 });
  const dice = bench.dice.named('power');
  const [node] = deployment.nodes;
  const cuts = Math.max(3, Math.round(45 * bench.size.scale));
  let notOpened = 0;
  for (let cut = 0; cut < cuts; cut += 1) {
    const since = Date.now();
    await pause(dice.between(150, 1200));
    await node?.kill();
    cutPower({ live, shadow }, cut % 2 === 0 ? undefined : dice);
    if (!opens(join(live, 'signet.db'))) notOpened += 1;
    await node?.start();
    await checkLines(world, mix, since);
  }
  await mix.stop();
  await finalCheck(world, mix, 2000);
  if (notOpened > 0) tally.violate('I1', `${notOpened} databases did not open`);
  return { cuts, acknowledged: tally.of('ok'), notOpened, violations: tally.violations() };
}

const PAGE = 4096;

/** Makes the live files what a power cut leaves: what was synced, and with dice a random half of the pages that were not. */
function cutPower({ live, shadow }: { live: string; shadow: string }, dice: Dice | undefined): void {
  for (const name of readdirSync(live)) {
    const [path, synced] = [join(live, name), join(shadow, name)];
    if (!existsSync(synced)) {
      rmSync(path);
      continue;
    }
    if (dice !== undefined) mixPages(synced, readFileSync(path), dice);
    copyFileSync(synced, path);
  }
}

function mixPages(synced: string, written: Buffer, dice: Dice): void {
  const kept = readFileSync(synced);
  const mixed = Buffer.alloc(Math.max(kept.length, written.length));
  kept.copy(mixed);
  let end = kept.length;
  for (let at = 0; at < written.length; at += PAGE) {
    const page = written.subarray(at, at + PAGE);
    if (page.equals(kept.subarray(at, at + PAGE)) || !dice.chance(0.5)) continue;
    page.copy(mixed, at);
    end = Math.max(end, at + page.length);
  }
  writeFileSync(synced, mixed.subarray(0, end));
}

/** Whether a copy of the database opens and is whole; looked at through a copy, so that nothing is mended. */
function opens(path: string): boolean {
  const copy = `${path}.copy`;
  for (const end of ['', '-wal']) {
    if (existsSync(path + end)) copyFileSync(path + end, copy + end);
  }
  const database = new DatabaseSync(copy);
  try {
    return database.prepare('PRAGMA integrity_check').get()?.['integrity_check'] === 'ok';
  } catch {
    return false;
  } finally {
    database.close();
    for (const end of ['', '-wal', '-shm']) rmSync(copy + end, { force: true });
  }
}
