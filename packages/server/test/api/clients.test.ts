import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import { listAudit } from '../../src/admin/audit.ts';
import { basic, post } from '../support/person.ts';
import { itemsOf, ROOT, service, signedIn, startWithApi } from './support.ts';

const APP = { client_name: 'Shop', redirect_uris: ['https://shop.example/cb'] };

test('an application is registered with a secret that is told once, read, changed and deleted', async (t) => {
  const signet = await startWithApi(t);
  const call = await signedIn(signet);
  const created = await call('POST /clients', { body: APP });
  assert.equal(created.status, 201, JSON.stringify(created.body));
  const { client_id, client_secret } = created.body as Record<string, string>;
  assert.equal(created.headers.get('location'), signet.url(`/api/v1/clients/${client_id}`));
  assert.equal(created.headers.get('cache-control'), 'no-store');
  const read = await call(`GET /clients/${client_id}`);
  const { client_secret: _, ...told } = created.body;
  assert.deepEqual(read.body, told);
  assert.equal(read.headers.get('etag'), '"1"');
  assert.ok((client_secret?.length ?? 0) > 40);
  const changed = await call(`PATCH /clients/${client_id}`, {
    body: { client_name: null, tos_uri: 'https://shop.example/tos' },
    headers: { 'if-match': '"1"' },
  });
  assert.equal(changed.status, 200);
  assert.equal(changed.headers.get('etag'), '"2"');
  assert.deepEqual(
    [changed.body['client_name'], changed.body['tos_uri']],
    [undefined, 'https://shop.example/tos'],
  );
  assert.deepEqual(changed.body['redirect_uris'], APP.redirect_uris);
  assert.equal((await call(`DELETE /clients/${client_id}`)).status, 204);
  assert.equal((await call(`GET /clients/${client_id}`)).status, 404);
  const events = await listAudit(signet.provider, { subject: client_id, atMost: 9 });
  assert.deepEqual(
    events.map(({ action }) => action),
    ['client.deleted', 'client.updated', 'client.created'],
  );
  assert.deepEqual(events[1]?.facts, {
    changed: ['client_name', 'tos_uri'],
    before: { client_name: 'Shop' },
    after: { tos_uri: 'https://shop.example/tos' },
  });
  const me = (await call('GET /me')).body['sub'];
  assert.ok(
    events.every(({ actor, network, request_id }) => actor === me && network !== null && request_id !== null),
  );
  assert.doesNotMatch(JSON.stringify(events), new RegExp(client_secret ?? 'x'));
});

test('every fault of a registration is named with where it stands', async (t) => {
  const call = await signedIn(await startWithApi(t));
  const { status, body, headers } = await call('POST /clients', {
    body: { redirect_uris: ['http://shop.example/cb', 7], grant_types: ['autorization_code'], colour: 'red' },
  });
  assert.equal(status, 422);
  assert.equal(headers.get('content-type'), 'application/problem+json');
  const errors = body['errors'] as { pointer: string; detail: string }[];
  assert.deepEqual(errors.map(({ pointer }) => pointer).toSorted(), [
    '/colour',
    '/grant_types/0',
    '/redirect_uris/1',
  ]);
  assert.match(
    errors.find(({ pointer }) => pointer === '/grant_types/0')?.detail ?? '',
    /did you mean "authorization_code"/,
  );
});

test('a change that rests on an older version is lost to nobody', async (t) => {
  const call = await signedIn(await startWithApi(t));
  const patch = (client_name: string, headers?: Record<string, string>) =>
    call('PATCH /clients/web-app', { body: { client_name }, ...(headers && { headers }) });
  assert.equal((await patch('x')).status, 428);
  for (const tag of ['"7"', 'W/"1"', '*', 'nonsense'])
    assert.equal((await patch('x', { 'if-match': tag })).status, 412, tag);
  const all = await Promise.all(['a', 'b', 'c', 'd'].map((name) => patch(name, { 'if-match': '"1"' })));
  assert.equal(all.filter(({ status }) => status === 200).length, 1);
  assert.equal(all.filter(({ status }) => status === 412).length, 3);
  assert.equal((await call('GET /clients/web-app')).body['version'], 2);
});

