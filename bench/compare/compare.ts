import { writeFileSync } from 'node:fs';
import type { Cost } from '../limit/cost.ts';
import type { Primitives } from '../limit/primitives.ts';
import { atPlace } from '../targets/place.ts';
import { measureCases, measureLimit, startContenders, stopContenders } from './measure.ts';
import { type CompareOptions, compareOptions } from './options.ts';
import { comparisonReport } from './report.ts';
import { comparisonOf } from './result.ts';

/** The comparison in one run on this machine: limit, Signet on both databases, the peers. Prints the tables. */
export async function compare(args: readonly string[], say: (text: string) => void): Promise<void> {
  const asked = compareOptions(args);
  const { directory, contenders, connections, rounds, milliseconds } = asked;
  const wantsPostgres = contenders.includes('Signet PostgreSQL');
  await atPlace({ directory, wantsPostgres }, say, async (place) => {
    const options = place.postgres === undefined ? withoutPostgres(asked) : asked;
    const heading =
      `${place.told}; ${connections} connections, ${rounds} rounds of ${milliseconds} ms; ` +
      'SQLite with synchronous=FULL, PostgreSQL with its defaults';
    say(heading);
    const before = measureLimit(options, place);
    const started = await startContenders(options, place);
    const measured = await measureCases(options, started, say);
    await stopContenders(started);
    const comparison = comparisonOf(measured, between(before, measureLimit(options, place)));
    say(`\n${comparisonReport(comparison)}`);
    if (options.out !== undefined) {
      writeFileSync(options.out, `${JSON.stringify({ heading, ...comparison }, null, 1)}\n`);
    }
  });
}

const withoutPostgres = (options: CompareOptions): CompareOptions => ({
  ...options,
  contenders: options.contenders.filter((name) => name !== 'Signet PostgreSQL'),
});

/** The primitives are measured before and after the cases; in between they cost the mean. */
function between(before: Primitives, after: Primitives): Primitives {
  const mean = (one: number, other: number): number => (one + other) / 2;
  const cost = (one: Cost, other: Cost): Cost => ({
    cpu: mean(one.cpu, other.cpu),
    elapsed: mean(one.elapsed, other.elapsed),
  });
  const each = (kind: 'sign' | 'verify'): Primitives['sign'] => ({
    ES256: mean(before[kind].ES256, after[kind].ES256),
    RS256: mean(before[kind].RS256, after[kind].RS256),
  });
  return {
    sign: each('sign'),
    verify: each('verify'),
    mint: mean(before.mint, after.mint),
    digest: mean(before.digest, after.digest),
    lookUp: mean(before.lookUp, after.lookUp),
    insert: cost(before.insert, after.insert),
    rotate: cost(before.rotate, after.rotate),
  };
}
