import { join } from 'node:path';
import type { Database } from '../../packages/server/src/store/database.ts';
import type { Store } from '../../packages/server/src/store/store.ts';
import { NOW } from '../../packages/server/test/store/samples.ts';
import { dice } from '../kit/random.ts';
import { furnish, perform } from './household.ts';
import { type Event, judge } from './model.ts';
import { makePlan, type Plan } from './plan.ts';
import { type Fault, faultyDatabase, scheduler } from './scheduler.ts';

/** The parts of a server under test: this clone's, or a patched copy's. */
export type Program = Readonly<{
  openSqlite: (path: string, now: number) => Database;
  sqlStore: (database: Database) => Store;
  unavailable: () => Error;
}>;

/** Loads the store of a packages/server. */
export async function loadProgram(folder: string): Promise<Program> {
  // What stands there has the shape of this clone's own.
  const { openSqlite } = (await import(join(folder, 'src/store/sqlite.ts'))) as Pick<Program, 'openSqlite'>;
  const { sqlStore } = (await import(join(folder, 'src/store/sql/store.ts'))) as Pick<Program, 'sqlStore'>;
  const { StoreUnavailable } = (await import(join(folder, 'src/store/database.ts'))) as {
    StoreUnavailable: new (message: string) => Error;
  };
  return { openSqlite, sqlStore, unavailable: () => new StoreUnavailable('simulated') };
}

export type Simulated = Readonly<{
  faults: readonly string[];
  steps: number;
  turns: number;
  events: readonly Event[];
  broken: number;
}>;

/** Runs a plan under a seed: who goes on when, which access fails, and when time passes. */
export async function simulate(
  program: Program,
  seed: number,
  plan: Plan = makePlan(dice(seed).named('plan')),
): Promise<Simulated> {
  const luck = dice(seed);
  const database = program.openSqlite(':memory:', NOW);
  const calm = program.sqlStore(database);
  const home = await furnish(calm);
  const order = scheduler(luck.named('order'), NOW);
  const broken: Fault[] = [];
  const probability = luck.pick([0, 0, 0.02, 0.1]);
  const stormy = program.sqlStore(
    faultyDatabase(database, {
      order,
      dice: luck.named('faults'),
      probability,
      fail: program.unavailable,
      onFault: (fault) => void broken.push(fault),
    }),
  );
  const events: Event[] = [];
  const act = async (steps: Plan[number]): Promise<void> => {
    for (const step of steps) {
      await order.turn();
      const [begin, now] = [order.step(), order.now()];
      const came = await perform(stormy, home, step, now).catch((fault: unknown) => {
        if (fault instanceof Error && fault.name === 'StoreUnavailable') return 'failed';
        throw fault;
      });
      events.push({ step, begin, end: order.step(), now, came });
    }
  };
  await order.lead(plan.map(act));
  const faults = await judge(events, calm, home);
  await database.close();
  return { faults, steps: events.length, turns: order.step(), events, broken: broken.length };
}

/** Leaves steps out for as long as the plan still fails: what is left is what it takes. */
export async function shrink(program: Program, seed: number, plan: Plan): Promise<Plan> {
  let smallest = plan;
  for (let part = 8; part >= 1; part = part === 1 ? 0 : Math.floor(part / 2)) {
    for (let actor = 0; actor < smallest.length; actor += 1) {
      for (let at = 0; at < (smallest[actor]?.length ?? 0); ) {
        const smaller = smallest.map((steps, index) => (index === actor ? steps.toSpliced(at, part) : steps));
        if ((await simulate(program, seed, smaller)).faults.length > 0) smallest = smaller;
        else at += part;
      }
    }
  }
  return smallest.filter((steps) => steps.length > 0);
}

/** A plan as somebody reads it. */
export const renderPlan = (plan: Plan): string =>
  plan
    .map((steps) =>
      steps.map(({ verb, ...rest }) => `${verb} ${Object.values(rest).join('/')}`.trim()).join(', '),
    )
    .join(' ‖ ');