test('what is not of a client, or is not changed by hand, is refused in a patch', async (t) => {
  const call = await signedIn(await startWithApi(t));
  const patch = async (body: unknown) => {
    const { status, body: told } = await call('PATCH /clients/web-app', {
      body,
      headers: { 'if-match': '"1"' },
    });
    return [status, (told['errors'] as { pointer: string }[] | undefined)?.map(({ pointer }) => pointer)];
  };
  assert.deepEqual(await patch({ client_id: 'other' }), [422, ['/client_id']]);
  assert.deepEqual(await patch({ client_secret: 'chosen' }), [422, ['/client_secret']]);
  assert.deepEqual(await patch({ version: 9, source: 'file' }), [422, ['/version', '/source']]);
  assert.deepEqual(await patch([]), [422, ['']]);
  assert.deepEqual((await patch('{'))[0], 400);
  assert.deepEqual(await patch('{"__proto__": {"disabled": true}}'), [422, ['/__proto__']]);
  const text = { body: '{}', headers: { 'content-type': 'text/plain', 'if-match': '"1"' } };
  assert.equal((await call('PATCH /clients/web-app', text)).status, 415);
});

test('a creation that is sent twice with one key is done once, and tells its secret again', async (t) => {
  const signet = await startWithApi(t);
  const call = await signedIn(signet);
  const create = (key: string, body: unknown = APP, by = call) =>
    by('POST /clients', { body, headers: { 'idempotency-key': key } });
  const before = itemsOf(await call('GET /clients')).length;
  const atOnce = await Promise.all(Array.from({ length: 5 }, () => create('one')));
  const statuses = new Set(atOnce.map(({ status }) => status));
  assert.ok(
    [...statuses].every((status) => status === 201 || status === 409),
    [...statuses].join(),
  );
  const [first] = atOnce.filter(({ status }) => status === 201);
  const again = await create('one');
  assert.equal(again.status, 201);
  assert.deepEqual(again.body, first?.body);
  assert.equal(again.headers.get('location'), first?.headers.get('location'));
  assert.equal(itemsOf(await call('GET /clients')).length, before + 1);
  assert.equal((await create('one', { ...APP, client_name: 'Other' })).status, 409);
  assert.equal((await create('two words')).status, 400);
  const robot = await service(signet, 'robot');
  assert.equal((await create('one', APP, robot)).status, 201, 'the key of somebody else is another');
  assert.equal(itemsOf(await call('GET /clients')).length, before + 2);
  assert.equal((await create('two', { colour: 1 })).status, 422);
  assert.equal((await create('two')).status, 201, 'a refused one is not remembered');
  signet.clock.advance(25 * 3_600_000);
  const later = await signedIn(signet);
  assert.equal((await create('one', { ...APP, client_name: 'Other' }, later)).status, 201);
});

test('clients are listed in pages that miss none and repeat none, and found by a part of their name', async (t) => {
  const call = await signedIn(await startWithApi(t));
  for (let index = 0; index < 7; index += 1)
    await call('POST /clients', {
      body: { ...APP, client_id: `many-${index}`, client_name: `Shop 50%_${index}` },
    });
  const seen: unknown[] = [];
  let after: unknown;
  do {
    const query = new URLSearchParams({
      limit: '3',
      q: 'many-',
      ...(typeof after === 'string' && { after }),
    });
    const page = await call(`GET /clients?${query.toString()}`);
    seen.push(...itemsOf(page).map(({ client_id }) => client_id));
    after = page.body['next'];
  } while (after !== null);
  assert.deepEqual(
    seen,
    Array.from({ length: 7 }, (_, index) => `many-${index}`),
  );
  const found = async (q: string) => itemsOf(await call(`GET /clients?q=${encodeURIComponent(q)}`)).length;
  assert.deepEqual([await found('SHOP 50%_3'), await found('%'), await found('__')], [1, 7, 0]);
  const own = itemsOf(await call('GET /clients?source=built-in'));
  assert.deepEqual(
    own.map(({ client_id }) => client_id),
    ['signet-cli', 'signet-console'],
  );
});

test('a query that is not in order is refused with the parameter that is wrong', async (t) => {
  const call = await signedIn(await startWithApi(t));
  const bad = async (query: string) => {
    const { status, body } = await call(`GET /clients?${query}`);
    return [status, (body['errors'] as { parameter: string }[])[0]?.parameter];
  };
  for (const value of ['0', '201', '-1', '1e1', '', 'x'])
    assert.deepEqual(await bad(`limit=${value}`), [400, 'limit'], value);
  assert.deepEqual(await bad('colour=red'), [400, 'colour']);
  assert.deepEqual(await bad('limit=1&limit=2'), [400, 'limit']);
  const numbers = Buffer.from('[7]').toString('base64url');
  for (const cursor of ['x', numbers, 'bnVsbA', Buffer.from('["\\u0000"]').toString('base64url')])
    assert.deepEqual(await bad(`after=${cursor}`), [400, 'after'], cursor);
});

