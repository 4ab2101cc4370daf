import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, basic, personAt, type Seen } from '../../support/person.ts';
import { ALICE, BOB, type Signet } from '../../support/signet.ts';
import {
  APP,
  authorization,
  CALLBACK,
  call,
  ORGANIZATION,
  ROOT,
  SERVICE,
  serviceToken,
  startUserClouds,
  token,
  tokensOf,
} from './userclouds.ts';

type App = Readonly<{
  app_id: string;
  client_id: string;
  client_secret?: string;
  organization_id: string;
  client_id_issued_at: number;
  client_secret_expires_at: number;
  metadata: Readonly<Record<string, unknown>>;
}>;

const adminToken = async (signet: Signet): Promise<string> =>
  (await tokensOf(signet, ROOT))['access_token'] ?? '';

/** What follows on somebody's password. */
async function signInAs(signet: Signet, account: { username: string; password: string }): Promise<Seen> {
  const person = personAt(signet);
  return person.submit(await person.authorize(authorization()), account);
}

const REGISTRATION = {
  client_name: 'Another App',
  redirect_uris: ['https://app.example/callback'],
  organization_id: ORGANIZATION,
  // Registered names that mean nothing here are no fault (RFC 7591 §2).
  logo_uri: 'https://app.example/logo.png',
  software_id: 'app',
  software_version: '1.0',
};

