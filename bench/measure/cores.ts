import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** What is put before a server's command to run it on core 0, and to run it on every core; and what to tell of it. */
export type Cores = Readonly<{ prefix: readonly string[]; everyCore: readonly string[]; told: string }>;

/** Everybody runs where the system puts them. */
export const NOT_PINNED: Cores = { prefix: [], everyCore: [], told: 'nothing is pinned' };

/** Pins this process, the generator, to core 1. Without taskset or a second core nothing is pinned, and that is told. */
export function pinGenerator(): Cores {
  const cores = availableParallelism();
  const unpinned = (reason: string): Cores => ({ ...NOT_PINNED, told: `nothing is pinned: ${reason}` });
  if (cores < 2) return unpinned('there is one core, so server and generator share it');
  try {
    execFileSync('taskset', ['-acp', '1', String(process.pid)], { stdio: 'ignore' });
  } catch {
    return unpinned('there is no taskset here');
  }
  return {
    prefix: ['taskset', '-c', '0'],
    everyCore: ['taskset', '-c', `0-${cores - 1}`],
    told: 'server on core 0, generator on core 1',
  };
}
