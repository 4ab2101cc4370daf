import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../../src/store/store.ts';
import {
  bytes,
  DAY,
  type Household,
  household,
  NOW,
  newEvent,
  newSecret,
  newSession,
  newToken,
  type OpenStore,
  REDEMPTION,
} from '../samples.ts';

const LONG_AGO = NOW - 500 * DAY;
const RULE = { free: 1, unit: 1, doublings: 1, forgetAfter: DAY };

const refusal = (reference: string, at: number) => ({
  reference,
  at,
  rule: 'rule',
  error: 'error',
  endpoint: 'token',
  client_id: null,
  facts: {},
});

/** One row of each kind that expires, over since that time. */
async function rowsOf(store: Store, home: Household, name: string, expires_at: number) {
  const { tenant, user, client, grant } = home;
  const grant_id = await grant({ expires_at });
  const session_id = await store.startSession(tenant, newSession(user, { expires_at }));
  await store.useAssertion(tenant, client, { jti_hash: bytes(name), expires_at });
  await store.revokeAccessToken(tenant, name, expires_at);
  await store.beginAttempt(tenant, name, RULE, expires_at);
  await store.beginAttempt(tenant, name, RULE, expires_at);
  await store.saveRefusal(tenant, refusal(name, expires_at));
  await store.countFailure(tenant, name, 1, expires_at);
  const token = await store.createPersonalToken(tenant, newToken(user, { uuid: name, expires_at }));
  const secret = await store.saveOneTimeSecret(tenant, newSecret(user, { purpose: name, expires_at }));
  await store.recordEvent(tenant, newEvent(name, { at: expires_at }));
  const reset = { id: secret, purpose: name, secret_hash: newSecret(user).secret_hash };
  /** Which of them are still there; asking spends nothing that matters here. */
  return async () => ({
    grant: (await store.findGrant(tenant, grant_id)) !== undefined,
    session: (await store.findSession(tenant, session_id)) !== undefined,
    assertion:
      (await store.useAssertion(tenant, client, { jti_hash: bytes(name), expires_at })) === 'replayed',
    revocation: await store.accessTokenIsRevoked(tenant, name),
    failures: !(await store.beginAttempt(tenant, name, RULE, expires_at)).allowed,
    refusal: (await store.findRefusal(tenant, name)) !== undefined,
    inARow: (await store.countFailure(tenant, name, 1, expires_at)) === 'too-many',
    token: (await store.findPersonalToken(tenant, token)) !== undefined,
    secret: (await store.findOneTimeSecret(tenant, reset, expires_at - 1)) !== undefined,
    event: (await store.listEvents(tenant, { action: name, atMost: 1 })).length === 1,
  });
}

const all = (there: boolean) => ({
  grant: there,
  session: there,
  assertion: there,
  revocation: there,
  failures: there,
  refusal: there,
  inARow: there,
  token: there,
  secret: there,
  event: there,
});

/** What has expired goes, and nothing else. */
export function expiryContract(openStore: OpenStore): void {
  test('what has expired is deleted in batches, and nothing that lives', async (t) => {
    const store = await openStore(t);
    const home = await household(store);
    const living = await rowsOf(store, home, 'living', NOW + 1);
    const justOver = await rowsOf(store, home, 'just over', NOW - 1000);
    const over = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((name) => rowsOf(store, home, name, LONG_AGO)),
    );
    const deleted: number[] = [];
    do deleted.push(await store.deleteExpired(NOW, 2));
    while (deleted.at(-1) !== 0);
    assert.deepEqual(deleted, [20, 20, 10, 0]);
    assert.deepEqual(await living(), all(true));
    assert.deepEqual(await justOver(), all(true), 'the clock of another node may lag');
    for (const one of over) assert.deepEqual(await one(), all(false));
  });

  test('grants whose end has moved stay, however many they are, and go when that end is over too', async (t) => {
    const store = await openStore(t);
    const { tenant, grant } = await household(store);
    const ids = await Promise.all(Array.from({ length: 7 }, () => grant({ expires_at: LONG_AGO })));
    const living = ids.slice(1);
    for (const id of living) await store.redeemCode(tenant, id, REDEMPTION, NOW);
    const emptied = async (now: number): Promise<void> => {
      while ((await store.deleteExpired(now, 2)) !== 0);
    };
    await emptied(NOW);
    const there = await Promise.all(ids.map((id) => store.findGrant(tenant, id)));
    assert.deepEqual(
      there.map((one) => one?.id),
      [undefined, ...living],
    );
    await emptied(REDEMPTION.grant_expires_at + DAY);
    for (const id of living) assert.equal(await store.findGrant(tenant, id), undefined);
  });

  test('of redeeming an old grant and cleaning up at once either comes first, and what was redeemed stays', async (t) => {
    const store = await openStore(t);
    const { tenant, grant } = await household(store);
    const ids = await Promise.all(Array.from({ length: 40 }, () => grant({ expires_at: LONG_AGO })));
    const redeem = (id: number) => store.redeemCode(tenant, id, REDEMPTION, NOW);
    const early = ids.slice(0, 20).map(redeem);
    const cleaned = store.deleteExpired(NOW, 100);
    const outcomes = await Promise.all([...early, ...ids.slice(20).map(redeem)]);
    await cleaned;
    for (const [index, id] of ids.entries()) {
      const stays = (await store.findGrant(tenant, id)) !== undefined;
      assert.equal(outcomes[index], stays ? 'redeemed' : 'over');
    }
  });

  test('the number of a deleted row is not given again', async (t) => {
    const store = await openStore(t);
    const { tenant, user, grant } = await household(store);
    const grants = [await grant({ expires_at: LONG_AGO }), 0];
    const sessions = [await store.startSession(tenant, newSession(user, { expires_at: LONG_AGO })), 0];
    await store.deleteExpired(NOW, 10);
    assert.equal(await store.findGrant(tenant, grants[0] ?? 0), undefined);
    assert.equal(await store.findSession(tenant, sessions[0] ?? 0), undefined);
    grants[1] = await grant();
    sessions[1] = await store.startSession(tenant, newSession(user));
    assert.ok((grants[1] ?? 0) > (grants[0] ?? 0) && (sessions[1] ?? 0) > (sessions[0] ?? 0));
  });
}
