import { setTimeout as pause } from 'node:timers/promises';
import type { Reply } from '../kit/http-answer.ts';
import { cookieHeader, formOf, type Jar, keepCookies, parametersOf, pathOf } from './browser.ts';
import { account, addressOf, type ClientName, challengeOf, REDIRECT } from './clients.ts';
import type { Line } from './line.ts';
import { call, type Outcome, type World } from './world.ts';

/** A person at a browser. */
export type VirtualUser = {
  readonly index: number;
  jar: Jar;
  /** Whether a sign-in was acknowledged, so that the session must be there. */
  isSignedIn: boolean;
  /** What the first ID token said of the person; every later one must say the same. */
  sub: string | undefined;
};

export const virtualUser = (index: number): VirtualUser => ({
  index,
  jar: new Map(),
  isSignedIn: false,
  sub: undefined,
});

/**
 * How a person's steps are given up: `again` after a fault, to begin anew; to wait for milliseconds, since attempts that a kill broke off
 * count as failed ones, and too many of these have to be spaced out (rulings 11).
 */
type Arrived = Readonly<{ code: string } | { wait: number }> | 'again' | 'busy' | 'login';

/** Milliseconds that a 503 asks people to wait. */
const RETRY_AFTER = 5000;

/** Milliseconds beyond which nobody may ever be asked to wait: 2¹⁰ seconds, and a second more for the rounding. */
const LONGEST_WAIT = 1_025_000;

let lines = 0;

/**
 * Takes a person to a code for a client, over a sign-in where one is due or wished, and over every fault. Undefined, and a violation
 * of I5, when there is no way within the world's patience.
 */
export async function obtainCode(
  world: World,
  user: VirtualUser,
  wish: { client: ClientName; fresh: boolean },
): Promise<Line | undefined> {
  const { dice, tally } = world;
  let deadline = Date.now() + world.patience;
  if (wish.fresh) forget(user);
  while (Date.now() < deadline) {
    const asked = newLine(world, user, wish.client);
    const arrived = await ask(world, user, asked);
    if (typeof arrived === 'object' && 'wait' in arrived) {
      tally.note('sign-ins that had to wait');
      if (!(arrived.wait <= LONGEST_WAIT))
        tally.violate('I5', `user ${user.index} has to wait ${arrived.wait} ms`);
      // Told to wait is no dead end: the time is not the person's, and the server keeps its word afterwards or fails here.
      deadline += arrived.wait;
      await pause(arrived.wait);
      continue;
    }
    if (arrived === 'busy') await pause(world.politeness * RETRY_AFTER * dice.between(0.5, 1));
    if (typeof arrived === 'string') {
      await pause(10 + dice.below(20));
      continue;
    }
    return { ...asked, code: arrived.code };
  }
  tally.violate('I5', `user ${user.index} found no way to a code within ${world.patience} ms`);
  return undefined;
}

export function forget(user: VirtualUser): void {
  user.jar = new Map();
  user.isSignedIn = false;
}

function newLine({ dice }: World, user: VirtualUser, client: ClientName): Line {
  lines += 1;
  const random = (): string => `${lines}-${Math.floor(dice.next() * 2 ** 48).toString(36)}`;
  return {
    id: lines,
    user: user.index,
    client,
    nonce: `nonce-${random()}`,
    verifier: `verifier-of-at-least-forty-three-characters-${random()}`,
    code: '',
    state: 'code',
    touchedAt: Date.now(),
    revokedAt: 0,
    access: undefined,
    idToken: undefined,
    refresh: [],
    refreshEndsAt: 0,
    isBusy: false,
  };
}

async function ask(world: World, user: VirtualUser, line: Line): Promise<Arrived> {
  const state = `state-${line.id}`;
  const query = new URLSearchParams({
    client_id: line.client,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: 'openid profile email offline_access',
    state,
    nonce: line.nonce,
    code_challenge: challengeOf(line.verifier),
    code_challenge_method: 'S256',
  });
  const kind = user.isSignedIn ? 'authorize' : 'login';
  const answered = await visit(world, user, kind, { path: `/authorize?${query.toString()}` });
  const arrived = read(world, answered, state);
  if (arrived !== 'login') return arrived;
  if (user.isSignedIn) {
    world.tally.violate('I1', `the acknowledged session of user ${user.index} is gone`);
    forget(user);
    return 'again';
  }
  return signIn(world, user, { page: locationOf(answered), state });
}

async function signIn(
  world: World,
  user: VirtualUser,
  { page, state }: { page: string; state: string },
): Promise<Arrived> {
  const shown = await visit(world, user, 'login', { path: pathOf(page) });
  if (shown.kind === 'unavailable') return 'busy';
  if (shown.kind !== 'ok' || shown.reply.status !== 200) return 'again';
  const { action, fields } = formOf(shown.reply.body);
  const posted = await visit(world, user, 'login', {
    path: pathOf(action),
    form: { ...fields, ...account(user.index) },
  });
  const arrived = read(world, posted, state);
  if (typeof arrived === 'string' || 'wait' in arrived) {
    // Nobody knows whether the session stands: the browser begins anew.
    forget(user);
    return arrived === 'login' ? 'again' : arrived;
  }
  user.isSignedIn = true;
  return arrived;
}

async function visit(
  world: World,
  user: VirtualUser,
  kind: string,
  { path, form }: { path: string; form?: Readonly<Record<string, string>> },
): Promise<Outcome> {
  const headers = { cookie: cookieHeader(user.jar), 'x-forwarded-for': addressOf(user.index) };
  const about = { kind, user: user.index, given: codesIn };
  const outcome = await call(world, { path, headers, ...(form && { form }) }, about);
  if ('reply' in outcome && outcome.kind !== 'unavailable') keepCookies(user.jar, outcome.reply);
  return outcome;
}

/** The code in a redirect to the client. */
const codesIn = ({ headers }: Reply): readonly string[] =>
  [...(headers['location'] ?? '').matchAll(/[?&]code=([^&]+)/g)].map(([, code = '']) => code);

const locationOf = (outcome: Outcome): string =>
  'reply' in outcome ? (outcome.reply.headers['location'] ?? '') : '';

/** Where an answer leads: to the client with a code, to the login page, or nowhere. */
function read({ tally, target }: World, outcome: Outcome, state: string): Arrived {
  if (outcome.kind === 'refused' && outcome.reply.status === 429)
    return { wait: 1000 * Number(outcome.reply.headers['retry-after'] ?? 'NaN') };
  if (outcome.kind === 'unavailable') return 'busy';
  if (outcome.kind !== 'ok') return 'again';
  const location = locationOf(outcome);
  if (location.startsWith(`${target.issuer}/login`)) return 'login';
  if (!location.startsWith(`${REDIRECT}?`)) return 'again';
  const answer = parametersOf(location);
  if (answer['state'] !== state) tally.violate('I9', `asked with ${state}, answered with ${answer['state']}`);
  if (answer['iss'] !== target.issuer) tally.violate('I9', `the answer is of ${answer['iss']}`);
  const code = answer['code'];
  if (code === undefined) {
    tally.violate('I10', `the answer is ${answer['error'] ?? 'empty'} and no code`);
    return 'again';
  }
  return { code };
}
