import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** How long a server's event loop stood still, in milliseconds; a quiet one is a millisecond late, the resolution of the look. */
export type Stalls = Readonly<{ p99: number; longest: number }>;

const WATCH = fileURLToPath(new URL('watch-loop.ts', import.meta.url));

/** What a server has to be started with for `takeStalls`. */
export const watchedLoop = (
  file: string,
): { nodeArgs: readonly string[]; environment: Record<string, string> } => ({
  nodeArgs: ['--import', WATCH],
  environment: { BENCH_LOOP_FILE: file },
});

/** The stalls of the process since this was last called. */
export async function takeStalls(pid: number, file: string): Promise<Stalls> {
  rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  for (let tries = 0; tries < 500; tries += 1) {
    await pause(10);
    if (!existsSync(file)) continue;
    const text = readFileSync(file, 'utf8');
    // What watch-loop.ts has written.
    if (text !== '') return JSON.parse(text) as Stalls;
  }
  throw new Error('The server does not tell of its event loop.');
}
