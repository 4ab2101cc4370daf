import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, basic, claimsOf, personAt } from '../../support/person.ts';
import { ALICE } from '../../support/signet.ts';
import { APP, authorization, call, codeFor, ROOT, startUserClouds, token, tokensOf } from './userclouds.ts';

type Entry = Readonly<{
  id: string;
  created: string;
  type: string;
  actor_id: string;
  payload: Readonly<Record<string, unknown>>;
}>;

test('a tenant starts with one application and credentials of its own, told once (row 113)', async (t) => {
  const signet = await startUserClouds(t, { clients: [] });
  const { store, tenant } = signet.provider;
  const [app, ...others] = await store.listClients(tenant.id);
  assert.equal(others.length, 0);
  assert.equal(app?.metadata.client_name, 'Default Application');
  assert.match(app?.metadata.client_id ?? '', /^[0-9a-f]{32}$/);
  const [entry] = signet.app.tenants();
  const [first] = entry?.takeFirstClients() ?? [];
  assert.equal(first?.client_id, app?.metadata.client_id);
  assert.match(first?.client_secret ?? '', /^[\w-]{64}$/);
  assert.deepEqual(entry?.takeFirstClients(), [], 'nobody is told twice');
  const { status, body } = await token(
    signet,
    { grant_type: 'client_credentials' },
    basic(first?.client_id, first?.client_secret),
  );
  assert.equal(status, 200, JSON.stringify(body));
  const client_id = first?.client_id ?? '';
  assert.ok(await codeFor(signet, { client_id }), 'and it is good for the samples’ callback');
  const other = await startUserClouds(t, { clients: [] });
  const [elsewhere] = await other.provider.store.listClients(other.provider.tenant.id);
  assert.notEqual(elsewhere?.metadata.client_id, client_id);
});

test('no application is added where some are described or registered (row 113)', async (t) => {
  const signet = await startUserClouds(t);
  const names = (await signet.provider.store.listClients(signet.provider.tenant.id)).map(
    ({ metadata }) => metadata.client_name,
  );
  assert.deepEqual(names, ['Sample App', 'Nightly Job']);
  assert.deepEqual(signet.app.tenants()[0]?.takeFirstClients(), []);
});

test('redirects are compared exactly, http is for this machine alone, and phones have schemes of their own (row 114)', async (t) => {
  const native = {
    ...APP,
    client_id: 'phone',
    redirect_uris: ['sampleapp://callback', 'http://localhost:8080/callback'],
    post_logout_redirect_uris: ['sampleapp://goodbye'],
  };
  const web = { ...APP, client_id: 'web', redirect_uris: ['https://app.example/callback?tenant=1'] };
  const signet = await startUserClouds(t, { clients: [APP, native, web] });
  const ask = async (client_id: string, redirect_uri: string) =>
    personAt(signet).grant(authorization({ client_id, redirect_uri }));
  assert.ok(answerOf(await ask('phone', 'sampleapp://callback'))['code']);
  const kept = await ask('web', 'https://app.example/callback?tenant=1');
  assert.match(kept.location ?? '', /^https:\/\/app\.example\/callback\?tenant=1&code=/);
  for (const [client_id, redirect_uri] of [
    ['phone', 'sampleapp://callback/'],
    ['phone', 'sampleapp://other'],
    ['phone', 'http://localhost:8081/callback'],
    ['web', 'https://app.example/callback'],
    ['web', 'https://app.example/callback?tenant=2'],
    ['web', 'http://app.example/callback?tenant=1'],
    ['web', 'https://app.example:8443/callback?tenant=1'],
  ] as const) {
    const seen = await personAt(signet).authorize(authorization({ client_id, redirect_uri }));
    assert.deepEqual([seen.status, seen.location], [400, undefined], redirect_uri);
  }
  const logout = new URLSearchParams({ client_id: 'phone', redirect_url: 'sampleapp://goodbye' });
  const out = await personAt(signet).visit(`${signet.url('/logout')}?${logout.toString()}`);
  assert.equal(out.location, 'sampleapp://goodbye');
  const { access_token = '' } = await tokensOf(signet, ROOT);
  const register = (redirect_uri: string) =>
    call(signet, '/loginapp/register', {
      method: 'POST',
      token: access_token,
      json: { client_name: 'Another', redirect_uris: [redirect_uri] },
    });
  assert.equal((await register('http://app.example/callback')).status, 400);
  assert.equal((await register('http://localhost:3000/callback')).status, 201);
  assert.equal((await register('another:/callback')).status, 201);
});

test('administrators see who signed in, who failed to, and what became of applications and users (row 127)', async (t) => {
  const signet = await startUserClouds(t);
  const { access_token = '', id_token = '' } = await tokensOf(signet, ROOT);
  const root = String(claimsOf(id_token)['sub']);
  const person = personAt(signet);
  const page = await person.authorize(authorization());
  await person.submit(page, { ...ALICE, password: 'wrong' });
  const { id_token: hers = '' } = await tokensOf(signet, ALICE);
  const alice = String(claimsOf(hers)['sub']);
  const { body: made } = await call(signet, '/loginapp/register', {
    method: 'POST',
    token: access_token,
    json: { client_name: 'Another', redirect_uris: ['https://app.example/cb'] },
  });
  await call(signet, `/loginapp/register/${String(made['app_id'])}`, {
    method: 'DELETE',
    token: access_token,
  });
  const entries = async (query = ''): Promise<{ data: Entry[]; has_next: boolean; next: string }> =>
    (await call(signet, `/auditlog/entries${query}`, { token: access_token })).body as never;
  const { data } = await entries();
  const told = data.map(({ type, actor_id, payload }) => [type, actor_id, payload['subject']].join(' '));
  const client_id = String(made['client_id']);
  const expected = [
    `client.deleted ${root} ${client_id}`,
    `client.created ${root} ${client_id}`,
    `user.signed_in ${alice} ${alice}`,
    `user.sign_in_failed nobody ${alice}`,
    `user.signed_in ${root} ${root}`,
  ];
  assert.deepEqual(
    told.filter((line) => expected.includes(line)),
    expected,
    'the newest first',
  );
  assert.doesNotMatch(JSON.stringify(data), /wonderland|wrong"|keys of the house/);
  const failed = data.find(({ type }) => type === 'user.sign_in_failed');
  assert.ok(Date.parse(failed?.created ?? '') > 0);
  assert.equal(failed?.payload['network'], '127.0.0.1');
  const first = await entries('?limit=1');
  const second = await entries(`?limit=1&starting_after=${first.next}`);
  assert.deepEqual([first.data[0]?.id, second.data[0]?.id], [data[0]?.id, data[1]?.id]);
  const { access_token: plain = '' } = await tokensOf(signet, ALICE);
  assert.equal((await call(signet, '/auditlog/entries', { token: plain })).status, 403);
  assert.equal((await call(signet, '/auditlog/entries')).status, 401);
  for (const bad of ['?limit=x', '?starting_after=x', '?starting_after=id:1%20or%201'])
    assert.equal((await call(signet, `/auditlog/entries${bad}`, { token: access_token })).status, 400, bad);
});

test('the root of the tenant greets with its URL (row 117)', async (t) => {
  const signet = await startUserClouds(t);
  const response = await fetch(signet.url('/'));
  assert.equal(response.status, 200);
  assert.ok((await response.text()).includes(signet.issuer));
});
