import { INVARIANTS, type Violation } from '../driver/tally.ts';
import type { Experiment } from '../experiment.ts';
import { dice } from '../kit/random.ts';
import { makePlan } from '../simulation/plan.ts';
import { loadProgram, renderPlan, shrink, simulate } from '../simulation/simulate.ts';

/** E23: the verbs of the store under a seeded scheduler, with faults at every access; a failing seed is made as small as it goes. */
export const simulation: Experiment = {
  id: 'E23',
  title: 'simulation of the verbs',
  databases: ['sqlite'],
  run: async (bench) => {
    const program = await loadProgram(bench.program);
    const violations: Violation[] = [];
    const sums = { seeds: 0, steps: 0, turns: 0, broken: 0 };
    const until = Date.now() + Math.max(2500, 60_000 * bench.size.scale);
    while (Date.now() < until && violations.length < 3) {
      const seed = bench.dice.below(2 ** 31);
      const { faults, steps, turns, broken } = await simulate(program, seed);
      sums.seeds += 1;
      sums.steps += steps;
      sums.turns += turns;
      sums.broken += broken;
      const [first] = faults;
      if (first === undefined) continue;
      const least = await shrink(program, seed, makePlan(dice(seed).named('plan')));
      const invariant = INVARIANTS.find((one) => first.startsWith(`${one}:`)) ?? 'I2';
      violations.push({ invariant, what: `seed ${seed}: ${first}; with ${renderPlan(least)}` });
    }
    return {
      figure: `${sums.seeds} seeds, ${sums.steps} steps in ${sums.turns} turns, ${sums.broken} failed accesses, ${violations.length} violations`,
      violations,
    };
  },
};
