import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, fiftyAtOnce, household, NOW, newUser, type OpenStore } from '../samples.ts';

const LINK = bytes('link');
const root = (name: string) => newUser(name, { role: 'admin' });

/** The set-up link and the first administrator. */
export function setupContract(openStore: OpenStore): void {
  test('a set-up link is good until it expires or is replaced', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    await store.saveSetupLink(tenant, LINK, NOW + 10);
    assert.equal(await store.setupLinkIsGood(tenant, LINK, NOW + 9), true);
    assert.equal(await store.setupLinkIsGood(tenant, LINK, NOW + 10), false);
    assert.equal(await store.setupLinkIsGood(tenant, bytes('other'), NOW), false);
    await store.saveSetupLink(tenant, bytes('second'), NOW + 10);
    assert.equal(await store.setupLinkIsGood(tenant, LINK, NOW), false);
    assert.equal(await store.setupLinkIsGood(tenant, bytes('second'), NOW), true);
  });

  test('the link makes one administrator and is spent', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    await store.saveSetupLink(tenant, LINK, NOW + 10);
    const create = (name: string, secret_hash: Buffer, now: number) =>
      store.createFirstAdministrator(tenant, { secret_hash, user: root(name) }, now);
    assert.equal(await create('root', bytes('wrong'), NOW), 'spent');
    assert.equal(await create('root', LINK, NOW + 10), 'spent');
    assert.equal(await store.hasAdministrator(tenant), false);
    assert.equal(await create('root', LINK, NOW), 'created');
    assert.equal(await store.hasAdministrator(tenant), true);
    assert.equal(await store.setupLinkIsGood(tenant, LINK, NOW), false);
    assert.equal(await create('second', LINK, NOW), 'spent');
    assert.equal(await store.findUserByName(tenant, 'second'), undefined);
  });

  test('a name that is taken makes no administrator and leaves the link good', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    await store.saveSetupLink(tenant, LINK, NOW + 10);
    const user = newUser('alice', { role: 'admin', sub: 'another' });
    const outcome = await store.createFirstAdministrator(tenant, { secret_hash: LINK, user }, NOW);
    assert.equal(outcome, 'duplicate');
    assert.equal((await store.findUserByName(tenant, 'alice'))?.role, 'user');
    assert.equal(await store.setupLinkIsGood(tenant, LINK, NOW), true);
  });

  test('the link of one tenant is not spent by that of another', async (t) => {
    const store = await openStore(t);
    const [one, two] = [await household(store, 'one'), await household(store, 'two')];
    for (const { tenant } of [one, two]) {
      await store.saveSetupLink(tenant, LINK, NOW + 10);
    }
    for (const { tenant } of [one, two]) {
      const setup = { secret_hash: LINK, user: root('root') };
      assert.equal(await store.createFirstAdministrator(tenant, setup, NOW), 'created');
    }
  });

  test('a link is as good as spent once there is an administrator from elsewhere', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    await store.saveSetupLink(tenant, LINK, NOW + 10);
    await store.createUser(tenant, root('operator'), NOW);
    assert.equal(await store.setupLinkIsGood(tenant, LINK, NOW), false);
    const setup = { secret_hash: LINK, user: root('stranger') };
    assert.equal(await store.createFirstAdministrator(tenant, setup, NOW), 'spent');
    assert.equal(await store.findUserByName(tenant, 'stranger'), undefined);
  });

  test('of fifty people with one link at once exactly one becomes administrator', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    await store.saveSetupLink(tenant, LINK, NOW + 10);
    const create = (index: number) =>
      store.createFirstAdministrator(tenant, { secret_hash: LINK, user: root(`root ${index}`) }, NOW);
    assert.deepEqual(await fiftyAtOnce(create), { created: 1, spent: 49 });
    const users = await store.listUsers(tenant, { afterUsername: '', atMost: 100 });
    assert.equal(users.filter(({ role }) => role === 'admin').length, 1);
  });
}