test('Signet’s own clients are changed by nobody, and their names given to nobody', async (t) => {
  const call = await signedIn(await startWithApi(t));
  for (const client_id of ['signet-console', 'signet-cli']) {
    const patch = { body: { redirect_uris: ['https://evil.example/cb'] }, headers: { 'if-match': '"1"' } };
    assert.equal((await call(`PATCH /clients/${client_id}`, patch)).status, 409);
    assert.equal((await call(`DELETE /clients/${client_id}`)).status, 409);
    assert.equal((await call(`POST /clients/${client_id}/secret`)).status, 409);
    assert.equal((await call('POST /clients', { body: { ...APP, client_id } })).status, 422);
  }
  assert.equal((await call('POST /clients', { body: { ...APP, scope: 'signet:everything' } })).status, 422);
});

test('who may only write clients cannot make one, or become one, that may do more', async (t) => {
  const signet = await startWithApi(t);
  const call = await service(signet, 'robot', 'signet:clients:read signet:clients:write');
  const machine = { grant_types: ['client_credentials'] };
  const create = async (over: object) =>
    (await call('POST /clients', { body: { ...machine, ...over } })).status;
  assert.equal(await create({ scope: 'signet:clients:write' }), 201);
  assert.equal(await create({ scope: 'signet:users:write' }), 403);
  assert.equal(await create({ may_administer: true }), 403);
  assert.equal((await call('POST /clients/robot/secret')).status, 403);
  assert.equal((await call('DELETE /clients/robot')).status, 403);
  const patch = { body: { scope: 'signet:keys:write' }, headers: { 'if-match': '"1"' } };
  assert.equal((await call('PATCH /clients/web-app', patch)).status, 403);
  const root = await signedIn(signet, ROOT);
  assert.equal(
    (await root('POST /clients', { body: { ...machine, scope: 'signet:users:write' } })).status,
    201,
  );
});

test('two secrets are good while one follows the other, and then the new one alone', async (t) => {
  const signet = await startWithApi(t);
  const call = await signedIn(signet);
  const rotate = async (body?: object) => {
    const { status, body: told } = await call('POST /clients/robot/secret', { body });
    assert.equal(status, 200, JSON.stringify(told));
    return String(told['client_secret']);
  };
  const isGood = async (secret: string) => {
    const { status } = await post(
      signet.url('/token'),
      { grant_type: 'client_credentials' },
      basic('robot', secret),
    );
    return status === 200;
  };
  const first = 'a-secret-of-the-robot';
  const second = await rotate({ keep_previous_for: '1h' });
  assert.deepEqual([await isGood(first), await isGood(second), await isGood('wrong')], [true, true, false]);
  assert.match(String((await call('GET /clients/robot')).body['previous_secret_until']), /^\d{4}-/);
  signet.clock.advance(3_600_000);
  assert.deepEqual([await isGood(first), await isGood(second)], [false, true]);
  const later = await signedIn(signet);
  const { body } = await later('POST /clients/robot/secret', { body: { keep_previous_for: 3600 } });
  assert.deepEqual([await isGood(second), await isGood(String(body['client_secret']))], [true, true]);
  const last = String((await later('POST /clients/robot/secret')).body['client_secret']);
  assert.deepEqual(await Promise.all([first, second, String(body['client_secret']), last].map(isGood)), [
    false,
    false,
    false,
    true,
  ]);
  const long = { body: { keep_previous_for: '91d' } };
  assert.equal((await later('POST /clients/robot/secret', long)).status, 422);
});

test('an application that signs with its secret goes on with the one before it, as long as that is good', async (t) => {
  const client_secret = 'a-secret-of-at-least-thirty-two-bytes';
  const signs = {
    client_id: 'signs',
    client_secret,
    token_endpoint_auth_method: 'client_secret_jwt',
    grant_types: ['client_credentials'],
    scope: 'signet:clients:read',
  };
  const signet = await startWithApi(t, { clients: [signs] });
  const call = await signedIn(signet);
  const isGood = async (secret: string) => {
    const now = Math.floor(signet.clock.now() / 1000);
    const client_assertion = await new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('signs')
      .setSubject('signs')
      .setAudience(signet.issuer)
      .setExpirationTime(now + 60)
      .sign(Buffer.from(secret));
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const form = { grant_type: 'client_credentials', client_assertion_type, client_assertion };
    return (await post(signet.url('/token'), form)).status === 200;
  };
  const { body } = await call('POST /clients/signs/secret', { body: { keep_previous_for: 60 } });
  const next = String(body['client_secret']);
  assert.deepEqual(
    [await isGood(client_secret), await isGood(next), await isGood(`${next}x`)],
    [true, true, false],
  );
  signet.clock.advance(60_000);
  assert.deepEqual([await isGood(client_secret), await isGood(next)], [false, true]);
});
