import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Store } from '../../packages/server/src/store/store.ts';
import {
  AUTHORIZATION,
  DAY,
  MINUTE,
  metadata,
  NOW,
  newKey,
  newSession,
  newUser,
  SECRET,
} from '../../packages/server/test/store/samples.ts';
import { SIZES, type Step } from './plan.ts';

/** What the steps of a plan name by number. */
export type Household = Readonly<{
  tenant: number;
  client: number;
  users: readonly number[];
  sessions: readonly number[];
  grants: readonly number[];
}>;

export const hash = (text: string): Buffer => createHash('sha256').update(text).digest();

export const LINK = hash('set-up link');
export const CODE_LIFE = 30 * MINUTE;
export const REFRESH_LIFE = 10 * DAY;
export const ASSERTION_LIFE = 10 * DAY;
/** Four are free; a wait of a second doubles with each further one. */
export const RULE = { free: 4, unit: 1000, doublings: 10, forgetAfter: DAY };

const authorize = (home: Pick<Household, 'client'>, session: number, user: number, now: number) => ({
  client_row: home.client,
  user_id: user,
  session_id: session,
  authorization: AUTHORIZATION,
  code: { hash: hash('code'), expires_at: now + CODE_LIFE },
  created_at: now,
  expires_at: now + REFRESH_LIFE,
});

/** Fills a store, with nothing in the way, with what the actors fight for. */
export async function furnish(store: Store): Promise<Household> {
  const { id: tenant } = await store.saveTenant(
    { name: 'sim', issuer: 'https://sim.example', secret_sealed: hash('sim') },
    NOW,
  );
  await store.createClient(tenant, { metadata: metadata('app'), secret: SECRET, source: 'file' }, NOW);
  const client = (await store.findClient(tenant, 'app'))?.row ?? 0;
  const users: number[] = [];
  const sessions: number[] = [];
  const grants: number[] = [];
  for (let index = 0; index < SIZES.users; index += 1) {
    await store.createUser(tenant, newUser(`user-${index}`), NOW);
    users.push((await store.findUserByName(tenant, `user-${index}`))?.id ?? 0);
  }
  for (let index = 0; index < SIZES.sessions; index += 1) {
    sessions.push(
      await store.startSession(
        tenant,
        newSession(users[index % users.length] ?? 0, { expires_at: NOW + 100 * DAY }),
      ),
    );
  }
  for (let index = 0; index < SIZES.grants; index += 1) {
    const at = index % sessions.length;
    const grant = authorize({ client }, sessions[at] ?? 0, users[at % users.length] ?? 0, NOW);
    grants.push(await store.saveGrant(tenant, grant));
  }
  await store.addKey(tenant, newKey('first'), { unlessSince: 0, retireOthersAt: NOW + 400 * DAY });
  await store.saveSetupLink(tenant, LINK, NOW + 100 * DAY);
  await pause(0);
  return { tenant, client, users, sessions, grants };
}

/** Does a step and gives what the verb said, as a text. */
export async function perform(store: Store, home: Household, step: Step, now: number): Promise<string> {
  const { tenant } = home;
  switch (step.verb) {
    case 'redeem': {
      const refresh = { salt: hash('salt'), expires_at: now + REFRESH_LIFE };
      return store.redeemCode(
        tenant,
        home.grants[step.grant] ?? 0,
        { refresh, grant_expires_at: now + REFRESH_LIFE },
        now,
      );
    }
    case 'rotate': {
      const line = {
        generation: step.generation,
        refresh_expires_at: now + REFRESH_LIFE,
        grant_expires_at: now + REFRESH_LIFE,
      };
      return store.rotateRefreshToken(tenant, home.grants[step.grant] ?? 0, line, now);
    }
    case 'revoke':
      return told(store.revokeGrant(tenant, home.grants[step.grant] ?? 0, now));
    case 'find grant':
      return (await store.findGrant(tenant, home.grants[step.grant] ?? 0)) === undefined ? 'gone' : 'there';
    case 'use assertion':
      return store.useAssertion(tenant, home.client, {
        jti_hash: hash(`jti ${step.assertion}`),
        expires_at: NOW + ASSERTION_LIFE,
      });
    case 'revoke access token':
      return told(store.revokeAccessToken(tenant, `jti ${step.token}`, NOW + ASSERTION_LIFE));
    case 'access token is revoked':
      return String(await store.accessTokenIsRevoked(tenant, `jti ${step.token}`));
    case 'attempt':
      return (await store.beginAttempt(tenant, `subject ${step.subject}`, RULE, now)).allowed
        ? 'allowed'
        : 'refused';
    case 'clear attempts':
      return told(store.clearAttempts(tenant, `subject ${step.subject}`));
    case 'save grant':
    case 'end session':
    case 'disable user':
    case 'first administrator':
    case 'add key':
    case 'clean up':
      return performOther(store, home, step, now);
  }
}

type Other = Extract<
  Step,
  { verb: 'save grant' | 'end session' | 'disable user' | 'first administrator' | 'add key' | 'clean up' }
>;

async function performOther(store: Store, home: Household, step: Other, now: number): Promise<string> {
  const { tenant } = home;
  switch (step.verb) {
    case 'save grant': {
      const user = home.users[step.session % home.users.length] ?? 0;
      return String(
        await store.saveGrant(tenant, authorize(home, home.sessions[step.session] ?? 0, user, now)),
      );
    }
    case 'end session':
      return told(store.endSession(tenant, home.sessions[step.session] ?? 0, now));
    case 'disable user':
      return told(store.disableUser(tenant, home.users[step.user] ?? 0, now));
    case 'first administrator': {
      const user = newUser(`admin-${step.name}`, { role: 'admin', sub: `sub of admin ${step.name}` });
      return store.createFirstAdministrator(tenant, { secret_hash: LINK, user }, now);
    }
    case 'add key': {
      const key = newKey(`key-${step.key}`, { created_at: now, active_from: now + MINUTE });
      const added = await store.addKey(tenant, key, { unlessSince: NOW, retireOthersAt: now + 400 * DAY });
      return added ? 'added' : 'not added';
    }
    case 'clean up':
      return String(await store.deleteExpired(now, 100));
  }
}

async function told(work: Promise<unknown>): Promise<string> {
  await work;
  return 'done';
}
