import { REDIRECT } from './clients.ts';
import type { Line } from './line.ts';
import { expectedOf, look, TOLERANCE } from './look.ts';
import type { Mix } from './mix.ts';
import type { VirtualUser } from './sign-in.ts';
import { type Owned, post } from './token-calls.ts';
import type { World } from './world.ts';

/** Does the work for each item, so many at a time. */
export async function atOnce<Item>(
  many: number,
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) await work(item);
    }
  };
  await Promise.all(Array.from({ length: many }, worker));
}

const AT_ONCE = 16;

/** Replays the tokens of every line that was touched since, at one node or all, while the mix may go on (I1, I6, I9). */
export async function checkLines(world: World, mix: Mix, since: number): Promise<number> {
  const lines = mix.lines().filter((line) => line.touchedAt >= since && expectedOf(line) !== undefined);
  await atOnce(AT_ONCE, lines, (line) =>
    lookTwice(world, owned(mix, line), world.dice.pick(world.target.ports())),
  );
  return lines.length;
}

/** A node that is just starting gives no answer: then it is asked again. */
async function lookTwice(world: World, one: Owned, port: number): Promise<void> {
  for (let tries = 0; tries < 200 && world.tally.noted('lines without an answer') < 5; tries += 1) {
    if (await look(world, one, port)) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  world.tally.note('lines without an answer');
  world.tally.violate('I5', `line ${one.line.id} cannot be looked at`);
}

const owned = (mix: Mix, line: Line): Owned => {
  const user: VirtualUser | undefined = mix.users[line.user];
  if (user === undefined) throw new Error('A line has an owner.');
  return { user, line };
};

export type FinalCheck = Readonly<{ looked: number; refreshed: number; replayed: number }>;

/**
 * The last check, of a mix that has stopped: every line at every node; then every living refresh token is used (I1), every revoked one
 * refused (I6), and every spent code sent once more, which must be refused (I2) and end the line.
 */
export async function finalCheck(world: World, mix: Mix, most = 20_000): Promise<FinalCheck> {
  const ports = world.target.ports();
  const lines = sample(world, mix.lines(), most);
  for (const port of ports) {
    const judged = lines.filter((line) => expectedOf(line) !== undefined);
    await atOnce(AT_ONCE, judged, (line) => lookTwice(world, owned(mix, line), port));
  }
  const used = lines.filter((line) => ['living', 'revoked'].includes(line.state) && line.refresh.length > 0);
  await atOnce(AT_ONCE, used, (line) => useRefreshToken(world, owned(mix, line)));
  const spent = lines.filter((line) => line.access !== undefined);
  await atOnce(AT_ONCE, spent, (line) => replayCode(world, owned(mix, line)));
  return { looked: lines.length, refreshed: used.length, replayed: spent.length };
}

function sample(world: World, lines: readonly Line[], most: number): readonly Line[] {
  return lines.length <= most ? lines : lines.filter(() => world.dice.chance(most / lines.length));
}

async function useRefreshToken(world: World, one: Owned): Promise<void> {
  const { line } = one;
  const token = line.refresh.at(-1) ?? '';
  const form = { grant_type: 'refresh_token', refresh_token: token, sent: token };
  if (Date.now() > line.refreshEndsAt - TOLERANCE) return;
  const outcome = await post(world, one, 'refresh', form);
  if (line.state === 'living' && outcome.kind === 'refused')
    world.tally.violate(
      'I1',
      `line ${line.id}: the living refresh token is refused at the end: ${outcome.error}`,
    );
  if (line.state === 'revoked' && outcome.kind === 'ok')
    world.tally.violate('I6', `line ${line.id}: a revoked refresh token is good at the end`);
}

async function replayCode(world: World, one: Owned): Promise<void> {
  const { line } = one;
  const outcome = await post(world, one, 'exchange', {
    grant_type: 'authorization_code',
    code: line.code,
    redirect_uri: REDIRECT,
    code_verifier: line.verifier,
    sent: line.code,
  });
  if (outcome.kind === 'ok') world.tally.violate('I2', `line ${line.id}: its code is good twice`);
  world.tally.note('spent codes sent again');
}
