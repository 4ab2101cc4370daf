import pLimit from 'p-limit';
import type { Passwords } from '../identity/passwords.ts';
import { eventFor } from '../keys/audit.ts';
import type { Provider } from '../keys/provider.ts';
import { newSub, type User } from '../model/user.ts';
import { type EndedSession, tellOfLogout } from '../oauth/backchannel-logout.ts';
import type { PlannedChange } from '../store/store.ts';
import type { Changes } from './changes.ts';
import { changesOf, clientEvent, storedSecret, usesSecret } from './clients.ts';
import { changeOfDefinition, isOfDefinition } from './definition-plan.ts';
import type { Difference } from './differences.ts';
import { changeOfGroup } from './group-plan.ts';
import { type Plan, planOfNamed, type Step, type Wanted } from './plan.ts';
import type { UserRecord } from './user-record.ts';
import { createdFacts, hashOf, seedDigest } from './users.ts';

/** Changes made ready at once. Each may have a password to hash, and sign-ins want their turn: no more may wait than there is room for. */
const AT_ONCE = 8;

/** Does all that a plan says, or nothing: `stale` when something it rests on was changed since. */
export async function applyPlan(
  provider: Provider,
  passwords: Passwords,
  { steps }: Pick<Plan, 'steps'>,
): Promise<'applied' | 'stale'> {
  const { store, tenant, clock } = provider;
  const changes = await pLimit(AT_ONCE).map(steps, (step) => changeOf(provider, passwords, step));
  const ending = await sessionsEndedBy(provider, steps);
  const outcome = await store.applyPlan(tenant.id, changes, clock());
  if (outcome === 'applied') tellOfLogout(provider, ending);
  return outcome;
}

/** Others that bring the same about at that moment, such as nodes that start together, are waited for so many times. */
const TRIES = 20;

/** Makes the stored clients and users what a configuration asks for. Returns what could not be done, in sentences. */
export async function applyWanted(
  provider: Provider,
  passwords: Passwords,
  wanted: Wanted,
): Promise<readonly string[]> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const plan = await planOfNamed(provider, wanted);
    if ((await applyPlan(provider, passwords, plan)) === 'applied') return plan.faults;
  }
  throw new Error(
    'What the configuration names is changed all the time, so that the configuration could not be applied.',
  );
}

function changeOf(provider: Provider, passwords: Passwords, step: Step): Promise<PlannedChange> {
  if (isOfDefinition(step)) return Promise.resolve(changeOfDefinition(provider, step));
  if (step.kind === 'group') return Promise.resolve(changeOfGroup(provider, step));
  return step.kind === 'client'
    ? Promise.resolve(changeOfClient(provider, step))
    : changeOfUser(provider, passwords, step);
}

function changeOfClient(provider: Provider, step: Extract<Step, { kind: 'client' }>): PlannedChange {
  if (step.action === 'delete') {
    const { metadata, version } = step.before;
    const event = clientEvent(provider, 'client.deleted', metadata);
    return { what: 'delete client', client_id: metadata.client_id, version, events: [event] };
  }
  const { metadata, client_secret } = step.wanted;
  const secret = storedSecret(provider, metadata, usesSecret(metadata) ? client_secret : undefined);
  const described = { metadata, secret, source: 'file' } as const;
  if (step.action === 'create') {
    const event = clientEvent(provider, 'client.created', metadata);
    return { what: 'create client', client: { ...described, event }, events: [] };
  }
  const { before, differences } = step;
  const facts = {
    ...changesOf(before, metadata),
    ...(differences.some((one) => one.secret === true) && { secret: 'changed' }),
  };
  const event = clientEvent(provider, 'client.updated', metadata, facts);
  return { what: 'change client', client: { ...described, event }, version: before.version, events: [] };
}

async function changeOfUser(
  provider: Provider,
  passwords: Passwords,
  step: Extract<Step, { kind: 'user' }>,
): Promise<PlannedChange> {
  if (step.action === 'create') return creationOfUser(provider, passwords, step.wanted);
  const { before } = step;
  const { id, sub: subject, username, version } = before;
  if (step.action === 'delete') {
    const event = eventFor(provider, { action: 'user.deleted', subject, facts: { username } });
    return { what: 'delete user', id, version, events: [event] };
  }
  const { wanted } = step;
  const changed = step.differences.map(({ member }) => member);
  const facts = factsOf(step.differences);
  const seed_digest = changed.includes('password') ? seedDigest(provider, wanted) : undefined;
  const disabled = changed.includes('disabled') ? wanted.disabled : undefined;
  const state = disabled === true ? 'user.disabled' : 'user.enabled';
  return {
    what: 'change user',
    user: { id, claims: wanted.claims, role: wanted.role, source: 'file' },
    version,
    ...(seed_digest !== undefined && {
      password: { hash: await hashOf(passwords, wanted), seed_digest },
    }),
    disabled,
    groups: wanted.groups,
    events: [
      eventFor(provider, { action: 'user.updated', subject, facts }),
      ...(disabled === undefined ? [] : [eventFor(provider, { action: state, subject })]),
    ],
  };
}

/** What a step changes, as the audit log tells it: of a secret only that it is another. */
function factsOf(differences: readonly Difference[]): Changes {
  const values = (of: 'before' | 'after') =>
    Object.fromEntries(differences.flatMap((one) => (one[of] === undefined ? [] : [[one.member, one[of]]])));
  return {
    changed: differences.map(({ member }) => member),
    before: values('before'),
    after: values('after'),
  };
}

async function creationOfUser(
  provider: Provider,
  passwords: Passwords,
  record: UserRecord,
): Promise<PlannedChange> {
  const { username, claims, role, groups, sub = newSub(provider.random), disabled = false } = record;
  const hasPassword = record.password !== undefined || record.password_hash !== undefined;
  const password_hash = hasPassword ? await hashOf(passwords, record) : null;
  const seed_digest = seedDigest(provider, record);
  const user = { sub, username, password_hash, claims, role, source: 'file', seed_digest, groups } as const;
  const facts = createdFacts(record);
  const event = eventFor(provider, { action: 'user.created', subject: sub, facts });
  return { what: 'create user', user, disabled, events: [event] };
}

/** The sessions that end by a new password, by being disabled or deleted. */
async function sessionsEndedBy(
  { store, tenant }: Provider,
  steps: readonly Step[],
): Promise<readonly EndedSession[]> {
  const signedOut = steps.flatMap((step) => (endsSessions(step) ? [step.before] : []));
  const ended = await Promise.all(
    signedOut.map(async (user) =>
      (await store.listSessions(tenant.id, user.id)).map(({ id, sid }) => ({ id, sid, user })),
    ),
  );
  return ended.flat();
}

function endsSessions(step: Step): step is Extract<Step, { kind: 'user'; before: User }> {
  if (step.kind !== 'user' || step.action === 'create') return false;
  if (step.action === 'delete') return true;
  return step.differences.some(
    ({ member, after }) => member === 'password' || (member === 'disabled' && after === true),
  );
}
