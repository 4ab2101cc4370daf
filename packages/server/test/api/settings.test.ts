import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listAudit } from '../../src/admin/audit.ts';
import { temporaryFolder } from '../store/temporary.ts';
import { basic, personAt, post, request, tokensFor } from '../support/person.ts';
import { openTestApp } from '../support/signet.ts';
import { verified } from '../support/tokens.ts';
import { type Caller, itemsOf, SERVICES, signedIn, startWithApi } from './support.ts';

const settingsOf = async (call: Caller) =>
  new Map(itemsOf(await call('GET /settings')).map((one) => [one['name'], one]));
const patch = async (call: Caller, body: unknown, tag?: string) => {
  const read = tag ?? (await call('GET /settings')).headers.get('etag') ?? '';
  return call('PATCH /settings', { body, headers: { 'if-match': read } });
};

test('a setting that is changed counts from the next request on, until it is inherited again', async (t) => {
  const signet = await startWithApi(t);
  const call = await signedIn(signet);
  const page = async () => (await personAt(signet).authorize(request({ prompt: 'login' }))).text;
  assert.equal((await call('GET /settings')).headers.get('etag'), '"0"');
  const changed = await patch(call, {
    display_name: 'Example Accounts',
    password_reset_uri: 'https://help.example/reset',
    access_token_format: 'opaque',
    'lifetimes.access_token': '2m',
  });
  assert.equal(changed.status, 200, JSON.stringify(changed.body));
  assert.deepEqual((await settingsOf(call)).get('lifetimes.access_token'), {
    name: 'lifetimes.access_token',
    value: 120,
    from: 'stored',
    origin: null,
    inherited: false,
    writable: true,
  });
  assert.match(await page(), /Example Accounts[\s\S]*https:\/\/help\.example\/reset/);
  const tokens = await tokensFor(signet);
  assert.match(String(tokens['access_token']), /^sgat_/);
  assert.equal(tokens['expires_in'], 120);
  const { body } = await patch(call, { display_name: null, access_token_format: null });
  assert.ok(Array.isArray(body['items']));
  const now = await settingsOf(call);
  assert.deepEqual(
    [now.get('display_name')?.['value'], now.get('display_name')?.['inherited']],
    ['Signet', true],
  );
  assert.match(String((await tokensFor(signet))['access_token']), /^ey/);
  assert.doesNotMatch(await page(), /Example Accounts/);
});

test('an algorithm that is chosen has its key before anybody signs with it', async (t) => {
  const signet = await startWithApi(t);
  const call = await signedIn(signet);
  assert.equal((await patch(call, { signing_algorithm: 'EdDSA' })).status, 200);
  const keys = (await (await fetch(signet.url('/jwks'))).json()) as { keys: { alg: string }[] };
  assert.deepEqual(keys.keys.map(({ alg }) => alg).toSorted(), ['ES256', 'EdDSA']);
  const { protectedHeader } = await verified(signet, (await tokensFor(signet))['access_token']);
  assert.equal(protectedHeader.alg, 'EdDSA');
  assert.equal((await call('GET /me')).status, 200, 'earlier tokens stay good');
});

test('what the configuration says is fixed by it, and whoever wants it otherwise is told where it stands', async (t) => {
  const signet = await startWithApi(t, {
    lifetimes: { session: '3h' },
    consent: 'always',
    display_name: 'Signet',
  });
  const call = await signedIn(signet);
  const all = await settingsOf(call);
  for (const name of ['lifetimes.session', 'consent', 'display_name', 'issuer']) {
    const { from, origin, writable } = all.get(name) ?? {};
    assert.deepEqual([from, origin, writable], ['configuration', '/signet-test/signet.yaml', false], name);
    const { status, body } = await patch(call, { require_pkce: true, [name]: null });
    assert.equal(status, 409, name);
    assert.match(String(body['detail']), /is fixed by \/signet-test\/signet\.yaml: change it there/);
  }
  const alone = await patch(call, { sites: [] });
  assert.equal(alone.status, 409);
  assert.match(String(alone.body['detail']), /The configuration alone says sites/);
  assert.equal((await call('GET /settings')).headers.get('etag'), '"0"', 'nothing was changed');
});

