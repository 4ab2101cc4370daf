import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../../src/store/store.ts';
import {
  bytes,
  consentTo,
  DAY,
  type Household,
  household,
  metadata,
  NOW,
  newSecret,
  newSession,
  newToken,
  type OpenStore,
  offlineGrant,
  REDEMPTION,
  SECRET,
} from '../samples.ts';

const RULE = { free: 1, unit: DAY, doublings: 1, forgetAfter: 9 * DAY };

type Settled = Household & Readonly<{ code: number; offline: number; token: number; secret: number }>;

async function settle(store: Store, client_id: string, username: string): Promise<Settled> {
  const home = await household(store, 'default', client_id, username);
  await store.saveConsent(home.tenant, consentTo(home.client, home.user));
  await store.beginAttempt(home.tenant, username, RULE, NOW);
  const token = newToken(home.user, { uuid: username });
  return {
    ...home,
    code: await home.grant(),
    offline: await offlineGrant(store, home),
    token: await store.createPersonalToken(home.tenant, token),
    secret: await store.saveOneTimeSecret(home.tenant, newSecret(home.user)),
  };
}

const RESET = { purpose: 'password_reset', secret_hash: bytes('reset') };

const viewOf = async (
  store: Store,
  { tenant, client, user, session, code, offline, token, secret }: Settled,
) => [
  await store.findClientByRow(tenant, client),
  await store.findUser(tenant, user),
  await store.findSession(tenant, session),
  await store.listSessions(tenant, user),
  await store.findGrant(tenant, code),
  await store.findGrant(tenant, offline),
  await store.findConsent(tenant, user, client),
  await store.findPersonalToken(tenant, token),
  await store.findOneTimeSecret(tenant, { id: secret, ...RESET }, NOW),
];

/** Every verb that changes what one client or person has, in an order in which each finds something to change. */
function changes(store: Store, { tenant, client, user, session, code, offline, token, secret }: Settled) {
  const line = { generation: 0, refresh_expires_at: NOW + 2 * DAY, grant_expires_at: NOW + 2 * DAY };
  const renewed = { secret_hash: bytes('x'), auth_time: NOW + 1, amr: [], acr: '', expires_at: NOW };
  const changed = { metadata: metadata('app', { client_name: 'Changed' }), secret: SECRET };
  return {
    updateClient: () => store.updateClient(tenant, changed, NOW + 1),
    updateUser: () =>
      store.updateUser(tenant, { id: user, claims: {}, role: 'admin', source: 'file' }, NOW + 1),
    upgradePasswordHash: () =>
      store.upgradePasswordHash(tenant, user, { from: '$argon2id$first', to: 'upgraded' }),
    renewSession: () => store.renewSession(tenant, session, renewed),
    touchSession: () => store.touchSession(tenant, session, NOW + 2),
    redeemCode: () => store.redeemCode(tenant, code, REDEMPTION, NOW),
    rotateRefreshToken: () => store.rotateRefreshToken(tenant, offline, line, NOW),
    revokeGrant: () => store.revokeGrant(tenant, code, NOW + 1),
    saveConsent: () => store.saveConsent(tenant, { ...consentTo(client, user), scope: ['email'] }),
    forgiveAttempt: () => store.forgiveAttempt(tenant, 'alice'),
    clearAttempts: () => store.clearAttempts(tenant, 'alice'),
    usePersonalToken: () =>
      store.usePersonalToken(tenant, token, { used_at: NOW + 1, expires_at: NOW + 2 * DAY }),
    deletePersonalToken: () => store.deletePersonalToken(tenant, 'alice'),
    deletePersonalTokensOfUser: () => store.deletePersonalTokensOfUser(tenant, user),
    saveOneTimeSecret: () =>
      store.saveOneTimeSecret(tenant, newSecret(user, { secret_hash: bytes('theirs') })),
    resetPassword: () =>
      store.resetPassword(tenant, { id: secret, secret_hash: bytes('theirs'), password_hash: 'reset' }, NOW),
    countFailure: () => store.countFailure(tenant, 'alice', 1, NOW),
    lockAfterFailures: () => store.lockAfterFailures(tenant, 'alice', 1, NOW),
    unlockUser: () => store.unlockUser(tenant, user),
    lockUser: () => store.lockUser(tenant, user, NOW),
    clearFailures: () => store.clearFailures(tenant, 'alice'),
    endSession: () => store.endSession(tenant, session, NOW + 1),
    startSession: () => store.startSession(tenant, newSession(user)),
    endSessionsOfUser: () => store.endSessionsOfUser(tenant, user, NOW + 1),
    setPassword: () => store.setPassword(tenant, user, { hash: 'new' }, NOW + 1),
    disableUser: () => store.disableUser(tenant, user, NOW + 1),
    enableUser: () => store.enableUser(tenant, user, NOW + 2),
    disableAgain: () => store.disableUser(tenant, user, NOW + 3),
    deleteClient: () => store.deleteClient(tenant, 'app', NOW),
    deleteUser: () => store.deleteUser(tenant, user, NOW),
  };
}

/** What is done to one person or client is done to no other. */
export function neighbourContract(openStore: OpenStore): void {
  test('no verb changes what another client or person of the same tenant has', async (t) => {
    const store = await openStore(t);
    const [alice, bob] = [await settle(store, 'app', 'alice'), await settle(store, 'other', 'bob')];
    for (const state of ['living', 'disabled']) {
      if (state === 'disabled') await store.disableUser(alice.tenant, bob.user, NOW);
      const before = await viewOf(store, bob);
      for (const [verb, change] of Object.entries(changes(store, alice))) {
        await change();
        assert.deepEqual(
          await viewOf(store, bob),
          before,
          `${verb} changes what is another's, who is ${state}`,
        );
      }
    }
  });

  test('the wait of one person is not that of another', async (t) => {
    const store = await openStore(t);
    const [{ tenant }] = [await settle(store, 'app', 'alice'), await settle(store, 'other', 'bob')];
    const begin = (subject: string, now: number) => store.beginAttempt(tenant, subject, RULE, now);
    await begin('alice', NOW + 1);
    assert.deepEqual(await begin('bob', NOW + 2), { allowed: true });
    assert.deepEqual(await begin('bob', NOW + 3), { allowed: false, until: NOW + 2 + DAY });
    await store.forgiveAttempt(tenant, 'alice');
    await store.clearAttempts(tenant, 'alice');
    assert.deepEqual(await begin('bob', NOW + 3), { allowed: false, until: NOW + 2 + DAY });
  });

  test('while one person is locked out and signed out, another signs in and gets codes', async (t) => {
    const store = await openStore(t);
    const [alice, bob] = [await settle(store, 'app', 'alice'), await settle(store, 'other', 'bob')];
    await store.disableUser(alice.tenant, alice.user, NOW);
    const session = await store.startSession(bob.tenant, newSession(bob.user));
    assert.equal((await store.findSession(bob.tenant, session))?.ended_at, null);
    assert.equal((await store.findGrant(bob.tenant, await bob.grant()))?.revoked_at, null);
  });
}
