import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../../src/store/store.ts';
import {
  bytes,
  DAY,
  fiftyAtOnce,
  HOSTILE,
  household,
  metadata,
  NOW,
  newEvent,
  newInitialToken,
  newRegistration,
  type OpenStore,
} from '../samples.ts';

const EVENT = newEvent('client.changed', { actor: 'own' });

/** A tenant with the application `own`, which registered itself. */
async function registered(store: Store, over: Parameters<typeof newRegistration>[1] = {}) {
  const { tenant } = await household(store);
  await store.registerClient(tenant, newRegistration('own', over), NOW);
  const { row = 0 } = (await store.findClient(tenant, 'own')) ?? {};
  return { tenant, row, seen: { client_row: row, token_hash: bytes('token of own'), version: 1 } };
}

const replacement = (name: string) => ({
  client: { metadata: metadata('own', { client_name: name }), keepsEnd: true, event: EVENT } as const,
  token_hash: bytes(name),
  software_statement: null,
});

/** Applications that register themselves. */
export function registrationContract(openStore: OpenStore): void {
  test('an initial access token is stored whole, listed with the newest first, and deleted with its event', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const sent = newInitialToken({ uses: 3 });
    const id = await store.createInitialAccessToken(tenant, sent, newEvent('token.made'));
    const found = await store.findInitialAccessToken(tenant, id);
    assert.deepEqual(
      { ...found, secret_hash: Buffer.from(found?.secret_hash ?? []) },
      {
        ...sent,
        id,
        uses_left: 3,
      },
    );
    const newer = newInitialToken({ uuid: 'newer', description: null });
    const second = await store.createInitialAccessToken(tenant, newer, newEvent('token.made'));
    const uuids = async (page: { before?: number; atMost: number }) =>
      (await store.listInitialAccessTokens(tenant, page)).map(({ uuid }) => uuid);
    assert.deepEqual(await uuids({ atMost: 9 }), ['newer', 'initial']);
    assert.deepEqual(await uuids({ before: second, atMost: 9 }), ['initial']);
    assert.deepEqual(await uuids({ atMost: 1 }), ['newer']);
    const gone = newEvent('token.gone');
    assert.equal(await store.deleteInitialAccessToken(tenant, 'initial', gone), 'deleted');
    assert.equal(await store.deleteInitialAccessToken(tenant, 'initial', gone), 'unknown');
    assert.equal((await store.listEvents(tenant, { action: 'token.gone', atMost: 9 })).length, 1);
    assert.equal((await store.listEvents(tenant, { action: 'token.made', atMost: 9 })).length, 2);
  });

  test('of fifty registrations at once with a token of three uses exactly three succeed, and no trace of the others is left', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const id = await store.createInitialAccessToken(tenant, newInitialToken({ uses: 3 }), EVENT);
    const spend = { id, secret_hash: bytes('initial') };
    const outcomes = await fiftyAtOnce((index) =>
      store.registerClient(tenant, newRegistration(`own-${index}`, { spend }), NOW),
    );
    assert.deepEqual(outcomes, { registered: 3, refused: 47 });
    assert.equal((await store.findInitialAccessToken(tenant, id))?.uses_left, 0);
    const own = (await store.listClients(tenant)).filter(({ source }) => source === 'registration');
    assert.equal(own.length, 3);
  });

  test('a use is not taken by a registration that fails, with another secret, or when the token is over', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const id = await store.createInitialAccessToken(tenant, newInitialToken(), EVENT);
    const spend = { id, secret_hash: bytes('initial') };
    const attempts = [
      () => store.registerClient(tenant, newRegistration('app', { spend }), NOW),
      () =>
        store.registerClient(tenant, newRegistration('new', { spend: { id, secret_hash: bytes('x') } }), NOW),
      () => store.registerClient(tenant, newRegistration('new', { spend }), NOW + DAY),
      () => store.registerClient(tenant, newRegistration('new', { spend: { ...spend, id: id + 1 } }), NOW),
    ];
    for (const attempt of attempts) assert.equal(await attempt(), 'refused');
    assert.equal((await store.findInitialAccessToken(tenant, id))?.uses_left, 1);
    assert.equal(await store.findClient(tenant, 'new'), undefined);
  });

  test('a registration is stored with its client, its statement and its end', async (t) => {
    const store = await openStore(t);
    const over = { software_statement: HOSTILE, expires_at: NOW + DAY };
    const { tenant, row } = await registered(store, over);
    const client = await store.findClient(tenant, 'own');
    assert.deepEqual([client?.source, client?.version, client?.expires_at], ['registration', 1, NOW + DAY]);
    const found = await store.findRegistration(tenant, row);
    assert.deepEqual(
      { ...found, token_hash: Buffer.from(found?.token_hash ?? []) },
      {
        client_row: row,
        token_hash: bytes('token of own'),
        token_at: NOW,
        version: 1,
        software_statement: HOSTILE,
        used_at: NOW,
      },
    );
    assert.equal((await store.findClient(tenant, 'app'))?.expires_at, null);
  });

  test('of fifty replacements at once exactly one succeeds, and with its token goes on', async (t) => {
    const store = await openStore(t);
    const { tenant, row, seen } = await registered(store, { expires_at: NOW + DAY });
    const outcomes = await fiftyAtOnce((index) =>
      store.updateRegistration(tenant, seen, replacement(`number ${index}`), NOW + 1),
    );
    assert.deepEqual(outcomes, { updated: 1, stale: 49 });
    const client = await store.findClient(tenant, 'own');
    const now = await store.findRegistration(tenant, row);
    assert.deepEqual([client?.version, now?.version, now?.token_at], [2, 2, NOW + 1]);
    assert.deepEqual(Buffer.from(now?.token_hash ?? []), bytes(String(client?.metadata.client_name)));
    assert.equal(client?.expires_at, NOW + DAY, 'it ends when it did');
    assert.equal((await store.listClientVersions(tenant, 'own', { atMost: 9 })).length, 2);
  });

  test('a client that somebody else has changed is neither replaced nor deleted by itself, and ends no more', async (t) => {
    const store = await openStore(t);
    const { tenant, row, seen } = await registered(store, { expires_at: NOW + DAY });
    await store.updateClient(tenant, { metadata: metadata('own', { client_name: 'Ours' }) }, NOW);
    assert.equal(await store.updateRegistration(tenant, seen, replacement('Its'), NOW), 'stale');
    assert.equal(await store.deleteRegistration(tenant, { ...seen, client_id: 'own' }, EVENT, NOW), 'stale');
    const client = await store.findClient(tenant, 'own');
    assert.deepEqual([client?.metadata.client_name, client?.expires_at], ['Ours', null]);
    assert.deepEqual(
      Buffer.from((await store.findRegistration(tenant, row))?.token_hash ?? []),
      seen.token_hash,
    );
    const idle = { usedBefore: NOW + 9 * DAY };
    assert.deepEqual(await store.listIdleClients(tenant, { ...idle, atMost: 9 }, NOW + 9 * DAY), []);
    const outcome = await store.removeIdleClient(tenant, 'own', { ...idle, event: EVENT }, NOW + 9 * DAY);
    assert.equal(outcome, 'unchanged');
  });

  test('the token dies with the client, whoever deletes it, and does not come back with it', async (t) => {
    const store = await openStore(t);
    const { tenant, row, seen } = await registered(store, { expires_at: NOW + DAY });
    const others = { ...seen, token_hash: bytes('x'), client_id: 'own' };
    assert.equal(await store.deleteRegistration(tenant, others, EVENT, NOW), 'stale');
    assert.equal(
      await store.deleteRegistration(tenant, { ...seen, client_id: 'own' }, EVENT, NOW),
      'deleted',
    );
    assert.equal(await store.findClient(tenant, 'own'), undefined);
    assert.equal(await store.findRegistration(tenant, row), undefined);
    assert.equal(await store.restoreClient(tenant, 'own', EVENT, NOW), 'restored');
    const again = await store.findClient(tenant, 'own');
    assert.equal(again?.expires_at, null);
    assert.equal(await store.findRegistration(tenant, again?.row ?? 0), undefined);
    await store.registerClient(tenant, newRegistration('second'), NOW);
    const { row: second = 0 } = (await store.findClient(tenant, 'second')) ?? {};
    await store.deleteClient(tenant, 'second', NOW);
    assert.equal(await store.findRegistration(tenant, second), undefined);
  });

  test('what was not used for so long, or is over, is listed and removed, restorably; what was used meanwhile stays', async (t) => {
    const store = await openStore(t);
    const { tenant, row } = await registered(store);
    await store.registerClient(tenant, newRegistration('brief', { expires_at: NOW + DAY }), NOW);
    const later = NOW + 2 * DAY;
    const list = async (usedBefore?: number) =>
      [...(await store.listIdleClients(tenant, { usedBefore, atMost: 9 }, later))].toSorted();
    assert.deepEqual(await list(), ['brief']);
    assert.deepEqual(await list(NOW + DAY), ['brief', 'own']);
    await store.noteClientUses(tenant, [row, 12_345], later);
    assert.deepEqual(await list(NOW + DAY), ['brief']);
    const remove = (client_id: string) =>
      store.removeIdleClient(tenant, client_id, { usedBefore: NOW + DAY, event: EVENT }, later);
    assert.equal(await remove('own'), 'unchanged', 'it was used after it was listed');
    assert.equal(await remove('app'), 'unchanged', 'an operator registered it');
    assert.equal(await remove('brief'), 'deleted');
    assert.equal(await remove('brief'), 'unchanged');
    const deleted = await store.listDeletedClients(tenant, later, 9);
    assert.deepEqual(
      deleted.map(({ metadata: { client_id }, deleted_by }) => [client_id, deleted_by]),
      [['brief', 'own']],
    );
    await store.noteClientUses(tenant, [row], NOW);
    assert.equal(
      (await store.findRegistration(tenant, row))?.used_at,
      later,
      'an earlier use changes nothing',
    );
  });
}
