import { setImmediate } from 'node:timers/promises';
import type { Database } from '../../packages/server/src/store/database.ts';
import type { Dice } from '../kit/random.ts';

/** Decides who goes on, one at a time, by its dice alone: the same seed gives the same order. */
export type Order = Readonly<{
  now: () => number;
  /** A number that grows with every turn: what happened before what. */
  step: () => number;
  /** Waits until it is the caller's turn. */
  turn: () => Promise<void>;
  /** Does something of which nobody else's turn may see the middle. */
  alone: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Gives turns until all the tasks are done. */
  lead: (tasks: readonly Promise<unknown>[]) => Promise<void>;
}>;

export function scheduler(dice: Dice, start: number): Order {
  const waiting: (() => void)[] = [];
  let now = start;
  let step = 0;
  const state = { busy: 0 };
  return {
    now: () => now,
    step: () => step,
    turn: () => new Promise((resolve) => waiting.push(resolve)),
    alone: async (work) => {
      state.busy += 1;
      try {
        return await work();
      } finally {
        state.busy -= 1;
      }
    },
    lead: async (tasks) => {
      let areDone = false;
      const all = Promise.all(tasks).finally(() => {
        areDone = true;
      });
      const isOver = (): boolean => areDone;
      while (!isOver()) {
        do await setImmediate();
        while (state.busy > 0);
        step += 1;
        if (dice.chance(0.03)) now += dice.pick([1, 900, 5000, 61_000, 7_200_000]);
        waiting.splice(dice.below(waiting.length), 1)[0]?.();
      }
      await all;
    },
  };
}

/** How a commit fails: it is not done, or it is done and nobody is told. */
export type Fault = 'not done' | 'done but told as failed';

type Faulty = Readonly<{
  order: Order;
  dice: Dice;
  probability: number;
  fail: () => Error;
  onFault: (fault: Fault) => void;
}>;

/** A database whose every access waits for its turn, before and after it is done, and sometimes fails. */
export function faultyDatabase(
  database: Database,
  { order, dice, probability, fail, onFault }: Faulty,
): Database {
  const access = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    await order.turn();
    const fails = dice.chance(probability);
    const fault: Fault = dice.chance(0.5) ? 'not done' : 'done but told as failed';
    if (fails) onFault(fault);
    if (fails && fault === 'not done') throw fail();
    const result = await order.alone(work);
    await order.turn();
    if (fails) throw fail();
    return result;
  };
  return {
    ...database,
    read: (query) => access(() => database.read(query)),
    write: (...statements) => access(() => database.write(...statements)),
  };
}
