import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AUTHORIZATION,
  bytes,
  consentTo,
  DAY,
  fiftyAtOnce,
  household,
  MINUTE,
  NOW,
  type OpenStore,
  offlineGrant,
  REDEMPTION,
} from '../samples.ts';

const line = (generation: number, refresh_expires_at = NOW + DAY) => ({
  generation,
  refresh_expires_at,
  grant_expires_at: NOW + 2 * DAY,
});

/** Grants: from the code to the last refresh. */
export function grantContract(openStore: OpenStore): void {
  test('a grant is stored whole, and its code and first refresh token with it', async (t) => {
    const store = await openStore(t);
    const { tenant, client, user, session, grant } = await household(store);
    const id = await grant();
    const found = await store.findGrant(tenant, id);
    assert.deepEqual(
      { ...found, code_hash: Buffer.from(found?.code_hash ?? []) },
      {
        id,
        client_row: client,
        user_id: user,
        user: await store.findUser(tenant, user),
        session_id: session,
        authorization: AUTHORIZATION,
        code_hash: bytes('code'),
        code_expires_at: NOW + MINUTE,
        code_redeemed_at: null,
        refresh_salt: null,
        refresh_generation: 0,
        refresh_rotated_at: 0,
        refresh_expires_at: 0,
        created_at: NOW,
        expires_at: NOW + DAY,
        revoked_at: null,
      },
    );
    const redemption = {
      refresh: { salt: bytes('salt'), expires_at: NOW + 1 },
      grant_expires_at: NOW + 2 * DAY,
    };
    assert.equal(await store.redeemCode(tenant, id, redemption, NOW + 5), 'redeemed');
    const redeemed = await store.findGrant(tenant, id);
    assert.deepEqual(Buffer.from(redeemed?.refresh_salt ?? []), bytes('salt'));
    assert.equal(redeemed?.code_redeemed_at, NOW + 5);
    assert.deepEqual([redeemed?.refresh_expires_at, redeemed?.expires_at], [NOW + 1, NOW + 2 * DAY]);
  });

  test('a code is redeemed once, then every use is a replay', async (t) => {
    const store = await openStore(t);
    const { tenant, grant } = await household(store);
    const id = await grant();
    assert.equal(await store.redeemCode(tenant, id, REDEMPTION, NOW), 'redeemed');
    const salted = { ...REDEMPTION, refresh: { salt: bytes('other'), expires_at: NOW } };
    assert.equal(await store.redeemCode(tenant, id, salted, NOW + 1), 'replayed');
    assert.equal(await store.redeemCode(tenant, id, REDEMPTION, NOW + DAY), 'replayed');
    await store.revokeGrant(tenant, id, NOW + 2);
    assert.equal(await store.redeemCode(tenant, id, REDEMPTION, NOW + 3), 'replayed');
    const found = await store.findGrant(tenant, id);
    assert.deepEqual(Buffer.from(found?.refresh_salt ?? []), bytes('salt'));
    assert.equal(found?.code_redeemed_at, NOW);
  });

  test('a code that is too old, revoked, unknown or was never given is over', async (t) => {
    const store = await openStore(t);
    const { tenant, grant } = await household(store);
    const [late, revoked, implicit] = [await grant(), await grant(), await grant({ code: null })];
    await store.revokeGrant(tenant, revoked, NOW);
    assert.equal(await store.redeemCode(tenant, late, REDEMPTION, NOW + MINUTE), 'over');
    assert.equal(await store.redeemCode(tenant, late, REDEMPTION, NOW + MINUTE - 1), 'redeemed');
    for (const id of [revoked, implicit, implicit + 1, 0, -1]) {
      assert.equal(await store.redeemCode(tenant, id, REDEMPTION, NOW), 'over');
    }
  });

  test('of fifty redemptions of one code at once exactly one succeeds', async (t) => {
    const store = await openStore(t);
    const { tenant, grant } = await household(store);
    const id = await grant();
    const redeem = () => store.redeemCode(tenant, id, REDEMPTION, NOW);
    assert.deepEqual(await fiftyAtOnce(redeem), { redeemed: 1, replayed: 49 });
  });

  test('a line moves on by one generation at a time', async (t) => {
    const store = await openStore(t);
    const home = await household(store);
    const { tenant } = home;
    const id = await offlineGrant(store, home);
    assert.equal(await store.rotateRefreshToken(tenant, id, line(1), NOW + 1), 'stale');
    assert.equal(await store.rotateRefreshToken(tenant, id, line(0, NOW + 9), NOW + 1), 'rotated');
    const found = await store.findGrant(tenant, id);
    assert.deepEqual(
      [found?.refresh_generation, found?.refresh_rotated_at, found?.refresh_expires_at, found?.expires_at],
      [1, NOW + 1, NOW + 9, NOW + 2 * DAY],
    );
    assert.equal(await store.rotateRefreshToken(tenant, id, line(0), NOW + 2), 'stale');
    assert.equal(await store.rotateRefreshToken(tenant, id, line(1), NOW + 9), 'stale', 'it has expired');
    assert.equal(await store.rotateRefreshToken(tenant, id, line(1), NOW + 8), 'rotated');
  });

  test('a line that was revoked, was never begun or is unknown does not move', async (t) => {
    const store = await openStore(t);
    const home = await household(store);
    const { tenant, grant } = home;
    const [revoked, unredeemed] = [await offlineGrant(store, home), await grant()];
    await store.revokeGrant(tenant, revoked, NOW);
    for (const id of [revoked, unredeemed, unredeemed + 1]) {
      assert.equal(await store.rotateRefreshToken(tenant, id, line(0), NOW + 1), 'stale');
    }
  });

  test('of fifty rotations of one refresh token at once exactly one succeeds', async (t) => {
    const store = await openStore(t);
    const home = await household(store);
    const id = await offlineGrant(store, home);
    const rotate = () => store.rotateRefreshToken(home.tenant, id, line(0), NOW + 1);
    assert.deepEqual(await fiftyAtOnce(rotate), { rotated: 1, stale: 49 });
    assert.equal((await store.findGrant(home.tenant, id))?.refresh_generation, 1);
  });

  test('of a redemption and a revocation at once the revocation stays', async (t) => {
    const store = await openStore(t);
    const { tenant, grant } = await household(store);
    for (const first of ['redeem', 'revoke']) {
      const id = await grant();
      const redeem = () => store.redeemCode(tenant, id, REDEMPTION, NOW);
      const revoke = () => store.revokeGrant(tenant, id, NOW + 1);
      await Promise.all(first === 'redeem' ? [redeem(), revoke()] : [revoke(), redeem()]);
      assert.equal((await store.findGrant(tenant, id))?.revoked_at, NOW + 1);
    }
  });

  test('the first revocation of a grant keeps its time', async (t) => {
    const store = await openStore(t);
    const { tenant, grant } = await household(store);
    const id = await grant();
    await store.revokeGrant(tenant, id, NOW + 1);
    await store.revokeGrant(tenant, id, NOW + 2);
    assert.equal((await store.findGrant(tenant, id))?.revoked_at, NOW + 1);
  });

  test('a consent is remembered for its user and client, and replaced by the next one', async (t) => {
    const store = await openStore(t);
    const { tenant, user, client } = await household(store);
    const consent = consentTo(client, user);
    assert.equal(await store.findConsent(tenant, user, client), undefined);
    await store.saveConsent(tenant, consent);
    assert.deepEqual(await store.findConsent(tenant, user, client), consent);
    const wider = {
      ...consent,
      scope: ['email'],
      resources: ['https://api'],
      claims: ['name'],
      granted_at: NOW + 1,
    };
    await store.saveConsent(tenant, wider);
    assert.deepEqual(await store.findConsent(tenant, user, client), wider);
    assert.equal(await store.findConsent(tenant, user + 1, client), undefined);
    assert.equal(await store.findConsent(tenant, user, client + 1), undefined);
  });
}
