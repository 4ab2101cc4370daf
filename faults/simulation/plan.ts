import type { Dice } from '../kit/random.ts';

/** One call of a verb. Numbers name the things of the simulated household: the n-th grant, session and so on. */
export type Step =
  | Readonly<{ verb: 'redeem' | 'revoke' | 'find grant'; grant: number }>
  | Readonly<{ verb: 'rotate'; grant: number; generation: number }>
  | Readonly<{ verb: 'use assertion'; assertion: number }>
  | Readonly<{ verb: 'revoke access token' | 'access token is revoked'; token: number }>
  | Readonly<{ verb: 'attempt' | 'clear attempts'; subject: number }>
  | Readonly<{ verb: 'save grant' | 'end session'; session: number }>
  | Readonly<{ verb: 'disable user'; user: number }>
  | Readonly<{ verb: 'first administrator'; name: number }>
  | Readonly<{ verb: 'add key'; key: number }>
  | Readonly<{ verb: 'clean up' }>;

/** What each actor does, one step after the other; the actors at once. */
export type Plan = readonly (readonly Step[])[];

export const SIZES = {
  actors: 8,
  steps: 10,
  grants: 4,
  assertions: 2,
  tokens: 2,
  subjects: 1,
  sessions: 2,
  users: 2,
};

/** Steps drawn so that the actors meet at few things: there is where races are. */
export function makePlan(dice: Dice): Plan {
  const one = (): Step => {
    const grant = dice.below(SIZES.grants);
    const session = dice.below(SIZES.sessions);
    const token = dice.below(SIZES.tokens);
    const drawn = dice.next();
    if (drawn < 0.25) return { verb: 'redeem', grant };
    if (drawn < 0.5) return { verb: 'rotate', grant, generation: dice.below(4) };
    if (drawn < 0.56) return { verb: 'revoke', grant };
    if (drawn < 0.62) return { verb: 'find grant', grant };
    if (drawn < 0.68) return { verb: 'use assertion', assertion: dice.below(SIZES.assertions) };
    if (drawn < 0.71) return { verb: 'revoke access token', token };
    if (drawn < 0.74) return { verb: 'access token is revoked', token };
    if (drawn < 0.83) return { verb: 'attempt', subject: dice.below(SIZES.subjects) };
    if (drawn < 0.85) return { verb: 'clear attempts', subject: dice.below(SIZES.subjects) };
    if (drawn < 0.89) return { verb: 'save grant', session };
    if (drawn < 0.91) return { verb: 'end session', session };
    if (drawn < 0.92) return { verb: 'disable user', user: dice.below(SIZES.users) };
    if (drawn < 0.95) return { verb: 'first administrator', name: dice.below(3) };
    if (drawn < 0.97) return { verb: 'add key', key: Math.floor(dice.next() * 1e9) };
    return { verb: 'clean up' };
  };
  return Array.from({ length: SIZES.actors }, () => Array.from({ length: SIZES.steps }, one));
}
