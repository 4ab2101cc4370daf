import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bytes,
  consentTo,
  fiftyAtOnce,
  HOSTILE,
  household,
  metadata,
  NOW,
  type OpenStore,
  offlineGrant,
  SECRET,
} from '../samples.ts';

/** Registered clients. */
export function clientContract(openStore: OpenStore): void {
  test('a client is stored whole and found by its client_id and by its row', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const sent = metadata('other', { client_name: HOSTILE, contacts: ['a@example', ''] });
    const secret = { digest: bytes('digest'), sealed: bytes('sealed') };
    assert.equal(
      await store.createClient(tenant, { metadata: sent, secret, source: 'manual' }, NOW),
      'created',
    );
    const found = await store.findClient(tenant, 'other');
    assert.deepEqual(found?.metadata, sent);
    assert.deepEqual(Buffer.from(found?.secret_digest ?? []), secret.digest);
    assert.deepEqual(Buffer.from(found?.secret_sealed ?? []), secret.sealed);
    const { source, version, created_at, updated_at } = found ?? {};
    assert.deepEqual([source, version, created_at, updated_at], ['manual', 1, NOW, NOW]);
    assert.deepEqual(await store.findClientByRow(tenant, found?.row ?? 0), found);
    assert.deepEqual(
      (await store.listClients(tenant)).map((client) => client.metadata.client_id),
      ['app', 'other'],
    );
    for (const unknown of ['', 'OTHER', 'other ', HOSTILE]) {
      assert.equal(await store.findClient(tenant, unknown), undefined);
    }
  });

  test('a client_id that is taken is refused, and the client that has it stays as it is', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const before = await store.findClient(tenant, 'app');
    const intruder = {
      metadata: metadata('app', { client_name: 'x' }),
      secret: SECRET,
      source: 'manual',
    } as const;
    assert.equal(await store.createClient(tenant, intruder, NOW + 1), 'duplicate');
    assert.deepEqual(await store.findClient(tenant, 'app'), before);
  });

  test('of fifty registrations of one client_id at once exactly one succeeds', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const create = (index: number) => {
      const client = metadata('raced', { client_name: `number ${index}` });
      return store.createClient(tenant, { metadata: client, secret: SECRET, source: 'manual' }, NOW);
    };
    assert.deepEqual(await fiftyAtOnce(create), { created: 1, duplicate: 49 });
  });

  test('an update replaces the metadata, and secret and source only when they are given', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const before = await store.findClient(tenant, 'app');
    const changed = metadata('app', { client_name: 'Changed' });
    assert.equal(await store.updateClient(tenant, { metadata: changed }, NOW + 1), 'updated');
    const once = await store.findClient(tenant, 'app');
    assert.deepEqual(once, { ...before, metadata: changed, version: 2, updated_at: NOW + 1 });
    const secret = { digest: null, sealed: bytes('sealed') };
    await store.updateClient(tenant, { metadata: changed, secret, source: 'manual' }, NOW + 2);
    const twice = await store.findClient(tenant, 'app');
    assert.deepEqual(
      [twice?.version, twice?.source, twice?.secret_digest, Buffer.from(twice?.secret_sealed ?? [])],
      [3, 'manual', null, secret.sealed],
    );
    assert.equal(await store.updateClient(tenant, { metadata: metadata('nobody'), secret }, NOW), 'unknown');
    assert.equal(await store.findClient(tenant, 'nobody'), undefined);
  });

  test('with a client go its consents and used assertions, its grants belong to no client, and nothing of another one goes', async (t) => {
    const store = await openStore(t);
    const home = await household(store);
    const { tenant, client, user, grant } = home;
    await store.createClient(tenant, { metadata: metadata('other'), secret: SECRET, source: 'file' }, NOW);
    const other = (await store.findClient(tenant, 'other'))?.row ?? 0;
    const assertion = { jti_hash: bytes('jti'), expires_at: NOW };
    const mine = [await grant(), await offlineGrant(store, home)];
    const theirs = await grant({ client_row: other });
    for (const client_row of [client, other]) {
      await store.saveConsent(tenant, consentTo(client_row, user));
      await store.useAssertion(tenant, client_row, assertion);
    }
    assert.equal(await store.deleteClient(tenant, 'app', NOW), 'deleted');
    assert.equal(await store.findClient(tenant, 'app'), undefined);
    assert.equal(await store.findClientByRow(tenant, client), undefined);
    for (const id of mine) assert.equal((await store.findGrant(tenant, id))?.client_row ?? client, client);
    assert.equal(await store.findConsent(tenant, user, client), undefined);
    assert.equal(await store.useAssertion(tenant, client, assertion), 'fresh');
    assert.equal((await store.findGrant(tenant, theirs))?.client_row, other);
    assert.equal((await store.findConsent(tenant, user, other))?.client_row, other);
    assert.equal(await store.useAssertion(tenant, other, assertion), 'replayed');
    assert.equal(await store.deleteClient(tenant, 'app', NOW), 'unknown');
  });

  test('a client registered anew under an old client_id has another row', async (t) => {
    const store = await openStore(t);
    const { tenant, client } = await household(store);
    await store.deleteClient(tenant, 'app', NOW);
    await store.createClient(tenant, { metadata: metadata('app'), secret: SECRET, source: 'file' }, NOW);
    assert.ok(((await store.findClient(tenant, 'app'))?.row ?? 0) > client);
  });
}
