import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bytes,
  DAY,
  household,
  NOW,
  newSession,
  type OpenStore,
  offlineGrant,
  REDEMPTION,
} from '../samples.ts';

/** Signed-in browsers. */
export function sessionContract(openStore: OpenStore): void {
  test('a session is stored whole, and only living ones are listed, the last seen first', async (t) => {
    const store = await openStore(t);
    const { tenant, user, session } = await household(store);
    const sent = newSession(user, { sid: 'second', amr: ['pwd', 'otp'], last_seen_at: NOW + 1 });
    const id = await store.startSession(tenant, sent);
    const found = await store.findSession(tenant, id);
    assert.deepEqual(
      { ...found, secret_hash: Buffer.from(found?.secret_hash ?? []) },
      { ...sent, id, ended_at: null, user: await store.findUser(tenant, user) },
    );
    const ids = async () => (await store.listSessions(tenant, user)).map((one) => one.id);
    assert.deepEqual(await ids(), [id, session]);
    await store.endSession(tenant, session, NOW + 2);
    assert.deepEqual(await ids(), [id]);
    assert.equal((await store.findSession(tenant, session))?.ended_at, NOW + 2);
    assert.equal(await store.findSession(tenant, id + 1), undefined);
  });

  test('a renewed session has a new secret and time, an ended one cannot be renewed', async (t) => {
    const store = await openStore(t);
    const { tenant, session } = await household(store);
    const renewed = {
      secret_hash: bytes('new'),
      auth_time: NOW + 5,
      amr: ['otp'],
      acr: 'urn:high',
      expires_at: NOW + 2 * DAY,
    };
    assert.equal(await store.renewSession(tenant, session, renewed), 'renewed');
    const found = await store.findSession(tenant, session);
    assert.deepEqual(Buffer.from(found?.secret_hash ?? []), bytes('new'));
    assert.deepEqual([found?.auth_time, found?.last_seen_at, found?.acr], [NOW + 5, NOW + 5, 'urn:high']);
    assert.deepEqual([found?.amr, found?.expires_at], [['otp'], NOW + 2 * DAY]);
    await store.endSession(tenant, session, NOW + 6);
    assert.equal(await store.renewSession(tenant, session, { ...renewed, acr: 'urn:low' }), 'ended');
    assert.equal(await store.renewSession(tenant, session + 1, renewed), 'ended');
    assert.equal((await store.findSession(tenant, session))?.acr, 'urn:high');
  });

  test('the time at which a session was last seen only moves forward, and not after its end', async (t) => {
    const store = await openStore(t);
    const { tenant, session } = await household(store);
    const seen = async () => (await store.findSession(tenant, session))?.last_seen_at;
    await store.touchSession(tenant, session, NOW + 10);
    await store.touchSession(tenant, session, NOW + 5);
    assert.equal(await seen(), NOW + 10);
    await store.endSession(tenant, session, NOW + 11);
    await store.touchSession(tenant, session, NOW + 12);
    assert.equal(await seen(), NOW + 10);
  });

  test('the end of a session ends what rests on it but not what was given for offline use', async (t) => {
    const store = await openStore(t);
    const home = await household(store);
    const { tenant, user, session, grant } = home;
    const code = await grant();
    const withoutRefresh = await grant();
    await store.redeemCode(tenant, withoutRefresh, { ...REDEMPTION, refresh: null }, NOW);
    const implicit = await grant({ code: null });
    const offline = await offlineGrant(store, home);
    const elsewhere = await grant({ session_id: await store.startSession(tenant, newSession(user)) });
    const before = await grant();
    await store.revokeGrant(tenant, before, NOW);
    await store.endSession(tenant, session, NOW + 1);
    const revoked = async (id: number) => (await store.findGrant(tenant, id))?.revoked_at;
    for (const id of [code, withoutRefresh, implicit]) assert.equal(await revoked(id), NOW + 1);
    for (const id of [offline, elsewhere]) assert.equal(await revoked(id), null);
    assert.equal(await revoked(before), NOW, 'an earlier revocation keeps its time');
    assert.equal(await store.redeemCode(tenant, code, REDEMPTION, NOW + 1), 'over');
    const line = { generation: 0, refresh_expires_at: NOW + DAY, grant_expires_at: NOW + DAY };
    assert.equal(await store.rotateRefreshToken(tenant, offline, line, NOW + 1), 'rotated');
    await store.endSession(tenant, session, NOW + 2);
    assert.equal((await store.findSession(tenant, session))?.ended_at, NOW + 1);
  });

  test('a code given while its session is being ended is revoked from the start', async (t) => {
    const store = await openStore(t);
    const { tenant, session, grant } = await household(store);
    const [, id] = await Promise.all([store.endSession(tenant, session, NOW + 1), grant()]);
    assert.equal((await store.findGrant(tenant, id))?.revoked_at, NOW + 1);
    assert.equal(await store.redeemCode(tenant, id, REDEMPTION, NOW + 1), 'over');
  });

  test('a code given for a session that is gone is revoked from the start', async (t) => {
    const store = await openStore(t);
    const { tenant, session, grant } = await household(store);
    const id = await grant({ session_id: session + 1 });
    assert.equal((await store.findGrant(tenant, id))?.revoked_at, NOW);
    assert.equal(await store.redeemCode(tenant, id, REDEMPTION, NOW), 'over');
  });

  test('ending all sessions of a user tells how many there were and ends offline use too', async (t) => {
    const store = await openStore(t);
    const home = await household(store);
    const { tenant, user } = home;
    await store.startSession(tenant, newSession(user));
    const offline = await offlineGrant(store, home);
    assert.equal(await store.endSessionsOfUser(tenant, user, NOW + 1), 2);
    assert.equal(await store.endSessionsOfUser(tenant, user, NOW + 2), 0);
    assert.equal((await store.findGrant(tenant, offline))?.revoked_at, NOW + 1);
    assert.deepEqual(await store.listSessions(tenant, user), []);
  });
}
