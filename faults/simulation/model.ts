import type { Store } from '../../packages/server/src/store/store.ts';
import { NOW } from '../../packages/server/test/store/samples.ts';
import { CODE_LIFE, type Household } from './household.ts';
import { SIZES, type Step } from './plan.ts';

/** A step that was done: between which turns, at what time, and what came of it; `failed` may have been done or not. */
export type Event = Readonly<{ step: Step; begin: number; end: number; now: number; came: string }>;

type Faults = (what: string) => void;

/** Compares what was said with what may have been said, and with what stands in the store at the end. Gives all that does not fit. */
export async function judge(
  events: readonly Event[],
  store: Store,
  home: Household,
): Promise<readonly string[]> {
  const faults: string[] = [];
  const violate: Faults = (what) => void faults.push(what);
  for (let grant = 0; grant < SIZES.grants; grant += 1)
    await judgeGrant({ events, store, home, violate }, grant);
  judgeAtMostOnce(events, violate);
  judgeAttempts(events, violate);
  await judgeEndings({ events, store, home, violate });
  return faults;
}

type Judged = Readonly<{ events: readonly Event[]; store: Store; home: Household; violate: Faults }>;

const isOf = (event: Event, verb: Step['verb'], grant: number): boolean =>
  event.step.verb === verb && 'grant' in event.step && event.step.grant === grant;

async function judgeGrant({ events, store, home, violate }: Judged, grant: number): Promise<void> {
  const row = await store.findGrant(home.tenant, home.grants[grant] ?? 0);
  const own = (verb: Step['verb']): readonly Event[] => events.filter((event) => isOf(event, verb, grant));
  if (row === undefined) return violate(`I1: grant ${grant} was deleted before its end`);
  const redeemed = own('redeem').filter(({ came }) => came === 'redeemed');
  const maybe = own('redeem').filter(({ came }) => came === 'failed').length;
  if (redeemed.length > 1) violate(`I2: the code of grant ${grant} was redeemed ${redeemed.length} times`);
  if (redeemed.length === 1 && row.code_redeemed_at === null)
    violate(`I1: the redemption of grant ${grant} is lost`);
  if (redeemed.length + maybe === 0 && row.code_redeemed_at !== null)
    violate(`I2: grant ${grant} was redeemed by nobody`);
  if (own('redeem').some(({ came }) => came === 'replayed') && redeemed.length + maybe === 0)
    violate(`I5: the code of grant ${grant} was replayed before anybody redeemed it`);
  judgeRotations(own('rotate'), row.refresh_generation, { grant, violate });
  const ended = firstEnd(own('revoke'));
  if (ended !== undefined && row.revoked_at === null) violate(`I6: grant ${grant} was revoked and is not`);
  for (const { begin, came, step } of [...own('redeem'), ...own('rotate')]) {
    if (ended !== undefined && begin > ended && ['redeemed', 'rotated'].includes(came))
      violate(`I6: ${step.verb} succeeded on grant ${grant} after its revocation`);
  }
  const late = redeemed.filter(({ now }) => now >= NOW + CODE_LIFE);
  if (late.length > 0) violate(`I1: the code of grant ${grant} was redeemed after its end`);
}

/** The turn in which the first acknowledged one ended: from then on it holds. */
const firstEnd = (events: readonly Event[]): number | undefined => {
  const ends = events.filter(({ came }) => came !== 'failed').map(({ end }) => end);
  return ends.length === 0 ? undefined : Math.min(...ends);
};

type Line = Readonly<{ grant: number; violate: Faults }>;

function judgeRotations(rotations: readonly Event[], generation: number, { grant, violate }: Line): void {
  const rotated = rotations.filter(({ came }) => came === 'rotated');
  const failed = rotations.filter(({ came }) => came === 'failed').length;
  const from = rotated.map(({ step }) => ('generation' in step ? step.generation : -1));
  if (new Set(from).size !== from.length)
    violate(`I3: a refresh token of grant ${grant} has two heirs (from ${from.join(', ')})`);
  if (generation < rotated.length || generation > rotated.length + failed)
    violate(
      `I3: grant ${grant} is at generation ${generation} after ${rotated.length} rotations and ${failed} unknown ones`,
    );
}

/** Of each secret at most one use succeeds, and a first one that did not fail does. */
function judgeAtMostOnce(events: readonly Event[], violate: Faults): void {
  const once = (name: string, uses: readonly Event[], success: string): void => {
    const succeeded = uses.filter(({ came }) => came === success).length;
    const failed = uses.filter(({ came }) => came === 'failed').length;
    if (succeeded > 1) violate(`I2: ${name} succeeded ${succeeded} times`);
    if (uses.length > 0 && succeeded + failed === 0)
      violate(`I5: of ${uses.length} times ${name} none succeeded`);
  };
  for (let assertion = 0; assertion < SIZES.assertions; assertion += 1) {
    const uses = events.filter(({ step }) => step.verb === 'use assertion' && step.assertion === assertion);
    once(`assertion ${assertion}`, uses, 'fresh');
  }
  once(
    'the first administrator',
    events.filter(({ step }) => step.verb === 'first administrator'),
    'created',
  );
  const keys = events.filter(({ step, now }) => step.verb === 'add key' && now > NOW);
  if (keys.filter(({ came }) => came === 'added').length > 1) violate('I8: two keys were added at once');
}

const ALLOWED_AT_ONCE = 5;

/** No five and more attempts are let through before a wait, however they come in (I7). */
function judgeAttempts(events: readonly Event[], violate: Faults): void {
  for (let subject = 0; subject < SIZES.subjects; subject += 1) {
    const own = events.filter(({ step }) => 'subject' in step && step.subject === subject);
    const clears = own.filter(({ step }) => step.verb === 'clear attempts');
    const allowed = own.filter(({ step, came }) => step.verb === 'attempt' && came === 'allowed');
    for (const first of allowed) {
      const together = allowed.filter(
        ({ now, begin }) =>
          now === first.now && begin >= first.begin && !clears.some((clear) => clear.end >= first.begin),
      );
      if (together.length > ALLOWED_AT_ONCE)
        violate(`I7: ${together.length} attempts at one moment were let through`);
    }
  }
}

/** A session that has ended has no grants that were given later; a disabled user has neither; a revoked token stays so. */
async function judgeEndings({ events, store, home, violate }: Judged): Promise<void> {
  for (const { step, begin, came } of events) {
    if (step.verb === 'save grant' && came !== 'failed') {
      const grant = await store.findGrant(home.tenant, Number(came));
      const ended = firstEnd(
        events.filter((event) => event.step.verb === 'end session' && event.step.session === step.session),
      );
      if (ended !== undefined && begin > ended && grant !== undefined && grant.revoked_at === null)
        violate(`I6: a grant was given on session ${step.session} after its end`);
    }
    if (step.verb === 'access token is revoked' && came === 'false') {
      const revoked = firstEnd(
        events.filter(
          (event) => event.step.verb === 'revoke access token' && event.step.token === step.token,
        ),
      );
      if (revoked !== undefined && begin > revoked)
        violate(`I6: access token ${step.token} was revoked and is not`);
    }
  }
  for (const [index, user] of home.users.entries()) {
    const disabled = firstEnd(
      events.filter(({ step }) => step.verb === 'disable user' && step.user === index),
    );
    if (disabled === undefined) continue;
    if ((await store.listSessions(home.tenant, user)).length > 0)
      violate(`I6: user ${index} is disabled and has sessions`);
  }
}
