import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

// Loaded into a server with `node --import`: at SIGUSR2 it writes how long its event loop has stood still since the last signal, in
// milliseconds, to the file that BENCH_LOOP_FILE names.

const file = process.env.BENCH_LOOP_FILE ?? '';
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
process.on('SIGUSR2', () => {
  const milliseconds = (nanoseconds: number): number => nanoseconds / 1e6;
  const stalls = { p99: milliseconds(delay.percentile(99)), longest: milliseconds(delay.max) };
  writeFileSync(file, JSON.stringify(stalls));
  delay.reset();
});
