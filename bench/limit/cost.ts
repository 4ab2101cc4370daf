import { median } from '../measure/statistics.ts';

/** CPU and elapsed microseconds of one operation. */
export type Cost = Readonly<{ cpu: number; elapsed: number }>;

const RUNS = 5;

/** Median cost of one of the `per` operations that `work` does, over runs of that many milliseconds. */
export function costOf(work: () => void, per = 1, milliseconds = 60): Cost {
  const cpu: number[] = [];
  const elapsed: number[] = [];
  // The first run warms up.
  for (let run = 0; run <= RUNS; run += 1) {
    const started = performance.now();
    const before = process.cpuUsage();
    let count = 0;
    for (; performance.now() - started < milliseconds; count += per) work();
    const { user, system } = process.cpuUsage(before);
    if (run === 0) continue;
    cpu.push((user + system) / count);
    elapsed.push(((performance.now() - started) * 1000) / count);
  }
  return { cpu: median(cpu), elapsed: median(elapsed) };
}
