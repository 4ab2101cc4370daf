import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../../src/store/store.ts';
import {
  bytes,
  type Household,
  household,
  MINUTE,
  NOW,
  newSecret,
  newSession,
  newUser,
  type OpenStore,
} from '../samples.ts';

const RESET = { purpose: 'password_reset', secret_hash: bytes('reset') };

async function standing(store: Store, { tenant, user, session }: Household, grant: number) {
  return [
    (await store.findUser(tenant, user))?.password_hash,
    (await store.findSession(tenant, session))?.ended_at,
    (await store.findGrant(tenant, grant))?.revoked_at,
  ];
}

/** Secrets that are good for one thing, once. */
export function oneTimeSecretContract(openStore: OpenStore): void {
  test('a secret is found until it expires, by all that it consists of', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    const id = await store.saveOneTimeSecret(tenant, newSecret(user));
    const find = async (over: Partial<typeof RESET & { id: number }>, now = NOW) =>
      (await store.findOneTimeSecret(tenant, { id, ...RESET, ...over }, now))?.username;
    assert.equal(await find({}, NOW + MINUTE - 1), 'alice');
    assert.equal(await find({}, NOW + MINUTE), undefined);
    assert.equal(await find({ id: id + 1 }), undefined);
    assert.equal(await find({ purpose: 'other' }), undefined);
    assert.equal(await find({ secret_hash: bytes('other') }), undefined);
  });

  test('a person has one living secret for each purpose: a new one voids the one before', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    await store.createUser(tenant, newUser('bob'), NOW);
    const bob = (await store.findUserByName(tenant, 'bob'))?.id ?? 0;
    const save = async (owner: number, purpose: string, text: string) => {
      const secret_hash = bytes(text);
      const id = await store.saveOneTimeSecret(tenant, newSecret(owner, { purpose, secret_hash }));
      return { id, purpose, secret_hash };
    };
    const first = await save(user, 'password_reset', 'first');
    const others = [await save(user, 'other', 'mine'), await save(bob, 'password_reset', 'of bob')];
    const second = await save(user, 'password_reset', 'second');
    const whose = async (secret: typeof first) =>
      (await store.findOneTimeSecret(tenant, secret, NOW))?.username;
    assert.deepEqual(await Promise.all([first, second, ...others].map(whose)), [
      undefined,
      'alice',
      'alice',
      'bob',
    ]);
  });

  test('of fifty secrets saved for one person at once exactly one lives', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    const saved = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const secret_hash = bytes(`secret ${index}`);
        const id = await store.saveOneTimeSecret(tenant, newSecret(user, { secret_hash }));
        return { id, purpose: 'password_reset', secret_hash };
      }),
    );
    const found = await Promise.all(saved.map((secret) => store.findOneTimeSecret(tenant, secret, NOW)));
    assert.equal(found.filter((one) => one !== undefined).length, 1);
  });

  test('of fifty resets at once exactly one sets its password, and ends sessions and grants with it', async (t) => {
    const store = await openStore(t);
    const home = await household(store);
    const { tenant, user } = home;
    const grant = await home.grant();
    await store.createUser(tenant, newUser('bob'), NOW);
    const bob = (await store.findUserByName(tenant, 'bob'))?.id ?? 0;
    const other = await store.startSession(tenant, newSession(bob));
    const id = await store.saveOneTimeSecret(tenant, newSecret(user));
    const secret_hash = bytes('reset');
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        store.resetPassword(tenant, { id, secret_hash, password_hash: `hash ${index}` }, NOW + 1),
      ),
    );
    const winner = outcomes.indexOf('reset');
    assert.deepEqual(outcomes.toSorted(), ['reset', ...Array(49).fill('spent')]);
    assert.deepEqual(await standing(store, home, grant), [`hash ${winner}`, NOW + 1, NOW + 1]);
    assert.equal((await store.findUser(tenant, bob))?.password_hash, '$argon2id$first');
    assert.equal((await store.findSession(tenant, other))?.ended_at, null);
    assert.equal(await store.findOneTimeSecret(tenant, { id, ...RESET }, NOW), undefined);
  });

  test('what is not the living secret of that purpose resets nothing and ends nothing', async (t) => {
    const store = await openStore(t);
    const home = await household(store);
    const { tenant, user } = home;
    const grant = await home.grant();
    const id = await store.saveOneTimeSecret(tenant, newSecret(user));
    const other = await store.saveOneTimeSecret(tenant, newSecret(user, { purpose: 'other' }));
    const reset = (number: number, secret_hash: Buffer, now: number) =>
      store.resetPassword(tenant, { id: number, secret_hash, password_hash: 'new' }, now);
    assert.equal(await reset(id, bytes('guess'), NOW), 'spent');
    assert.equal(await reset(id + 9, bytes('reset'), NOW), 'spent');
    assert.equal(await reset(other, bytes('reset'), NOW), 'spent');
    assert.equal(await reset(id, bytes('reset'), NOW + MINUTE), 'spent');
    assert.deepEqual(await standing(store, home, grant), ['$argon2id$first', null, null]);
    assert.equal(await reset(id, bytes('reset'), NOW + MINUTE - 1), 'reset');
  });

  test('a reset does nothing for a disabled person, and nothing after a new password', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    const reset = async () => {
      const id = await store.saveOneTimeSecret(tenant, newSecret(user));
      return () =>
        store.resetPassword(tenant, { id, secret_hash: bytes('reset'), password_hash: 'new' }, NOW);
    };
    const early = await reset();
    await store.setPassword(tenant, user, { hash: 'set' }, NOW);
    assert.equal(await early(), 'spent');
    const late = await reset();
    await store.disableUser(tenant, user, NOW);
    assert.equal(await late(), 'spent');
    assert.equal((await store.findUser(tenant, user))?.password_hash, 'set');
  });
}
