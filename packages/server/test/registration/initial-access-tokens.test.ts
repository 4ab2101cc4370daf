import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callerWith, itemsOf, PEOPLE, SERVICES, serviceToken, startWithApi } from '../api/support.ts';
import type { Signet } from '../support/signet.ts';
import { ON, register, TOKEN_NEEDED, URIS } from './registering.ts';

const admin = async (signet: Signet) => callerWith(signet, await serviceToken(signet, 'robot'));
const start = (t: Parameters<typeof startWithApi>[0]) =>
  startWithApi(t, { users: PEOPLE, clients: SERVICES, ...TOKEN_NEEDED });

test('where a token is needed, whoever brings none or another one is told so as for any bearer token (RFC 6750 §3.1)', async (t) => {
  const signet = await start(t);
  const without = await register(signet, URIS);
  assert.equal(without.status, 401);
  assert.equal(without.headers.get('www-authenticate'), `Bearer realm="${signet.issuer}"`);
  const access = await serviceToken(signet, 'robot');
  for (const token of ['x', '', 'sgia_', `sgia_${'A'.repeat(40)}`, `sgia_${'A'.repeat(5000)}`, access]) {
    const { status, headers, body } = await register(signet, URIS, { token });
    assert.equal(status, 401, token);
    assert.match(headers.get('www-authenticate') ?? '', /^Bearer realm="[^"]+", error="invalid_token"/);
    assert.equal(body['error'], 'invalid_token');
    assert.equal(headers.get('cache-control'), 'no-store');
  }
});

test('an administrator makes a token, which is told once and registers as many applications as it was made for', async (t) => {
  const signet = await start(t);
  const call = await admin(signet);
  const made = await call('POST /initial-access-tokens', {
    body: { description: 'For the fair', uses: 2, expires_in: '2h' },
  });
  assert.equal(made.status, 201);
  const { initial_access_token: token, ...shown } = made.body;
  assert.deepEqual([shown['uses'], shown['uses_left'], shown['created_by']], [2, 2, 'robot']);
  const list = await call('GET /initial-access-tokens');
  assert.deepEqual(itemsOf(list), [shown]);
  assert.ok(!JSON.stringify(list.body).includes(String(token)));
  for (const wish of [{}, { ...URIS, grant_types: ['evil'] }])
    assert.equal((await register(signet, wish, { token })).status, 400, 'a faulty wish takes no use');
  for (let use = 0; use < 2; use += 1) assert.equal((await register(signet, URIS, { token })).status, 201);
  assert.equal((await register(signet, URIS, { token })).status, 401);
  assert.equal(itemsOf(await call('GET /initial-access-tokens'))[0]?.['uses_left'], 0);
  const actions = itemsOf(await call('GET /audit?action=client.created'));
  assert.deepEqual(actions[0]?.['facts'], { initial_access_token: shown['id'] });
  const created = itemsOf(await call('GET /audit?action=initial_access_token.created'));
  assert.deepEqual([created[0]?.['subject'], created[0]?.['actor']], [shown['id'], 'robot']);
  assert.ok(!JSON.stringify(created).includes(String(token)));
});

test('of fifty registrations at once with a token for one exactly one succeeds', async (t) => {
  const signet = await start(t);
  const { body } = await (await admin(signet))('POST /initial-access-tokens');
  const token = body['initial_access_token'];
  const all = await Promise.all(Array.from({ length: 50 }, () => register(signet, URIS, { token })));
  const statuses = all.map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 201).length, 1);
  assert.equal(statuses.filter((status) => status === 401).length, 49);
});

test('a token ends with its time and when it is deleted, and is for one tenant alone', async (t) => {
  const signet = await start(t);
  const call = await admin(signet);
  const make = async () =>
    (await call('POST /initial-access-tokens', { body: { uses: 9, expires_in: 60 } })).body;
  const [first, second] = [await make(), await make()];
  const other = await start(t);
  assert.equal((await register(other, URIS, { token: first['initial_access_token'] })).status, 401);
  assert.equal((await call(`DELETE /initial-access-tokens/${String(first['id'])}`)).status, 204);
  assert.equal((await call(`DELETE /initial-access-tokens/${String(first['id'])}`)).status, 404);
  assert.equal((await register(signet, URIS, { token: first['initial_access_token'] })).status, 401);
  const token = second['initial_access_token'];
  assert.equal((await register(signet, URIS, { token })).status, 201);
  signet.clock.advance(61_000);
  assert.equal((await register(signet, URIS, { token })).status, 401);
});

test('what a token is made from is checked, with every faulty field named', async (t) => {
  const signet = await start(t);
  const call = await admin(signet);
  const faults: readonly [unknown, string][] = [
    [{ uses: 0 }, '/uses'],
    [{ uses: 1.5 }, '/uses'],
    [{ uses: 1e9 }, '/uses'],
    [{ uses: '1' }, '/uses'],
    [{ expires_in: 0 }, '/expires_in'],
    [{ expires_in: '5000d' }, '/expires_in'],
    [{ expires_in: -1 }, '/expires_in'],
    [{ description: 'a\u202Eb' }, '/description'],
    [{ description: 'x'.repeat(201) }, '/description'],
    [{ scope: 'signet:users:read' }, '/scope'],
  ];
  for (const [body, pointer] of faults) {
    const answer = await call('POST /initial-access-tokens', { body });
    assert.equal(answer.status, 422, JSON.stringify(body));
    assert.match(JSON.stringify(answer.body['errors']), new RegExp(`"pointer":"#?${pointer}"`));
  }
});

test('where anybody may register, a token is not needed, but one that is brought must be good, and its bearer never waits', async (t) => {
  const signet = await startWithApi(t, ON);
  assert.equal((await register(signet, URIS)).status, 201);
  assert.equal((await register(signet, URIS, { token: 'x' })).status, 401);
  const call = await admin(signet);
  const { body } = await call('POST /initial-access-tokens', { body: { uses: 5 } });
  for (let count = 0; count < 25; count += 1) await register(signet, URIS);
  assert.equal((await register(signet, URIS)).status, 429);
  assert.equal((await register(signet, URIS, { token: body['initial_access_token'] })).status, 201);
});
