import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, exchange, personAt, refresh, request, tokensFor, userinfo } from '../support/person.ts';
import { WEB_APP } from '../support/signet.ts';
import { BOB, type Caller, itemsOf, SERVICES, service, signedIn, startWithApi } from './support.ts';

const subOf = async (call: Caller, username: string): Promise<string> =>
  String(
    itemsOf(await call(`GET /users?q=${username}`)).find((one) => one['username'] === username)?.['sub'],
  );

test('sessions are listed with their people, and ended one by one or all', async (t) => {
  const signet = await startWithApi(t);
  const call = await signedIn(signet);
  const alice = await subOf(call, 'alice');
  const tokens = await tokensFor(signet, { scope: 'openid' });
  await tokensFor(signet, { scope: 'openid' });
  const mine = itemsOf(await call(`GET /users/${alice}/sessions`));
  assert.deepEqual(
    mine.map(({ username }) => username),
    ['alice', 'alice'],
  );
  const all = itemsOf(await call('GET /sessions'));
  assert.deepEqual(
    all.map(({ username }) => username),
    ['alice', 'alice', 'root'],
  );
  assert.doesNotMatch(JSON.stringify(all), /secret|hash/);
  const page = await call('GET /sessions?limit=2');
  const rest = itemsOf(await call(`GET /sessions?limit=2&after=${String(page.body['next'])}`));
  assert.deepEqual(
    rest.map(({ username }) => username),
    ['root'],
  );
  assert.deepEqual(itemsOf(await call(`GET /sessions?sub=${alice}`)), mine);
  assert.deepEqual(itemsOf(await call('GET /sessions?sub=nobody')), []);
  const first = mine[1]?.['id'];
  const bob = await subOf(call, 'bob');
  assert.equal((await call(`DELETE /users/${bob}/sessions/${String(first)}`)).status, 404, 'it is another’s');
  assert.equal((await call(`DELETE /sessions/${String(first)}`)).status, 204);
  assert.equal((await call(`DELETE /sessions/${String(first)}`)).status, 404);
  assert.equal((await userinfo(signet, tokens['access_token'] ?? '')).status, 401);
  assert.equal((await call(`DELETE /users/${alice}/sessions`)).status, 204);
  assert.deepEqual(itemsOf(await call(`GET /users/${alice}/sessions`)), []);
  const events = itemsOf(await call(`GET /audit?subject=${alice}`)).map(({ action }) => action);
  assert.deepEqual(events.slice(0, 2), ['user.signed_out', 'session.ended']);
});

test('a line of refresh tokens is listed, and dies with its grant', async (t) => {
  const signet = await startWithApi(t);
  const call = await signedIn(signet);
  const { access_token = '', refresh_token = '' } = await tokensFor(signet);
  const [grant, ...more] = itemsOf(await call('GET /grants?client_id=web-app'));
  assert.deepEqual(more, []);
  assert.deepEqual(
    [grant?.['username'], grant?.['client_id'], grant?.['has_refresh_token'], grant?.['used_at']],
    ['alice', 'web-app', true, null],
  );
  assert.match(String(grant?.['scope']), /^openid profile email offline_access$/);
  const next = (await refresh(signet, refresh_token)).body['refresh_token'];
  const [used] = itemsOf(await call('GET /grants?client_id=web-app'));
  assert.notEqual(used?.['used_at'], null);
  assert.equal((await call(`DELETE /grants/${String(grant?.['id'])}`)).status, 204);
  assert.equal((await refresh(signet, String(next))).body['error'], 'invalid_grant');
  assert.equal((await userinfo(signet, access_token)).status, 401);
  assert.deepEqual(itemsOf(await call('GET /grants?client_id=web-app')), []);
  for (const id of [grant?.['id'], '0', '-1', 'x', '9'.repeat(30)])
    assert.equal((await call(`DELETE /grants/${String(id)}`)).status, 404);
});

