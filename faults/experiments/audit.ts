import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { obtainCode, virtualUser } from '../driver/sign-in.ts';
import type { Violation } from '../driver/tally.ts';
import { exchange, refresh, revoke } from '../driver/token-calls.ts';
import { type Bench, Skipped } from '../experiment.ts';
import { setStage } from '../kit/stage.ts';

export type Audit = Readonly<{ acknowledged: number; syncs: number; violations: readonly Violation[] }>;

/**
 * Looks with strace at the system calls between one acknowledgement and the next, of one client that does one thing at a time: before
 * each there must be a sync of the database's log, and nothing written to it after that.
 */
export async function auditSyncs(bench: Bench): Promise<Audit> {
  const stage = await setStage(bench, { users: 1 });
  const { world, deployment } = stage;
  const user = virtualUser(0);
  const lead = async (): Promise<void> => {
    const line = await obtainCode(world, user, { client: 'web-basic', fresh: false });
    if (line === undefined) throw new Error('There is no code.');
    await exchange(world, { user, line });
    await refresh(world, { user, line }, 1);
    await revoke(world, { user, line });
  };
  // Signs in and fetches the keys: from now on each answer is one of something stored.
  await lead();
  const { trace, detach } = await attach(deployment.nodes[0]?.pid() ?? 0, bench.folder);
  bench.after(detach);
  const rounds = Math.max(10, Math.round(150 * bench.size.scale));
  for (let round = 0; round < rounds; round += 1) await lead();
  await detach();
  const audit = read(readFileSync(trace, 'utf8'));
  if (audit.acknowledged !== rounds * 4)
    throw new Error(`${rounds * 4} answers were given, the trace has ${audit.acknowledged}.`);
  return { ...audit, violations: [...audit.violations, ...stage.tally.violations()] };
}

async function attach(pid: number, folder: string): Promise<{ trace: string; detach: () => Promise<void> }> {
  if (spawnSync('strace', ['-V']).error !== undefined)
    throw new Skipped('there is no strace to look at system calls with');
  const trace = join(folder, 'trace');
  const calls = 'trace=pwrite64,pwritev,fdatasync,fsync,write,writev,sendto,sendmsg';
  const tracer: ChildProcess = spawn('strace', [
    '-f',
    '-y',
    '-s',
    '40',
    '-e',
    calls,
    '-o',
    trace,
    '-p',
    String(pid),
  ]);
  let said = '';
  tracer.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  for (let waited = 0; !/attached/.test(said); waited += 10) {
    if (tracer.exitCode !== null || waited > 5000)
      throw new Skipped(`strace cannot look at another process here: ${said.trim()}`);
    await pause(10);
  }
  await pause(100);
  let ended: Promise<unknown> | undefined;
  return {
    trace,
    detach: async () => {
      ended ??= once(tracer, 'exit');
      tracer.kill('SIGINT');
      await ended;
    },
  };
}

/** Reads a trace in its order. A sync counts when it has come back, a write when it was begun. */
function read(trace: string): Audit {
  const violations: Violation[] = [];
  const syncing = new Set<string>();
  let acknowledged = 0;
  let syncs = 0;
  let syncsOfThis = 0;
  let isDirty = false;
  const synced = (): void => {
    syncs += 1;
    syncsOfThis += 1;
    isDirty = false;
  };
  for (const line of trace.split('\n')) {
    const [thread = ''] = line.split(' ');
    if (/ pwritev?(64)?\(\d+<[^>]*-wal>/.test(line)) isDirty = true;
    else if (/ fd?a?t?a?sync\(\d+<[^>]*-wal>/.test(line)) {
      if (line.includes('unfinished')) syncing.add(thread);
      else synced();
    } else if (/<\.\.\. fd?a?t?a?sync resumed>/.test(line)) {
      if (syncing.delete(thread)) synced();
    } else if (/ (write|writev|sendto|sendmsg)\(\d+<(socket|TCP)[^>]*>.*"HTTP\/1\.1 (200|303)/.test(line)) {
      acknowledged += 1;
      const what = isDirty ? 'with something written and not synced' : 'without a sync';
      if (syncsOfThis === 0 || isDirty)
        violations.push({ invariant: 'I1', what: `answer ${acknowledged} went out ${what}` });
      syncsOfThis = 0;
    }
  }
  return { acknowledged, syncs, violations };
}
