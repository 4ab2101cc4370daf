import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bytes,
  DAY,
  fiftyAtOnce,
  HOSTILE,
  household,
  metadata,
  NOW,
  newEvent,
  newUser,
  type OpenStore,
  offlineGrant,
  SECRET,
} from '../samples.ts';

const restored = newEvent('restored');

/** Versions of clients, and what was deleted. */
export function undoContract(openStore: OpenStore): void {
  test('each change of a client is a version, also the first one, with who made it', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const change = (client_name: string, actor?: string) =>
      store.updateClient(
        tenant,
        {
          metadata: metadata('app', { client_name }),
          event: (actor && newEvent('changed', { actor })) || undefined,
        },
        NOW + 1,
      );
    await change('Two', 'dora');
    await change(HOSTILE);
    const versions = await store.listClientVersions(tenant, 'app', { atMost: 9 });
    assert.deepEqual(
      versions.map(({ version, actor, metadata: of }) => [version, actor, of.client_name]),
      [
        [3, null, HOSTILE],
        [2, 'dora', 'Two'],
        [1, null, undefined],
      ],
    );
    const [, , first] = versions;
    assert.deepEqual(await store.findClientVersion(tenant, 'app', 1), first);
    assert.equal(await store.findClientVersion(tenant, 'app', 4), undefined);
    const page = await store.listClientVersions(tenant, 'app', { before: 3, atMost: 1 });
    assert.deepEqual(
      page.map(({ version }) => version),
      [2],
    );
  });

  test('of fifty changes that rest on one version exactly one is made and recorded', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const change = (index: number) => {
      const client = { metadata: metadata('app', { client_name: `${index}` }), event: newEvent('raced') };
      return store.updateClient(tenant, client, NOW, 1);
    };
    assert.deepEqual(await fiftyAtOnce(change), { updated: 1, stale: 49 });
    assert.equal((await store.listEvents(tenant, { action: 'raced', atMost: 99 })).length, 1);
    const unknown = { metadata: metadata('unknown'), event: newEvent('raced') };
    assert.equal(await store.updateClient(tenant, unknown, NOW, 1), 'unknown');
    assert.equal((await store.listEvents(tenant, { action: 'raced', atMost: 99 })).length, 1);
  });

  test('the secret before a new one is told until its time, and only beside that one', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const secret = (text: string) => ({ digest: bytes(text), sealed: bytes(`sealed ${text}`) });
    const rotate = (text: string, previousUntil?: number) =>
      store.updateClient(tenant, { metadata: metadata('app'), secret: secret(text), previousUntil }, NOW);
    const previous = async () => (await store.findClient(tenant, 'app'))?.previous_secret;
    await rotate('one');
    assert.equal(await previous(), null);
    await rotate('two', NOW + DAY);
    const kept = await previous();
    assert.deepEqual([Buffer.from(kept?.digest ?? []), kept?.until], [bytes('one'), NOW + DAY]);
    assert.deepEqual(Buffer.from(kept?.sealed ?? []), bytes('sealed one'));
    await store.updateClient(tenant, { metadata: metadata('app', { client_name: 'x' }) }, NOW);
    assert.deepEqual(await previous(), kept);
    await rotate('three');
    assert.equal(await previous(), null);
  });

  test('a deleted client comes back with its secret and versions, and without what was issued to it', async (t) => {
    const store = await openStore(t);
    const home = await household(store);
    const { tenant, client } = home;
    const grant = await offlineGrant(store, home);
    await store.updateClient(tenant, { metadata: metadata('app', { client_name: 'Two' }) }, NOW);
    await store.deleteClient(tenant, 'app', NOW, newEvent('deleted', { actor: 'dora' }));
    const [deleted, ...more] = await store.listDeletedClients(tenant, NOW, 9);
    assert.deepEqual(more, []);
    assert.deepEqual([deleted?.metadata.client_name, deleted?.deleted_by], ['Two', 'dora']);
    assert.deepEqual(await fiftyAtOnce(() => store.restoreClient(tenant, 'app', restored, NOW + 1)), {
      restored: 1,
      taken: 49,
    });
    const back = await store.findClient(tenant, 'app');
    assert.notEqual(back?.row, client);
    assert.deepEqual([back?.metadata.client_name, back?.created_at], ['Two', NOW + 1]);
    assert.deepEqual(Buffer.from(back?.secret_digest ?? []), SECRET.digest);
    assert.equal((await store.findGrant(tenant, grant))?.client_row, client);
    const versions = await store.listClientVersions(tenant, 'app', { atMost: 9 });
    assert.deepEqual(
      versions.map(({ version }) => version),
      [2, 1],
    );
    assert.deepEqual(await store.listDeletedClients(tenant, NOW, 9), []);
    assert.equal((await store.listEvents(tenant, { action: 'restored', atMost: 99 })).length, 1);
  });

  test('what was deleted is there for thirty days, and never in the place of another', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    await store.deleteClient(tenant, 'app', NOW);
    await store.deleteUser(tenant, user, NOW);
    const late = NOW + 30 * DAY;
    assert.deepEqual(await store.listDeletedClients(tenant, late, 9), []);
    assert.equal(await store.restoreClient(tenant, 'app', restored, late), 'unknown');
    assert.equal(await store.restoreUser(tenant, 'sub-of-alice', restored, late), 'unknown');
    const other = {
      metadata: metadata('app', { client_name: 'Other' }),
      secret: SECRET,
      source: 'file',
    } as const;
    await store.createClient(tenant, other, NOW);
    assert.equal(await store.restoreClient(tenant, 'app', restored, NOW), 'taken');
    await store.createUser(tenant, newUser('alice', { sub: 'other' }), NOW);
    assert.equal(await store.restoreUser(tenant, 'sub-of-alice', restored, NOW), 'taken');
    assert.deepEqual(await store.listDeletedClients(tenant, NOW, 9), []);
    assert.equal((await store.findClient(tenant, 'app'))?.metadata.client_name, 'Other');
    assert.equal((await store.listEvents(tenant, { action: 'restored', atMost: 9 })).length, 0);
  });

  test('a deleted user comes back as the same subject with the same password, and signed in nowhere', async (t) => {
    const store = await openStore(t);
    const home = await household(store);
    const { tenant, user } = home;
    const before = await store.findUser(tenant, user);
    await store.deleteUser(tenant, user, NOW, newEvent('deleted', { actor: 'dora' }));
    assert.deepEqual(await store.listDeletedUsers(tenant, NOW, 9), [
      { sub: 'sub-of-alice', username: 'alice', role: 'user', deleted_at: NOW, deleted_by: 'dora' },
    ]);
    assert.deepEqual(await fiftyAtOnce(() => store.restoreUser(tenant, 'sub-of-alice', restored, NOW + 1)), {
      restored: 1,
      unknown: 49,
    });
    const back = await store.findUserByName(tenant, 'alice');
    assert.deepEqual(back, { ...before, id: back?.id, version: 2, updated_at: NOW + 1 });
    assert.notEqual(back?.id, user);
    assert.deepEqual(await store.listSessions(tenant, back?.id ?? 0), []);
    assert.deepEqual(await store.listDeletedUsers(tenant, NOW, 9), []);
  });

  test('what is done to a person is recorded with it, and what is not done is not', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    const count = async (action: string) => (await store.listEvents(tenant, { action, atMost: 9 })).length;
    const create = () => store.createUser(tenant, newUser('bob'), NOW, newEvent('created'));
    assert.deepEqual([await create(), await create(), await count('created')], ['created', 'duplicate', 1]);
    await store.setPassword(tenant, user, { hash: 'new', event: newEvent('password') }, NOW);
    await store.disableUser(tenant, user, NOW, newEvent('disabled'));
    await store.enableUser(tenant, user, NOW, newEvent('enabled'));
    for (const action of ['password', 'disabled', 'enabled']) assert.equal(await count(action), 1, action);
    const remove = () => store.deleteUser(tenant, user, NOW, newEvent('deleted'));
    assert.deepEqual([await remove(), await remove(), await count('deleted')], ['deleted', 'unknown', 1]);
    const client = {
      metadata: metadata('app'),
      secret: SECRET,
      source: 'file',
      event: newEvent('client'),
    } as const;
    assert.deepEqual(
      [await store.createClient(tenant, client, NOW), await count('client')],
      ['duplicate', 0],
    );
    const removeClient = () => store.deleteClient(tenant, 'app', NOW, newEvent('gone'));
    assert.deepEqual(
      [await removeClient(), await removeClient(), await count('gone')],
      ['deleted', 'unknown', 1],
    );
  });
}