test('a consent is listed, and taken back with what was given by it', async (t) => {
  const asking = { ...WEB_APP, consent: 'remember' };
  const signet = await startWithApi(t, { clients: [asking, ...SERVICES] });
  const call = await signedIn(signet);
  const alice = await subOf(call, 'alice');
  const { access_token = '' } = await tokensFor(signet);
  const [consent] = itemsOf(await call('GET /consents'));
  assert.deepEqual([consent?.['sub'], consent?.['client_id']], [alice, 'web-app']);
  assert.deepEqual(itemsOf(await call(`GET /users/${alice}/consents`)), [consent]);
  assert.equal((await call(`DELETE /users/${alice}/consents/web-app`)).status, 204);
  assert.equal((await call(`DELETE /consents/${alice}/web-app`)).status, 404);
  assert.equal((await userinfo(signet, access_token)).status, 401);
  const page = await personAt(signet).authorize(request());
  assert.ok(page.text.includes('password'));
});

test('refusals are listed, narrowed, and explained with what was sent against what is registered', async (t) => {
  const signet = await startWithApi(t);
  const call = await signedIn(signet);
  const wrong = 'http://127.0.0.1:9000/wrong';
  await personAt(signet).authorize(request({ redirect_uri: wrong }));
  await personAt(signet).authorize(request({ scope: 'openid nonsense' }));
  const all = itemsOf(await call('GET /refusals'));
  assert.deepEqual(
    all.map(({ rule }) => rule),
    ['scope.not-allowed', 'redirect-uri.unregistered'],
  );
  assert.ok(all.every((one) => one['client_id'] === 'web-app' && typeof one['says'] === 'string'));
  const first = await call('GET /refusals?limit=1');
  const second = itemsOf(await call(`GET /refusals?limit=1&after=${String(first.body['next'])}`));
  assert.deepEqual(second, [all[1]]);
  const [refusal] = itemsOf(await call('GET /refusals?rule=redirect-uri.unregistered'));
  const { status, body } = await call(`GET /refusals/${String(refusal?.['reference'])}`);
  assert.equal(status, 200);
  assert.equal((body['facts'] as Record<string, unknown>)['received'], wrong);
  assert.match(String((body['differences'] as string[])[0]), /then sent "wrong" where "cb" is registered/);
  assert.deepEqual((body['setting'] as Record<string, unknown>)['name'], 'redirect_uris');
  assert.equal((await call('GET /refusals/AAAAAAAA')).status, 404);
  assert.deepEqual(itemsOf(await call('GET /refusals?client_id=other')), []);
});

test('the audit log is searched, with pages that go back in time', async (t) => {
  const signet = await startWithApi(t);
  const call = await signedIn(signet);
  await tokensFor(signet);
  await call('POST /keys/rotate');
  const found = async (query: string) =>
    itemsOf(await call(`GET /audit?${query}`)).map(({ action }) => action);
  assert.deepEqual(await found('action=user.signed_in&limit=1'), ['user.signed_in']);
  assert.deepEqual(await found('q=ROTATED'), ['key.rotated']);
  assert.deepEqual(await found('q=web-app&action=user.signed_in'), ['user.signed_in']);
  const since = new Date(signet.clock.now() + 60_000).toISOString();
  assert.deepEqual(await found(`since=${encodeURIComponent(since)}`), []);
  assert.equal((await call('GET /audit?since=yesterday')).status, 400);
  const seen: unknown[] = [];
  let after: unknown = null;
  do {
    const page = await call(`GET /audit?limit=3${typeof after === 'string' ? `&after=${after}` : ''}`);
    seen.push(...itemsOf(page).map(({ id }) => id));
    after = page.body['next'];
  } while (after !== null);
  assert.equal(new Set(seen).size, seen.length);
  assert.equal(seen.length, itemsOf(await call('GET /audit?limit=200')).length);
});

