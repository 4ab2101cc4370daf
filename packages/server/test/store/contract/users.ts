import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../../src/store/store.ts';
import {
  consentTo,
  fiftyAtOnce,
  HOSTILE,
  type Household,
  household,
  NOW,
  newSession,
  newUser,
  type OpenStore,
  offlineGrant,
} from '../samples.ts';

/** A code not yet redeemed, a grant with a refresh token and one that gave a token at once, with the session they rest on. */
async function everythingOfAlice(store: Store, home: Household) {
  const grants = [await home.grant(), await offlineGrant(store, home), await home.grant({ code: null })];
  return async () => {
    const found = await Promise.all(grants.map((id) => store.findGrant(home.tenant, id)));
    const session = await store.findSession(home.tenant, home.session);
    return [session?.ended_at, ...found.map((grant) => grant?.revoked_at)];
  };
}

/** People's accounts. */
export function userContract(openStore: OpenStore): void {
  test('a user is stored whole and found by number and by name', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const claims = { name: HOSTILE, address: { formatted: 'line\nline' }, email_verified: false };
    const sent = newUser(HOSTILE, { claims, role: 'admin', password_hash: null, seed_digest: 'seed' });
    assert.equal(await store.createUser(tenant, sent, NOW), 'created');
    const found = await store.findUserByName(tenant, HOSTILE);
    const id = found?.id ?? 0;
    assert.deepEqual(found, {
      ...sent,
      id,
      disabled_at: null,
      locked_at: null,
      version: 1,
      created_at: NOW,
      updated_at: NOW,
    });
    assert.deepEqual(await store.findUser(tenant, id), found);
    assert.equal(await store.findUser(tenant, id + 1), undefined);
    for (const unknown of ['', 'Alice', 'alice ']) {
      assert.equal(await store.findUserByName(tenant, unknown), undefined);
    }
  });

  test('a user is found by sub, and by no other text', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    assert.equal((await store.findUserBySub(tenant, 'sub-of-alice'))?.id, user);
    for (const unknown of ['', 'alice', 'Sub-of-alice'])
      assert.equal(await store.findUserBySub(tenant, unknown), undefined);
  });

  test('users are found by the address among their claims, as it is now', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    const names = async (email: string, atMost = 9) =>
      (await store.findUsersByEmail(tenant, email, atMost)).map(({ username }) => username);
    await store.createUser(tenant, newUser('bob', { claims: { email: ' Bob@Example.com' } }), NOW);
    for (const [name, email] of [
      ['carol', 'not an address'],
      ['dora', 7],
      ['erin', { email: 'bob@example.com' }],
    ] as const) {
      await store.createUser(tenant, newUser(name, { claims: { email } }), NOW);
    }
    assert.deepEqual(await names('bob@example.com'), ['bob']);
    assert.deepEqual(await names('Bob@Example.com'), []);
    assert.deepEqual(await names('not an address'), []);
    const change = { id: user, role: 'user', source: 'manual' } as const;
    await store.updateUser(tenant, { ...change, claims: { email: 'bob@example.com' } }, NOW);
    assert.deepEqual(await names('bob@example.com'), ['alice', 'bob']);
    assert.deepEqual(await names('bob@example.com', 1), ['alice']);
    await store.updateUser(tenant, { ...change, claims: {} }, NOW);
    assert.deepEqual(await names('bob@example.com'), ['bob']);
  });

  test('a deleted user is gone with sessions and consents, and what was granted is nobody’s', async (t) => {
    const store = await openStore(t);
    const home = await household(store);
    const { tenant, user, client, session } = home;
    const grants = [await home.grant(), await offlineGrant(store, home)];
    await store.saveConsent(tenant, consentTo(client, user));
    await store.createUser(tenant, newUser('bob'), NOW);
    await store.countFailure(tenant, 'alice', 1, NOW);
    assert.deepEqual(await fiftyAtOnce(() => store.deleteUser(tenant, user, NOW)), {
      deleted: 1,
      unknown: 49,
    });
    assert.equal(await store.countFailure(tenant, 'alice', 1, NOW), 'counted');
    assert.equal(await store.findUser(tenant, user), undefined);
    assert.equal(await store.findSession(tenant, session), undefined);
    for (const grant of grants) assert.equal(await store.findGrant(tenant, grant), undefined);
    assert.equal(await store.createUser(tenant, newUser('alice', { sub: 'another' }), NOW), 'created');
    const later = await store.findUserByName(tenant, 'alice');
    assert.notEqual(later?.id, user);
    assert.equal(await store.findConsent(tenant, later?.id ?? 0, client), undefined);
    assert.ok(await store.findUserByName(tenant, 'bob'));
  });

  test('of fifty registrations of one name at once exactly one succeeds', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const create = (index: number) =>
      store.createUser(tenant, newUser('raced', { sub: `sub ${index}` }), NOW);
    assert.deepEqual(await fiftyAtOnce(create), { created: 1, duplicate: 49 });
    assert.equal(await store.createUser(tenant, newUser('alice', { sub: 'other' }), NOW), 'duplicate');
    assert.equal((await store.findUserByName(tenant, 'alice'))?.sub, 'sub-of-alice');
  });

  test('users are listed in pages in the order of their names, each once', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    for (const name of ['dora', 'bob', 'carol', 'erin']) await store.createUser(tenant, newUser(name), NOW);
    const page = async (afterUsername: string) =>
      (await store.listUsers(tenant, { afterUsername, atMost: 2 })).map(({ username }) => username);
    assert.deepEqual(await page(''), ['alice', 'bob']);
    assert.deepEqual(await page('bob'), ['carol', 'dora']);
    assert.deepEqual(await page('dora'), ['erin']);
    assert.deepEqual(await page('erin'), []);
  });

  test('an update changes claims, role and source, and ends nothing', async (t) => {
    const store = await openStore(t);
    const home = await household(store);
    const standing = await everythingOfAlice(store, home);
    const before = await store.findUser(home.tenant, home.user);
    const change = { claims: { email: 'a@example' }, role: 'admin', source: 'file' } as const;
    await store.updateUser(home.tenant, { id: home.user, ...change }, NOW + 1);
    assert.deepEqual(await store.findUser(home.tenant, home.user), {
      ...before,
      ...change,
      version: 2,
      updated_at: NOW + 1,
    });
    const anew = { from: '$argon2id$first', to: '$argon2id$anew' };
    await store.upgradePasswordHash(home.tenant, home.user, anew);
    assert.equal((await store.findUser(home.tenant, home.user))?.password_hash, '$argon2id$anew');
    assert.deepEqual(await standing(), [null, null, null, null]);
  });

  test('a new password ends every session and grant of the user in the same step, and of nobody else', async (t) => {
    const store = await openStore(t);
    const home = await household(store);
    const { tenant, user } = home;
    const standing = await everythingOfAlice(store, home);
    await store.createUser(tenant, newUser('bob'), NOW);
    const bob = (await store.findUserByName(tenant, 'bob'))?.id ?? 0;
    const others = [
      await store.startSession(tenant, newSession(bob)),
      await home.grant({ user_id: bob }),
    ] as const;
    // Asked for at once: whoever sees the new password sees everything ended.
    const changed = store.setPassword(tenant, user, { hash: 'new' }, NOW + 1);
    await changed;
    assert.equal((await store.findUser(tenant, user))?.password_hash, 'new');
    assert.deepEqual(await standing(), Array(4).fill(NOW + 1));
    assert.equal((await store.findSession(tenant, others[0]))?.ended_at, null);
    assert.equal((await store.findGrant(tenant, others[1]))?.revoked_at, null);
  });

  test('a hash made anew from the old password does not undo a new one', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    await Promise.all([
      store.setPassword(tenant, user, { hash: 'new' }, NOW),
      store.upgradePasswordHash(tenant, user, { from: '$argon2id$first', to: '$argon2id$anew' }),
    ]);
    assert.equal((await store.findUser(tenant, user))?.password_hash, 'new');
  });

  test('a new password keeps the digest of the one in the file unless it comes from there', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    await store.setPassword(tenant, user, { hash: 'one', seed_digest: 'digest' }, NOW);
    await store.setPassword(tenant, user, { hash: 'two' }, NOW);
    assert.equal((await store.findUser(tenant, user))?.seed_digest, 'digest');
  });

  test('disabling a user ends every session and grant in the same step, and enabling brings none of them back', async (t) => {
    const store = await openStore(t);
    const home = await household(store);
    const { tenant, user } = home;
    const standing = await everythingOfAlice(store, home);
    await store.disableUser(tenant, user, NOW + 1);
    await store.disableUser(tenant, user, NOW + 2);
    assert.equal((await store.findUser(tenant, user))?.disabled_at, NOW + 1);
    assert.deepEqual(await standing(), Array(4).fill(NOW + 1));
    await store.enableUser(tenant, user, NOW + 3);
    assert.equal((await store.findUser(tenant, user))?.disabled_at, null);
    assert.deepEqual(await standing(), Array(4).fill(NOW + 1));
  });

  test('a session begun while its user is being disabled is ended from the start', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    const [, session] = await Promise.all([
      store.disableUser(tenant, user, NOW + 1),
      store.startSession(tenant, newSession(user)),
    ]);
    assert.equal((await store.findSession(tenant, session))?.ended_at, NOW + 1);
  });
}
