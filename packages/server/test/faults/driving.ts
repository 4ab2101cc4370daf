import { type Answered, answerOf, basic, type Person, post, request } from '../support/person.ts';
import type { Signet } from '../support/signet.ts';

/** An answer, or `unknown` when the connection broke and nobody can tell whether it was done. */
export type Outcome = Answered | 'unknown';

export const OFFLINE = request({ scope: 'openid offline_access' });

/** Numbers between 0 and 1 that are the same for the same seed (a linear congruential generator). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Does the work for each item, so many at a time, in order. An item for which it gives `stop` is the last to be begun. */
export async function atOnce<Item>(
  many: number,
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) {
      if ((await work(item)) === 'stop') left.length = 0;
    }
  };
  await Promise.all(Array.from({ length: many }, worker));
}

/** That many codes for the person, who is signed in already. */
export async function codesFor(person: Person, count: number): Promise<string[]> {
  const codes: string[] = [];
  await atOnce(16, Array(count).fill(OFFLINE), async (parameters) => {
    const { code } = answerOf(await person.authorize({ ...parameters, prompt: 'none' }));
    if (code === undefined) throw new Error('There was no code.');
    codes.push(code);
  });
  return codes;
}

/** What came of a call, with a broken connection told as such. */
export const outcomeOf = (call: Promise<Answered>): Promise<Outcome> =>
  call.catch((fault: unknown) => {
    if (fault instanceof TypeError) return 'unknown';
    throw fault;
  });

export const introspect = (signet: Signet, token: string): Promise<Answered> =>
  post(signet.url('/introspect'), { token }, basic());

export const revoke = (signet: Signet, token: string): Promise<Answered> =>
  post(signet.url('/revoke'), { token }, basic());
