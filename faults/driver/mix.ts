import { setTimeout as pause } from 'node:timers/promises';
import type { Dice } from '../kit/random.ts';
import type { ClientName } from './clients.ts';
import type { Line } from './line.ts';
import { look } from './look.ts';
import { obtainCode, type VirtualUser, virtualUser } from './sign-in.ts';
import { exchange, refresh, revoke } from './token-calls.ts';
import type { World } from './world.ts';

/** A running mix of flows. */
export type Mix = Readonly<{
  users: readonly VirtualUser[];
  /** Every line that is kept, the oldest first. */
  lines: () => readonly Line[];
  /** Lets each user finish the flow it is in. */
  stop: () => Promise<void>;
}>;

export type MixOptions = Readonly<{
  users: number;
  /** Lines kept for the checker; above it, old ones go at random. */
  keep?: number;
  /** Milliseconds that a user waits after each flow. */
  rest?: number;
  clients?: readonly ClientName[];
  /** Part of the flows that are full sign-ins. */
  signIns?: number;
}>;

const CLIENTS: readonly ClientName[] = ['web-basic', 'web-post', 'spa'];

/** Keeps so many people busy: 55 % code exchange, 30 % refresh, 5 % revoke, 5 % introspect, 5 % full sign-in. */
export function startMix(world: World, options: MixOptions): Mix {
  const { keep = 20_000, rest = 0, clients = CLIENTS, signIns = 0.05 } = options;
  const users = Array.from({ length: options.users }, (_, index) => virtualUser(index));
  let lines: Line[] = [];
  const state = { isOver: false };

  const remember = (line: Line, dice: Dice): void => {
    lines.push(line);
    if (lines.length <= keep * 1.1) return;
    // The newest are at risk; of the old ones a random part stays.
    const fresh = lines.slice(-Math.floor(keep / 2));
    const old = lines.slice(0, -Math.floor(keep / 2)).filter(() => dice.chance(0.8));
    lines = [...old, ...fresh];
  };
  const lead = async (user: VirtualUser): Promise<void> => {
    const dice = world.dice.named(`user ${user.index}`);
    const own: Line[] = [];
    while (!state.isOver) {
      const line = await step({ ...world, dice }, user, { own, clients, signIns });
      if (line !== undefined) {
        own.push(line);
        if (own.length > 60) own.shift();
        remember(line, dice);
      }
      if (rest > 0) await pause(rest * 2 * dice.next());
    }
  };
  const busy = Promise.all(users.map(lead));
  return {
    users,
    lines: () => lines,
    stop: async () => {
      state.isOver = true;
      await busy;
    },
  };
}

type Surroundings = Readonly<{ own: readonly Line[]; clients: readonly ClientName[]; signIns: number }>;

/** One flow of one person; gives the line that it began. */
async function step(world: World, user: VirtualUser, given: Surroundings): Promise<Line | undefined> {
  const { dice } = world;
  const { own, clients, signIns } = given;
  const thrown = dice.next();
  const living = own.filter((line) => line.state === 'living' && Date.now() < line.refreshEndsAt - 8000);
  if (thrown < 0.55 + signIns || living.length === 0) {
    const wish = { client: dice.pick(clients), fresh: thrown >= 0.55 && thrown < 0.55 + signIns };
    const line = await obtainCode(world, user, wish);
    if (line !== undefined) await alone(line, () => exchange(world, { user, line }));
    return line;
  }
  const line = dice.pick(living);
  const tabs = dice.chance(0.1) ? 2 : 1;
  const rest = (1 - thrown) / (0.45 - signIns);
  if (rest < 0.75) await alone(line, () => refresh(world, { user, line }, tabs));
  else if (rest < 0.875) await alone(line, () => revoke(world, { user, line }));
  else {
    const known = own.filter((one) => one.access !== undefined);
    await look(world, { user, line: dice.pick(known) }, dice.pick(world.target.ports()));
  }
  return undefined;
}

async function alone(line: Line, work: () => Promise<void>): Promise<void> {
  line.isBusy = true;
  await work();
  line.isBusy = false;
}
