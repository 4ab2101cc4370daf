import { judgeSub } from './judge.ts';
import type { Line } from './line.ts';
import { type Owned, post } from './token-calls.ts';
import { call, jsonOf, type Outcome, type World } from './world.ts';

/** Milliseconds after which a revocation is known on every node. */
export const REVOCATION_BOUND = 1000;
/** Milliseconds around an expiry in which nothing is judged. */
export const TOLERANCE = 3000;

export type Expected = 'active' | 'inactive' | undefined;

/** What must be said of the line's access token now; undefined where the client cannot know. */
export function expectedOf(line: Line, now = Date.now()): Expected {
  const { access, state } = line;
  if (access === undefined || line.isBusy) return undefined;
  if (now > access.expiresAt + TOLERANCE) return 'inactive';
  if (state === 'revoked') return now - line.revokedAt > REVOCATION_BOUND ? 'inactive' : undefined;
  return state === 'living' && now < access.expiresAt - TOLERANCE ? 'active' : undefined;
}

/**
 * Asks introspection and userinfo for the line's access token, and introspection for its refresh token, at one node. False when there
 * was no answer.
 */
export async function look(world: World, owned: Owned, port: number): Promise<boolean> {
  const { line } = owned;
  const token = line.access?.token ?? '';
  const seen: Outcome[] = [];
  const inspects = line.client !== 'spa';
  if (inspects) seen.push(await inspect(world, owned, token, port));
  const userinfo = await call(
    world,
    { path: '/userinfo', headers: { authorization: `Bearer ${token}` } },
    { kind: 'userinfo', user: line.user, line: line.id, sent: token, port },
  );
  seen.push(userinfo);
  const living = line.refresh.at(-1);
  const refreshed = inspects && living !== undefined ? await inspect(world, owned, living, port) : undefined;
  if (refreshed !== undefined) seen.push(refreshed);
  if (seen.some(({ kind }) => kind === 'unknown' || kind === 'unsent' || kind === 'unavailable'))
    return false;
  // Judged by what is known after the answers: a call may have changed the line meanwhile.
  const expected = expectedOf(line);
  if (expected === undefined || (line.access?.token ?? '') !== token) return true;
  if (line.refresh.at(-1) !== living) return true;
  const isOver = Date.now() > Math.min(line.access?.expiresAt ?? 0, line.refreshEndsAt) - TOLERANCE;
  if (inspects) judgeInspection(world, owned, seen[0], { expected, what: 'access token' });
  judgeUserinfo(world, owned, userinfo, expected);
  if (refreshed !== undefined && !isOver)
    judgeInspection(world, owned, refreshed, { expected, what: 'refresh token' });
  world.tally.note('tokens looked at', seen.length);
  return true;
}

const inspect = (world: World, owned: Owned, token: string, port: number): Promise<Outcome> =>
  post(world, owned, 'introspect', { token, path: '/introspect', sent: token, port: String(port) });

type Judged = Readonly<{ expected: Expected; what: string }>;

function judgeInspection(
  world: World,
  { user, line }: Owned,
  outcome: Outcome | undefined,
  { expected, what }: Judged,
): void {
  if (outcome === undefined || !('reply' in outcome)) return;
  const answer = jsonOf(outcome.reply.body);
  const isAsExpected = answer['active'] === (expected === 'active');
  if (!isAsExpected) blame(world, line, { expected, what }, 'introspection');
  if (!isAsExpected || expected === 'inactive') return;
  judgeSub(world, user, answer, line);
  if (answer['client_id'] !== line.client)
    world.tally.violate('I9', `line ${line.id}: introspection says client ${String(answer['client_id'])}`);
}

function judgeUserinfo(world: World, { user, line }: Owned, outcome: Outcome, expected: Expected): void {
  if (!('reply' in outcome)) return;
  const isActive = outcome.reply.status === 200;
  if (isActive !== (expected === 'active'))
    blame(world, line, { expected, what: 'access token' }, 'userinfo');
  else if (isActive) judgeSub(world, user, jsonOf(outcome.reply.body), line);
}

function blame({ tally }: World, line: Line, { expected, what }: Judged, where: string): void {
  const invariant = expected === 'active' ? 'I1' : 'I6';
  const says = expected === 'active' ? 'is dead' : 'is alive';
  tally.violate(invariant, `line ${line.id} (${line.state}): the ${what} ${says} at ${where}`);
}
