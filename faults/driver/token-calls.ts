import { setTimeout as pause } from 'node:timers/promises';
import { proofOf, REDIRECT } from './clients.ts';
import { judgeTokens } from './judge.ts';
import type { Line } from './line.ts';
import type { VirtualUser } from './sign-in.ts';
import { call, jsonOf, type Outcome, type World } from './world.ts';

type Form = Readonly<Record<string, string>>;
export type Owned = Readonly<{ user: VirtualUser; line: Line }>;

/** One request of the line's client to an endpoint that takes forms. */
export function post(
  world: World,
  { line }: Owned,
  kind: string,
  form: Form & { sent: string; path?: string; port?: string },
): Promise<Outcome> {
  const { sent, path = '/token', port, ...fields } = form;
  const jti = `${line.id}-${Math.floor(world.dice.next() * 2 ** 48).toString(36)}`;
  const proof = proofOf(line.client, world.target.issuer, jti);
  return call(
    world,
    { path, headers: proof.headers, form: { ...fields, ...proof.form } },
    {
      kind,
      user: line.user,
      line: line.id,
      sent,
      ...(port !== undefined && { port: Number(port) }),
      given: ({ body }) =>
        ['access_token', 'refresh_token', 'id_token'].flatMap((name) => {
          const token = jsonOf(body)[name];
          return typeof token === 'string' ? [token] : [];
        }),
    },
  );
}

const sendCode = (world: World, owned: Owned): Promise<Outcome> =>
  post(world, owned, 'exchange', {
    grant_type: 'authorization_code',
    code: owned.line.code,
    redirect_uri: REDIRECT,
    code_verifier: owned.line.verifier,
    sent: owned.line.code,
  });

/**
 * Exchanges the line's code. A code whose answer was lost is sent once more: either it is good now, or it was spent, and then the
 * client goes for a new authorization.
 */
export async function exchange(world: World, owned: Owned): Promise<void> {
  const { tally } = world;
  const { line } = owned;
  let isUnsure = false;
  for (let start = Date.now(); Date.now() - start < world.patience; ) {
    const outcome = await sendCode(world, owned);
    line.touchedAt = Date.now();
    if (outcome.kind === 'ok') {
      if (isUnsure) tally.note('unknown exchanges that had not been applied');
      return keep(world, owned, await judgeTokens(world, owned, outcome.reply, true));
    }
    if (outcome.kind === 'refused') {
      line.state = 'unsure';
      if (isUnsure) tally.note('unknown exchanges that had been applied');
      else tally.violate('I1', `line ${line.id}: the first use of a fresh code is refused: ${outcome.error}`);
      return;
    }
    if (outcome.kind !== 'unsent') isUnsure = true;
    await pause(10 + world.dice.below(30));
  }
  line.state = 'unsure';
  tally.note('codes given up');
}

type Given = Awaited<ReturnType<typeof judgeTokens>>;

function keep({ tally, refreshLife }: World, { line }: Owned, given: Given): void {
  // Counted from before it was made: the request took a while.
  line.refreshEndsAt = given.access.issuedAt + refreshLife;
  line.access = given.access;
  if (given.idToken !== undefined) line.idToken = given.idToken;
  if (given.refresh === undefined) tally.violate('I9', `line ${line.id}: there is no refresh token`);
  else if (line.refresh.at(-1) !== given.refresh) line.refresh.push(given.refresh);
  line.state = 'living';
}

const sendRefresh = (world: World, owned: Owned, token: string): Promise<Outcome> =>
  post(world, owned, 'refresh', { grant_type: 'refresh_token', refresh_token: token, sent: token });

/** Milliseconds within which a client repeats a refresh whose answer it never got; the server's grace is longer. */
const RESEND_WITHIN = 25_000;

/**
 * Refreshes with the living token, sometimes in two tabs at once. What got no answer is sent again within the grace: that must never
 * cost the line (I4), and all answers must name the same heir (I3).
 */
export async function refresh(world: World, owned: Owned, tabs: number): Promise<void> {
  const { line } = owned;
  const token = line.refresh.at(-1) ?? '';
  const start = Date.now();
  const limit = Math.min(RESEND_WITHIN, world.patience);
  for (let attempt = 0; Date.now() - start < limit; attempt += 1) {
    const many = attempt === 0 ? tabs : 1;
    const outcomes = await Promise.all(Array.from({ length: many }, () => sendRefresh(world, owned, token)));
    line.touchedAt = Date.now();
    if (await settle(world, owned, outcomes, attempt > 0)) return;
    await pause(10 + world.dice.below(30));
  }
  // Longer than the grace: what the server makes of the old token now is its own affair.
  line.state = 'unsure';
  world.tally.note('refreshes given up after the grace');
}

/** True when the line knows again where it stands. */
async function settle(
  world: World,
  owned: Owned,
  outcomes: readonly Outcome[],
  isRepeated: boolean,
): Promise<boolean> {
  const { tally } = world;
  const { line } = owned;
  const refused = outcomes.find((outcome) => outcome.kind === 'refused');
  if (refused !== undefined) {
    const how = isRepeated ? 'only ever resent' : 'did nothing wrong';
    tally.violate('I4', `line ${line.id} lost its family (${refused.error}): its client ${how}`);
    line.state = 'unsure';
    return true;
  }
  const answers = [];
  for (const outcome of outcomes) {
    if (outcome.kind === 'ok') answers.push(await judgeTokens(world, owned, outcome.reply, false));
  }
  const heirs = new Set(answers.map((given) => given.refresh));
  if (heirs.size > 1) tally.violate('I3', `line ${line.id} has ${heirs.size} heirs of one token`);
  const [given] = answers;
  if (given === undefined) return false;
  if (isRepeated) tally.note('refreshes repeated after an unknown answer');
  keep(world, owned, given);
  return true;
}

/** Revokes by one of the line's tokens until the server says that it is done. */
export async function revoke(world: World, owned: Owned): Promise<void> {
  const { dice, tally } = world;
  const { line } = owned;
  const token = (dice.chance(0.5) ? line.access?.token : undefined) ?? line.refresh.at(-1) ?? '';
  line.state = 'revoking';
  for (let start = Date.now(); Date.now() - start < world.patience; ) {
    const outcome = await post(world, owned, 'revoke', { token, path: '/revoke', sent: token });
    line.touchedAt = Date.now();
    if (outcome.kind === 'ok') {
      line.state = 'revoked';
      line.revokedAt = Date.now();
      return;
    }
    if (outcome.kind === 'refused') {
      tally.violate('I6', `line ${line.id}: a revocation was refused: ${outcome.error}`);
      line.state = 'unsure';
      return;
    }
    await pause(10 + dice.below(30));
  }
  tally.note('revocations given up');
}