test('each change is a version that can be taken back, the first one too, and is in the audit log', async (t) => {
  const signet = await startWithApi(t);
  const call = await signedIn(signet);
  await patch(call, { require_pkce: false, 'lifetimes.session': 60 });
  await patch(call, { 'lifetimes.session': 120 });
  const versions = itemsOf(await call('GET /settings/versions'));
  assert.deepEqual(
    versions.map(({ version, changed, value }) => [version, changed, value]),
    [
      [3, [], { require_pkce: false, 'lifetimes.session': 120 }],
      [2, ['lifetimes.session'], { require_pkce: false, 'lifetimes.session': 60 }],
      [1, ['require_pkce', 'lifetimes.session'], {}],
    ],
  );
  assert.equal((await call('POST /settings/versions/2/revert')).status, 200);
  assert.equal((await settingsOf(call)).get('lifetimes.session')?.['value'], 60);
  assert.equal((await call('POST /settings/versions/1/revert')).status, 200);
  assert.equal((await settingsOf(call)).get('require_pkce')?.['from'], 'profile');
  for (const version of ['9', '0', 'x'])
    assert.equal((await call(`POST /settings/versions/${version}/revert`)).status, 404, version);
  const [, , event] = await listAudit(signet.provider, { action: 'settings.updated', atMost: 9 });
  assert.deepEqual(event?.facts, {
    changed: ['lifetimes.session'],
    before: { 'lifetimes.session': 60 },
    after: { 'lifetimes.session': 120 },
  });
});

test('who was slower changes nothing, and what is faulty is told by the words of the configuration', async (t) => {
  const call = await signedIn(await startWithApi(t));
  const outcomes = await Promise.all(
    ['one', 'two', 'three', 'four'].map(
      async (name) => (await patch(call, { display_name: name }, '"0"')).status,
    ),
  );
  assert.deepEqual(
    [200, 412].map((status) => outcomes.filter((one) => one === status).length),
    [1, 3],
  );
  assert.equal((await patch(call, { display_name: 'x' }, '"0"')).status, 412);
  assert.equal((await call('PATCH /settings', { body: {} })).status, 428);
  const faulty: readonly (readonly [unknown, string, RegExp])[] = [
    [{ display_nam: 'x' }, '/display_nam', /did you mean "display_name"/],
    [{ lifetimes: { session: 1 } }, '/lifetimes', /is not a known key/],
    [{ consent: 'never' }, '/consent', /must be one of remember, always, skip/],
    [{ 'lifetimes.session': 0 }, '/lifetimes.session', /must be longer than nothing/],
    [{ 'lifetimes.session': '11y' }, '/lifetimes.session', /length of time/],
    [{ require_pkce: 'yes' }, '/require_pkce', /must be true or false/],
    [{ password_reset_uri: 'javascript:alert(1)' }, '/password_reset_uri', /must begin with https/],
    [{ display_name: ['x'] }, '/display_name', /must be a text/],
    [[], '', /must be a group/],
  ];
  for (const [body, pointer, says] of faulty) {
    const answer = await patch(call, body);
    assert.equal(answer.status, 422, JSON.stringify(body));
    const [error] = answer.body['errors'] as Record<string, string>[];
    assert.equal(error?.['pointer'], pointer);
    assert.match(String(error?.['detail']), says);
  }
});

test('what was changed is still so after a start, and what the file has come to say is what counts', async (t) => {
  const database = `sqlite:${temporaryFolder(t)}/signet.db`;
  const signet = await startWithApi(t, { database });
  await patch(await signedIn(signet), {
    display_name: 'Changed',
    consent: 'always',
    'lifetimes.session': 60,
  });
  const text = JSON.stringify({
    issuer: signet.issuer,
    database,
    clients: SERVICES,
    lifetimes: { session: '5m' },
  });
  const again = await openTestApp(text);
  t.after(() => again.close());
  const [provider] = again.opened();
  assert.deepEqual(
    [
      provider?.tenant.display_name,
      provider?.tenant.profile.consent,
      provider?.tenant.profile.lifetimes.session,
    ],
    ['Changed', 'always', 300],
  );
  const { status } = await post(
    signet.url('/token'),
    { grant_type: 'client_credentials' },
    basic('robot', 'a-secret-of-the-robot'),
  );
  assert.equal(status, 200);
});
