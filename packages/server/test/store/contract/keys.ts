import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, DAY, fiftyAtOnce, household, NOW, newKey, type OpenStore } from '../samples.ts';

const ROTATION = { unlessSince: NOW, retireOthersAt: NOW + DAY };

/** Tenants and their signing keys. */
export function keyContract(openStore: OpenStore): void {
  test('a tenant keeps its first secret and its number, and takes a new issuer', async (t) => {
    const store = await openStore(t);
    const first = await store.saveTenant(
      { name: 'one', issuer: 'https://a', secret_sealed: bytes('1') },
      NOW,
    );
    const again = await store.saveTenant(
      { name: 'one', issuer: 'https://b', secret_sealed: bytes('2') },
      NOW,
    );
    assert.deepEqual(again, { ...first, issuer: 'https://b' });
    assert.deepEqual(Buffer.from(again.secret_sealed), bytes('1'));
    assert.deepEqual(await store.findTenant('one'), again);
    assert.equal(await store.findTenant('two'), undefined);
  });

  test('of fifty first starts at once all find the same tenant with the same secret', async (t) => {
    const store = await openStore(t);
    const outcomes = await fiftyAtOnce(async (index) => {
      const tenant = { name: 'one', issuer: 'https://a', secret_sealed: bytes(`secret ${index}`) };
      return JSON.stringify(await store.saveTenant(tenant, NOW));
    });
    assert.deepEqual(Object.values(outcomes), [50]);
  });

  test('of fifty nodes that give the first key the same name, one adds it and no other comes to grief', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const outcomes = await fiftyAtOnce(async (index) => {
      // By clocks that differ, and for several algorithms.
      const alg = index % 2 === 0 ? 'PS256' : 'RS256';
      const key = newKey('private-key', { alg, created_at: NOW + 1 + index });
      return String(await store.addKey(tenant, key, { unlessSince: 0, retireOthersAt: NOW + DAY }));
    });
    assert.deepEqual(outcomes, { true: 1, false: 49 });
    const [only, ...others] = await store.listKeys(tenant);
    assert.deepEqual([only?.kid, only?.retire_at, others], ['private-key', null, []]);
  });

  test('a key is stored whole, and an added one gives the others of its algorithm their end', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const [first, other] = [newKey('first', { created_at: NOW + 1 }), newKey('other', { alg: 'RS256' })];
    assert.equal(await store.addKey(tenant, first, ROTATION), true);
    assert.equal(await store.addKey(tenant, other, ROTATION), true);
    const second = newKey('second', { created_at: NOW + DAY, active_from: NOW + 2 * DAY });
    const rotation = { unlessSince: NOW + 1, retireOthersAt: NOW + 3 * DAY };
    assert.equal(await store.addKey(tenant, second, rotation), true);
    const third = newKey('third', { created_at: NOW + 2 * DAY });
    assert.equal(
      await store.addKey(tenant, third, { unlessSince: NOW + DAY, retireOthersAt: NOW + 9 * DAY }),
      true,
    );
    const stored = (await store.listKeys(tenant)).map((key) => {
      return { ...key, private_sealed: Buffer.from(key.private_sealed) };
    });
    assert.deepEqual(stored, [
      { ...first, retire_at: NOW + 3 * DAY },
      other,
      { ...second, retire_at: NOW + 9 * DAY },
      third,
    ]);
  });

  test('a key is not added when one of its algorithm was added since, and then nothing is retired', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    await store.addKey(tenant, newKey('first', { created_at: NOW + 1 }), ROTATION);
    assert.equal(await store.addKey(tenant, newKey('second', { created_at: NOW + 2 }), ROTATION), false);
    const [only, ...others] = await store.listKeys(tenant);
    assert.deepEqual([only?.kid, only?.retire_at, others], ['first', null, []]);
  });

  test('of fifty rotations at once exactly one adds its key', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const rotate = async (index: number) =>
      String(await store.addKey(tenant, newKey(`key ${index}`, { created_at: NOW + 1 }), ROTATION));
    assert.deepEqual(await fiftyAtOnce(rotate), { true: 1, false: 49 });
    assert.equal((await store.listKeys(tenant)).length, 1);
  });

  test('only keys whose end lies before the given time are deleted', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    await store.addKey(tenant, newKey('first'), { unlessSince: 0, retireOthersAt: 0 });
    await store.addKey(tenant, newKey('second', { created_at: NOW + 1 }), {
      ...ROTATION,
      retireOthersAt: NOW + 5,
    });
    const kids = async () => (await store.listKeys(tenant)).map(({ kid }) => kid);
    await store.deleteKeys(tenant, NOW + 5);
    assert.deepEqual(await kids(), ['first', 'second']);
    await store.deleteKeys(tenant, NOW + 6);
    assert.deepEqual(await kids(), ['second']);
  });
}
