import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../../src/store/store.ts';
import {
  bytes,
  DAY,
  fiftyAtOnce,
  HOSTILE,
  household,
  NOW,
  newToken,
  newUser,
  type OpenStore,
} from '../samples.ts';

async function withBob(store: Store) {
  const home = await household(store);
  await store.createUser(home.tenant, newUser('bob'), NOW);
  return { ...home, bob: (await store.findUserByName(home.tenant, 'bob'))?.id ?? 0 };
}

/** Tokens of people. */
export function personalTokenContract(openStore: OpenStore): void {
  test('a token is stored whole and found by number together with its user', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    const sent = newToken(user, { label: HOSTILE, scopes: [HOSTILE, 'b'], renewed_by: 60_000, used_at: NOW });
    const id = await store.createPersonalToken(tenant, sent);
    const found = await store.findPersonalToken(tenant, id);
    const { secret_hash, ...plain } = sent;
    assert.deepEqual(found, {
      ...plain,
      id,
      secret_hash: found?.secret_hash,
      user: await store.findUser(tenant, user),
    });
    assert.ok(secret_hash.every((byte, index) => byte === found?.secret_hash[index]));
    assert.equal(await store.findPersonalToken(tenant, id + 1), undefined);
  });

  test('tokens are listed in pages, of one person or of all', async (t) => {
    const store = await openStore(t);
    const { tenant, user, bob } = await withBob(store);
    for (const [uuid, owner] of [
      ['a', user],
      ['b', bob],
      ['c', user],
    ] as const) {
      await store.createPersonalToken(tenant, newToken(owner, { uuid }));
    }
    const list = async (user_id: number | undefined, afterId = 0, atMost = 9) =>
      store.listPersonalTokens(tenant, { user_id, afterId, atMost });
    const names = async (...wish: Parameters<typeof list>) =>
      (await list(...wish)).map((token) => `${token.uuid} ${token.user.username}`);
    assert.deepEqual(await names(undefined), ['a alice', 'b bob', 'c alice']);
    assert.deepEqual(await names(user), ['a alice', 'c alice']);
    const [first] = await list(user, 0, 1);
    assert.deepEqual(await names(user, first?.id, 1), ['c alice']);
    assert.deepEqual(await names(bob + 1), []);
  });

  test('a use is noted with its new end, an earlier one and one of an expired token are not', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    const id = await store.createPersonalToken(tenant, newToken(user, { expires_at: NOW + 10 }));
    const use = async (used_at: number, expires_at: number) => {
      await store.usePersonalToken(tenant, id, { used_at, expires_at });
      const found = await store.findPersonalToken(tenant, id);
      return [(found?.used_at ?? 0) - NOW, (found?.expires_at ?? 0) - NOW];
    };
    assert.deepEqual(await use(NOW + 5, NOW + 15), [5, 15]);
    assert.deepEqual(await use(NOW + 4, NOW + 14), [5, 15]);
    assert.deepEqual(await use(NOW + 15, NOW + 25), [5, 15]);
    assert.deepEqual(await use(NOW + 14, NOW + 24), [14, 24]);
  });

  test('of fifty deletions at once exactly one deletes, and none deletes what is another person’s', async (t) => {
    const store = await openStore(t);
    const { tenant, user, bob } = await withBob(store);
    const id = await store.createPersonalToken(tenant, newToken(user));
    assert.equal(await store.deletePersonalToken(tenant, 'uuid', bob), 'unknown');
    assert.equal(await store.deletePersonalToken(tenant, 'other'), 'unknown');
    assert.notEqual(await store.findPersonalToken(tenant, id), undefined);
    const remove = () => store.deletePersonalToken(tenant, 'uuid', user);
    assert.deepEqual(await fiftyAtOnce(remove), { deleted: 1, unknown: 49 });
    assert.equal(await store.findPersonalToken(tenant, id), undefined);
  });

  test('a person’s tokens can be deleted together, and go with the person', async (t) => {
    const store = await openStore(t);
    const { tenant, user, bob } = await withBob(store);
    for (const uuid of ['a', 'b']) await store.createPersonalToken(tenant, newToken(user, { uuid }));
    const kept = await store.createPersonalToken(tenant, newToken(bob, { uuid: 'c' }));
    assert.equal(await store.deletePersonalTokensOfUser(tenant, user), 2);
    assert.equal(await store.deletePersonalTokensOfUser(tenant, user), 0);
    assert.notEqual(await store.findPersonalToken(tenant, kept), undefined);
    assert.equal(await store.deleteUser(tenant, bob, NOW), 'deleted');
    assert.deepEqual(await store.listPersonalTokens(tenant, { afterId: 0, atMost: 9 }), []);
  });

  test('a new password, and being disabled for a time, leave the tokens as they were', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    const id = await store.createPersonalToken(tenant, newToken(user, { secret_hash: bytes('kept') }));
    await store.setPassword(tenant, user, { hash: 'new' }, NOW);
    await store.disableUser(tenant, user, NOW);
    assert.equal((await store.findPersonalToken(tenant, id))?.user.disabled_at, NOW);
    await store.enableUser(tenant, user, NOW);
    const found = await store.findPersonalToken(tenant, id);
    assert.deepEqual([found?.user.disabled_at, found?.expires_at], [null, NOW + DAY]);
  });
}