test('an administrator registers, reads, lists, changes and deletes an application (row 112)', async (t) => {
  const signet = await startUserClouds(t);
  const access_token = await adminToken(signet);
  const made = await call(signet, '/loginapp/register', {
    method: 'POST',
    token: access_token,
    json: REGISTRATION,
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const app = made.body as unknown as App;
  assert.match(app.app_id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  assert.match(app.client_id, /^[0-9a-f]{32}$/);
  assert.match(app.client_secret ?? '', /^[\w-]{64}$/);
  assert.equal(app.organization_id, ORGANIZATION);
  assert.equal(app.client_secret_expires_at, 0);
  assert.equal(app.client_id_issued_at, Math.floor(app.client_id_issued_at));
  assert.deepEqual(app.metadata['redirect_uris'], REGISTRATION.redirect_uris);
  assert.deepEqual(app.metadata['grant_types'], [
    'authorization_code',
    'refresh_token',
    'client_credentials',
  ]);

  const asItself = await token(
    signet,
    { grant_type: 'client_credentials' },
    basic(app.client_id, app.client_secret),
  );
  assert.equal(asItself.status, 200, 'the new credentials are good at once');

  const path = `/loginapp/register/${app.app_id}`;
  const read = await call(signet, path, { token: access_token });
  assert.equal(read.status, 200);
  assert.equal(read.body['client_secret'], undefined, 'a secret is told once');
  const list = await call(signet, '/loginapp/register', { token: access_token });
  const ids = (list.body as unknown as App[]).map(({ client_id }) => client_id);
  assert.deepEqual(ids.toSorted(), [APP.client_id, SERVICE.client_id, app.client_id].toSorted());
  assert.doesNotMatch(JSON.stringify(list.body), /client_secret"/);
  const other = await call(
    signet,
    '/loginapp/register?organization_id=00000000-0000-0000-0000-000000000000',
    {
      token: access_token,
    },
  );
  assert.deepEqual(other.body, []);

  const changed = await call(signet, path, {
    method: 'PUT',
    token: access_token,
    json: { client_name: 'Renamed', redirect_uris: [CALLBACK], grant_types: ['authorization_code'] },
  });
  assert.equal(changed.status, 200, JSON.stringify(changed.body));
  const { metadata, organization_id } = changed.body as unknown as App;
  assert.deepEqual(
    [metadata['client_name'], metadata['redirect_uris'], metadata['grant_types'], organization_id],
    ['Renamed', [CALLBACK], ['authorization_code'], ORGANIZATION],
  );
  const refused = await token(
    signet,
    { grant_type: 'client_credentials' },
    basic(app.client_id, app.client_secret),
  );
  assert.equal(refused.body['error'], 'unauthorized_client', 'the change counts at once');

  assert.equal((await call(signet, path, { method: 'DELETE', token: access_token })).status, 204);
  assert.equal((await call(signet, path, { token: access_token })).status, 404);
  assert.equal((await call(signet, path, { method: 'DELETE', token: access_token })).status, 404);
});

test('a public application gets no secret and no grant for services (row 112)', async (t) => {
  const signet = await startUserClouds(t);
  const { status, body } = await call(signet, '/loginapp/register', {
    method: 'POST',
    token: await adminToken(signet),
    json: { ...REGISTRATION, token_endpoint_auth_method: 'none' },
  });
  const app = body as unknown as App;
  assert.equal(status, 201);
  assert.equal(app.client_secret, undefined);
  assert.deepEqual(app.metadata['grant_types'], ['authorization_code', 'refresh_token']);
});

test('what an operator has set elsewhere stays when an application is changed here (row 112)', async (t) => {
  const third = {
    ...APP,
    client_id: 'third',
    consent: 'always',
    access_token_lifetime: 60,
    pkce_without_secret: true,
  };
  const signet = await startUserClouds(t, { clients: [APP, third] });
  const { status, body } = await call(signet, '/loginapp/register/third', {
    method: 'PUT',
    token: await adminToken(signet),
    json: {
      client_name: 'Third',
      redirect_uris: [CALLBACK],
      may_administer: true,
      consent: 'skip',
      disabled: true,
    },
  });
  assert.equal(status, 200, JSON.stringify(body));
  const stored = await signet.provider.store.findClient(signet.provider.tenant.id, 'third');
  const { consent, access_token_lifetime, pkce_without_secret, may_administer, disabled } =
    stored?.metadata ?? {};
  assert.deepEqual(
    { consent, access_token_lifetime, pkce_without_secret, may_administer, disabled },
    {
      consent: 'always',
      access_token_lifetime: 60,
      pkce_without_secret: true,
      may_administer: undefined,
      disabled: undefined,
    },
  );
});

test('lifetimes and who may sign in are set with the application (rows 112, 116)', async (t) => {
  const signet = await startUserClouds(t);
  const access_token = await adminToken(signet);
  const users = await call(signet, '/authn/users', { token: access_token });
  const [alice] = (users.body['data'] as { id: string; profile: { name: string } }[]).filter(
    ({ profile }) => profile.name === 'Alice Example',
  );
  const restrict = (json: object) =>
    call(signet, `/loginapp/register/${APP.client_id}`, {
      method: 'PUT',
      token: access_token,
      json: { redirect_uris: [CALLBACK], client_name: 'Sample App', ...json },
    });
  const { status, body } = await restrict({
    restricted_access: true,
    can_login: [alice?.id],
    token_validity: { access: 90, refresh: 900 },
  });
  assert.equal(status, 200, JSON.stringify(body));
  const { metadata } = body as unknown as App;
  assert.deepEqual(
    [metadata['restricted_access'], metadata['can_login'], metadata['token_validity']],
    [true, [alice?.id], { access: 90, refresh: 900 }],
  );
  assert.ok(answerOf(await personAt(signet).grant(authorization(), ALICE))['code']);
  const bob = await signInAs(signet, BOB);
  assert.deepEqual([bob.status, bob.location], [403, undefined]);
  await restrict({});
  assert.equal((await signInAs(signet, BOB)).status, 403, 'still restricted');
  await restrict({ restricted_access: false });
  assert.ok(answerOf(await personAt(signet).grant(authorization(), BOB))['code']);
  assert.equal((await restrict({ restricted_access: 'yes' })).status, 400);
  assert.equal((await restrict({ can_login: ['nobody'] })).status, 400);
  assert.equal((await restrict({ can_login: { 0: 'nobody' } })).status, 400);
});

test('only administrators of the tenant reach the interface, through applications of the house (row 112)', async (t) => {
  const third = { ...APP, client_id: 'third', consent: 'remember' };
  const trusted = { ...SERVICE, client_id: 'operator', may_administer: true };
  const signet = await startUserClouds(t, { clients: [APP, SERVICE, third, trusted] });
  const tokens = await tokensOf(signet, ROOT);
  const list = (access_token?: string) =>
    call(signet, '/loginapp/register', access_token === undefined ? {} : { token: access_token });
  const { body: byTrusted } = await token(
    signet,
    { grant_type: 'client_credentials' },
    basic('operator', SERVICE.client_secret),
  );
  const code = answerOf(await personAt(signet).grant(authorization({ client_id: 'third' }), ROOT))['code'];
  const { body: byThird } = await token(signet, {
    grant_type: 'authorization_code',
    client_id: 'third',
    client_secret: APP.client_secret,
    code: code ?? '',
    redirect_uri: CALLBACK,
  });
  assert.equal((await list(tokens['access_token'])).status, 200);
  assert.equal((await list(String(byTrusted['access_token']))).status, 200);
  for (const [who, access_token, expected] of [
    ['nobody', undefined, 401],
    ['a made-up token', 'nonsense', 401],
    ['an ID token', tokens['id_token'], 401],
    ['a refresh token', tokens['refresh_token'], 401],
    ['a user', (await tokensOf(signet, ALICE))['access_token'], 403],
    ['a service that is not marked for it', await serviceToken(signet), 403],
    ['an administrator through somebody else’s application', String(byThird['access_token']), 403],
  ] as const) {
    const { status, body, headers } = await list(access_token);
    assert.equal(status, expected, who);
    assert.equal(headers.get('content-type'), 'application/json', who);
    assert.deepEqual(Object.keys(body), ['error', 'request_id'], who);
  }
});

test('malformed and hostile registrations are refused in one shape, and nothing is kept of them (row 112)', async (t) => {
  const signet = await startUserClouds(t);
  const access_token = await adminToken(signet);
  const before = await call(signet, '/loginapp/register', { token: access_token });
  const hostile: readonly (readonly [body: string, status: number])[] = [
    ['', 400],
    ['[]', 400],
    ['null', 400],
    ['{"client_name":', 400],
    ['{}', 400],
    [JSON.stringify({ ...REGISTRATION, redirect_uris: 'https://app.example/' }), 400],
    [JSON.stringify({ ...REGISTRATION, redirect_uris: ['http://app.example/cb'] }), 400],
    [JSON.stringify({ ...REGISTRATION, redirect_uris: ['javascript:alert(1)'] }), 400],
    [JSON.stringify({ ...REGISTRATION, redirect_uris: ['https://*.example/cb'] }), 400],
    [JSON.stringify({ ...REGISTRATION, grant_types: ['banana'] }), 400],
    [JSON.stringify({ ...REGISTRATION, client_name: '<script>'.repeat(100) }), 400],
    [JSON.stringify({ ...REGISTRATION, token_validity: { access: -5 } }), 400],
    [JSON.stringify({ ...REGISTRATION, jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } }), 400],
    ['{"__proto__":{"x":1},"constructor":1}', 400],
    [JSON.stringify({ client_name: 'x'.repeat(70_000) }), 413],
  ];
  for (const [body, expected] of hostile) {
    const answer = await call(signet, '/loginapp/register', {
      method: 'POST',
      token: access_token,
      body,
      headers: { 'content-type': 'application/json' },
    });
    assert.equal(answer.status, expected, `${body.slice(0, 90)} ${JSON.stringify(answer.body)}`);
    assert.deepEqual(Object.keys(answer.body), ['error', 'request_id']);
    assert.doesNotMatch(JSON.stringify(answer.body), /<script|alert|c2VjcmV0/);
  }
  assert.equal(
    (await call(signet, '/loginapp/register', { method: 'PATCH', token: access_token })).status,
    405,
  );
  const after = await call(signet, '/loginapp/register', { token: access_token });
  assert.deepEqual(after.body, before.body);
});

test('scopes of Signet’s own administration are not given here, and who has them is no application of this list (row 112)', async (t) => {
  const operator = { ...SERVICE, client_id: 'operator', scope: 'signet:users:write' };
  const signet = await startUserClouds(t, { clients: [APP, SERVICE, operator] });
  const access_token = await adminToken(signet);
  const asked = await call(signet, '/loginapp/register', {
    method: 'POST',
    token: access_token,
    json: { ...REGISTRATION, scope: 'openid signet:users:write' },
  });
  assert.equal(asked.status, 400);
  for (const method of ['GET', 'DELETE'])
    assert.equal(
      (await call(signet, '/loginapp/register/operator', { method, token: access_token })).status,
      404,
    );
  const list = await call(signet, '/loginapp/register', { token: access_token });
  assert.doesNotMatch(JSON.stringify(list.body), /"operator"/);
});
