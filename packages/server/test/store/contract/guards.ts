import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DelayRule } from '../../../src/model/attempt-rules.ts';
import { bytes, DAY, fiftyAtOnce, HOSTILE, household, NOW, type OpenStore } from '../samples.ts';

const RULE: DelayRule = { free: 2, unit: 1000, doublings: 3, forgetAfter: DAY };

/** Memory of what was used, revoked, tried or refused. */
export function guardContract(openStore: OpenStore): void {
  test('an assertion is fresh once for each client', async (t) => {
    const store = await openStore(t);
    const { tenant, client } = await household(store);
    assert.equal(
      await store.useAssertion(tenant, client, { jti_hash: bytes('jti'), expires_at: NOW }),
      'fresh',
    );
    assert.equal(
      await store.useAssertion(tenant, client, { jti_hash: bytes('jti'), expires_at: NOW + DAY }),
      'replayed',
    );
    assert.equal(
      await store.useAssertion(tenant, client, { jti_hash: bytes('other'), expires_at: NOW }),
      'fresh',
    );
    assert.equal(
      await store.useAssertion(tenant, client + 1, { jti_hash: bytes('jti'), expires_at: NOW }),
      'fresh',
    );
  });

  test('of fifty uses of one assertion at once exactly one is fresh', async (t) => {
    const store = await openStore(t);
    const { tenant, client } = await household(store);
    const use = () => store.useAssertion(tenant, client, { jti_hash: bytes('raced'), expires_at: NOW });
    assert.deepEqual(await fiftyAtOnce(use), { fresh: 1, replayed: 49 });
  });

  test('a revoked access token stays revoked, however often it is revoked', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    assert.equal(await store.hasRevokedAccessTokens(tenant), false);
    await store.revokeAccessToken(tenant, 'jti', NOW);
    await store.revokeAccessToken(tenant, 'jti', NOW);
    assert.equal(await store.hasRevokedAccessTokens(tenant), true);
    assert.equal(await store.accessTokenIsRevoked(tenant, 'jti'), true);
    assert.equal(await store.accessTokenIsRevoked(tenant, 'JTI'), false);
  });

  test('after the free failures the wait doubles with each further one up to its limit', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const begin = (now: number) => store.beginAttempt(tenant, HOSTILE, RULE, now);
    let now = NOW;
    for (const wait of [0, 0, 1000, 2000, 4000, 8000, 8000]) {
      assert.deepEqual(await begin(now), { allowed: true });
      if (wait > 0) {
        const until = now + wait;
        assert.deepEqual(await begin(now), { allowed: false, until });
        assert.deepEqual(
          await begin(until - 1),
          { allowed: false, until },
          'a refused attempt costs nothing',
        );
      }
      now += wait;
    }
    assert.deepEqual(await store.beginAttempt(tenant, 'somebody else', RULE, NOW), { allowed: true });
  });

  test('fifty attempts at once are counted one by one and cannot outrun the wait', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const begin = async (now: number) => JSON.stringify(await store.beginAttempt(tenant, 'alice', RULE, now));
    const refused = (until: number) => JSON.stringify({ allowed: false, until });
    const allowed = JSON.stringify({ allowed: true });
    assert.deepEqual(await fiftyAtOnce(() => begin(NOW)), { [allowed]: 3, [refused(NOW + 1000)]: 47 });
    assert.deepEqual(await fiftyAtOnce(() => begin(NOW + 1000)), { [allowed]: 1, [refused(NOW + 3000)]: 49 });
  });

  test('failures are forgotten after their time, and cleared by a success', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const begin = async (now: number) => (await store.beginAttempt(tenant, 'alice', RULE, now)).allowed;
    const fail = async (now: number) => {
      for (let times = 0; times < 3; times += 1) assert.equal(await begin(now), true);
      assert.equal(await begin(now), false);
    };
    await fail(NOW);
    await fail(NOW + DAY + 1);
    await store.clearAttempts(tenant, 'alice');
    await fail(NOW + DAY + 2);
  });

  test('a forgiven attempt takes back one failure and the wait, and never more than there were', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const begin = async (now = NOW) => (await store.beginAttempt(tenant, 'alice', RULE, now)).allowed;
    await store.forgiveAttempt(tenant, 'alice');
    assert.deepEqual([await begin(), await begin(), await begin(), await begin()], [true, true, true, false]);
    await store.forgiveAttempt(tenant, 'alice');
    assert.deepEqual([await begin(), await begin()], [true, false]);
    for (let times = 0; times < 9; times += 1) await store.forgiveAttempt(tenant, 'alice');
    assert.deepEqual([await begin(), await begin(), await begin(), await begin()], [true, true, true, false]);
  });

  test('a refusal is found by its reference, which the first one keeps', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const refusal = {
      reference: 'ABCD2345',
      at: NOW,
      rule: 'code.unknown',
      error: 'invalid_grant',
      endpoint: 'token',
      client_id: null,
      facts: { received: HOSTILE, registered: ['a', 'b'] },
    };
    await store.saveRefusal(tenant, refusal);
    await store.saveRefusal(tenant, { ...refusal, rule: 'other' });
    assert.deepEqual(await store.findRefusal(tenant, 'ABCD2345'), refusal);
    assert.equal(await store.findRefusal(tenant, 'abcd2345'), undefined);
  });
}