test('keys are listed and rotated; a second wish changes nothing', async (t) => {
  const signet = await startWithApi(t);
  const call = await signedIn(signet);
  const before = itemsOf(await call('GET /keys'));
  assert.deepEqual(
    before.map(({ state }) => state),
    ['current'],
  );
  assert.doesNotMatch(JSON.stringify(before), /private|sealed|"d"/);
  const rotated = await call('POST /keys/rotate', { body: { alg: 'ES256' } });
  assert.deepEqual(rotated.body['rotated'], ['ES256']);
  assert.deepEqual(
    itemsOf(rotated).map(({ state }) => state),
    ['current', 'next'],
  );
  assert.deepEqual((await call('POST /keys/rotate')).body['rotated'], []);
  assert.equal((await call('POST /keys/rotate', { body: { when: 'yesterday' } })).status, 422);
  await call('POST /keys/rotate', { body: { when: 'now' } });
  const states = itemsOf(await call('GET /keys')).map(({ state }) => state);
  assert.equal(states.filter((state) => state === 'current').length, 1);
});

test('sign-ins, failures, refusals and tokens are counted by hours and days', async (t) => {
  const signet = await startWithApi(t);
  const call = await signedIn(signet);
  const { code = '' } = answerOf(await personAt(signet).grant(request(), BOB));
  await exchange(signet, code);
  await exchange(signet, code);
  await personAt(signet).grant(request(), { ...BOB, password: 'wrong' });
  const { body } = await call('GET /statistics?span=day');
  const items = body['items'] as { at: string; counts: Record<string, number> }[];
  assert.equal(items.length, 31);
  const counts = items.at(-1)?.counts ?? {};
  assert.equal(counts['sign_ins'], 2);
  assert.ok((counts['sign_in_failures'] ?? 0) >= 1);
  assert.equal(counts['refusals'], 1);
  assert.deepEqual([counts['access_token'], counts['id_token'], counts['refresh_token']], [2, 2, 1]);
  assert.equal(((await call('GET /statistics')).body['items'] as unknown[]).length, 25);
  for (const query of ['since=2001-01-01T00:00:00Z', 'since=2999-01-01T00:00:00Z', 'span=week'])
    assert.equal((await call(`GET /statistics?${query}`)).status, 400, query);
});

test('the provider, its settings, scopes and resources are told with where they come from', async (t) => {
  const signet = await startWithApi(t, {
    lifetimes: { access_token: '5m' },
    scopes: [{ scope: 'files', description: 'Your files', claims: ['quota'] }],
    resources: [{ resource: 'https://api.example', scope: 'files' }],
  });
  const call = await signedIn(signet);
  const [tenant] = itemsOf(await call('GET /tenants'));
  assert.deepEqual([tenant?.['issuer'], tenant?.['profile']], [signet.issuer, 'standard']);
  const settings = new Map(itemsOf(await call('GET /settings')).map((one) => [one['name'], one]));
  assert.deepEqual(settings.get('lifetimes.access_token'), {
    name: 'lifetimes.access_token',
    value: 300,
    from: 'configuration',
    origin: '/signet-test/signet.yaml',
    inherited: false,
    writable: false,
  });
  assert.equal(settings.get('require_pkce')?.['from'], 'profile');
  const scopes = new Map(itemsOf(await call('GET /scopes')).map((one) => [one['scope'], one]));
  assert.deepEqual(
    ['openid', 'files'].map((name) => [scopes.get(name)?.['source'], scopes.get(name)?.['claims']]),
    [
      ['profile', []],
      ['file', ['quota']],
    ],
  );
  const [resource, ...others] = itemsOf(await call('GET /resources'));
  assert.deepEqual(
    [resource?.['resource'], resource?.['scope'], resource?.['source'], others],
    ['https://api.example', 'files', 'file', []],
  );
  assert.equal((await (await service(signet, 'robot'))('GET /settings')).status, 200);
});
