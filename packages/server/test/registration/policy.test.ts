import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callerWith, itemsOf, SERVICES, serviceToken } from '../api/support.ts';
import { answerOf, personAt, pkce, post, request, userinfo } from '../support/person.ts';
import { type Ending, type Signet, startSignet, WEB_APP } from '../support/signet.ts';
import { manage, ON, register, replacementOf, TOKEN_NEEDED, URIS } from './registering.ts';

const DAY = 86_400_000;
const start = (t: Ending, registration: Record<string, unknown>, more: Record<string, unknown> = ON) =>
  startSignet(t, { clients: [WEB_APP, ...SERVICES], registration, ...more });
const admin = async (signet: Signet) => callerWith(signet, await serviceToken(signet, 'robot'));

/** Signs alice in at an application that registered itself. */
async function signIn(signet: Signet, own: Readonly<Record<string, unknown>>) {
  const { code_verifier, challenge } = pkce();
  const redirect_uri = 'https://app.example/cb';
  const client = { client_id: String(own['client_id']), client_secret: String(own['client_secret']) };
  const scope = 'openid offline_access';
  const wish = request({ client_id: client.client_id, redirect_uri, scope, ...challenge });
  const { code = '' } = answerOf(await personAt(signet).grant(wish));
  const form = { grant_type: 'authorization_code', code, redirect_uri, code_verifier, ...client };
  const { body } = await post(signet.url('/token'), form);
  return {
    ...client,
    access_token: String(body['access_token']),
    refresh_token: String(body['refresh_token']),
  };
}
const refreshed = (signet: Signet, { access_token: _access, ...form }: Awaited<ReturnType<typeof signIn>>) =>
  post(signet.url('/token'), { grant_type: 'refresh_token', ...form });

test('every address of an application is at an allowed host, below an allowed domain or of an allowed scheme', async (t) => {
  const allowed_hosts = ['app.example', '*.Apps.example', 'localhost', '::1', 'com.example.app:'];
  const signet = await start(t, { allowed_hosts });
  const own = await register(signet, { ...URIS, logo_uri: 'https://app.example/l.png' });
  const good = [
    'https://app.example/cb',
    'https://app.example:8443/cb',
    'https://one.apps.example/cb',
    'http://localhost:9000/cb',
    'http://[::1]:9000/cb',
    'com.example.app:/cb',
  ];
  for (const uri of good) {
    const { status, text } = await register(signet, { redirect_uris: [uri] });
    assert.equal(status, 201, `${uri}: ${text}`);
  }
  const bad = [
    'https://evil.example/cb',
    'https://app.example.evil.example/cb',
    'https://evilapp.example/cb',
    'https://apps.example/cb',
    'https://evilapps.example/cb',
    'http://127.0.0.1/cb',
    'com.example.evil:/cb',
    'com.example.evil://app.example/cb',
  ];
  for (const uri of bad) {
    const { status, body } = await register(signet, { redirect_uris: [uri] });
    assert.deepEqual([status, body['error']], [400, 'invalid_redirect_uri'], uri);
  }
  // So that nobody has to wait.
  signet.clock.advance(2 * DAY);
  const names = [
    'client_uri',
    'logo_uri',
    'policy_uri',
    'tos_uri',
    'initiate_login_uri',
    'jwks_uri',
    'backchannel_logout_uri',
  ];
  for (const name of names) {
    const { status, body } = await register(signet, { ...URIS, [name]: 'https://evil.example/x' });
    assert.deepEqual([status, body['error']], [400, 'invalid_client_metadata'], name);
    assert.match(String(body['error_description']), new RegExp(name));
  }
  const moved = { ...replacementOf(own.body), redirect_uris: ['https://evil.example/cb'] };
  assert.equal((await manage('PUT', own.body, moved)).status, 400, 'nor is it changed to another one');
});

test('what the server itself fetches is https, and not of this machine in plain text', async (t) => {
  const signet = await start(t, {}, { ...ON, outbound: { allow_hosts: ['127.0.0.1'] } });
  for (const name of ['jwks_uri', 'backchannel_logout_uri', 'sector_identifier_uri']) {
    const { status, body } = await register(signet, { ...URIS, [name]: 'http://127.0.0.1:9/x' });
    assert.equal(status, 400, name);
    assert.match(String(body['error_description']), /must begin with https/);
  }
});

test('an application gets the grant types and the scope that the policy has, and is told which', async (t) => {
  const signet = await start(t, { grant_types: ['authorization_code'], scope: 'openid email' });
  const usual = await register(signet, URIS);
  assert.deepEqual(
    [usual.body['grant_types'], usual.body['scope']],
    [['authorization_code'], 'openid email'],
  );
  const wide = await register(signet, { ...URIS, scope: 'email profile everything' });
  assert.equal(wide.body['scope'], 'email');
  const refused = await register(signet, { ...URIS, grant_types: ['authorization_code', 'refresh_token'] });
  assert.deepEqual([refused.status, refused.body['error']], [400, 'invalid_client_metadata']);
  const admins = await register(signet, { ...URIS, scope: 'openid signet:users:write' });
  assert.equal(admins.status, 400);
  const odd = await register(signet, { ...URIS, scope: ['openid'] });
  assert.equal(odd.status, 400);
});

test('a service registers itself only where the policy says so, and with a token', async (t) => {
  const service = { grant_types: ['client_credentials'], response_types: [] };
  const policy = { grant_types: ['client_credentials'], scope: 'orders' };
  const scopes = [{ scope: 'orders' }];
  const signet = await start(t, policy, { ...TOKEN_NEEDED, scopes });
  const { body } = await (await admin(signet))('POST /initial-access-tokens');
  const own = await register(signet, service, { token: body['initial_access_token'] });
  assert.equal(own.status, 201, own.text);
  const form = { client_id: String(own.body['client_id']), client_secret: String(own.body['client_secret']) };
  const tokens = await post(signet.url('/token'), { grant_type: 'client_credentials', ...form });
  assert.equal(tokens.body['scope'], 'orders');
});

test('a registration ends when it was told: the application and all its tokens are good no more, and it is removed, restorably', async (t) => {
  const signet = await start(t, { expires_after: '90d' });
  const own = (await register(signet, URIS)).body;
  const end = Number(own['client_secret_expires_at']);
  assert.equal(end, Number(own['client_id_issued_at']) + 90 * 86_400);
  const replaced = (await manage('PUT', own, replacementOf(own))).body;
  assert.equal(replaced['client_secret_expires_at'], end, 'a replacement prolongs nothing');
  signet.clock.advance(90 * DAY - 60_000);
  const tokens = await signIn(signet, own);
  // Twice, so that it is remembered.
  for (let times = 0; times < 2; times += 1)
    assert.equal((await userinfo(signet, tokens.access_token)).status, 200);
  signet.clock.advance(61_000);
  assert.equal((await userinfo(signet, tokens.access_token)).status, 401);
  assert.equal((await refreshed(signet, tokens)).body['error'], 'invalid_client');
  assert.equal((await manage('GET', replaced)).status, 401);
  const page = await personAt(signet).authorize(
    request({ client_id: tokens.client_id, redirect_uri: 'https://app.example/cb', ...pkce().challenge }),
  );
  assert.deepEqual([page.status, page.location], [400, undefined]);
  await signet.app.maintain();
  const call = await admin(signet);
  assert.equal((await call(`GET /clients/${tokens.client_id}`)).status, 404);
  const events = itemsOf(await call(`GET /audit?subject=${tokens.client_id}`));
  assert.deepEqual([events[0]?.['action'], events[0]?.['actor']], ['client.expired', 'maintenance']);
  assert.equal((await call(`POST /clients/${tokens.client_id}/restore`)).status, 200);
  await signet.app.maintain();
  const restored = await call(`GET /clients/${tokens.client_id}`);
  assert.deepEqual([restored.status, 'expires_at' in restored.body], [200, false]);
  assert.equal((await refreshed(signet, tokens)).body['error'], 'invalid_grant');
});

test('what an administrator has changed ends no more', async (t) => {
  const signet = await start(t, { expires_after: '90d', unused_after: '30d' });
  const own = (await register(signet, URIS)).body;
  const call = await admin(signet);
  const path = `/clients/${String(own['client_id'])}`;
  const before = await call(`GET ${path}`);
  const end = Math.floor(Date.parse(String(before.body['expires_at'])) / 1000);
  assert.equal(end, own['client_secret_expires_at']);
  const headers = { 'if-match': String(before.headers.get('etag')) };
  const { body } = await call(`PATCH ${path}`, { body: { client_name: 'Ours' }, headers });
  assert.equal('expires_at' in body, false);
  signet.clock.advance(91 * DAY);
  await signet.app.maintain();
  assert.equal((await signIn(signet, own)).access_token.length > 20, true);
});

test('an application that nobody used for so long is removed; one that was used stays, and a use counts for a day', async (t) => {
  const signet = await start(t, { unused_after: '30d' });
  const [used, unused] = [(await register(signet, URIS)).body, (await register(signet, URIS)).body];
  const call = async (line: string) => (await (await admin(signet))(line)).status;
  signet.clock.advance(20 * DAY);
  const tokens = await signIn(signet, used);
  await signet.app.maintain();
  signet.clock.advance(11 * DAY);
  await signet.app.maintain();
  assert.equal(await call(`GET /clients/${String(unused['client_id'])}`), 404);
  assert.equal(await call(`GET /clients/${tokens.client_id}`), 200);
  assert.equal(await call('GET /clients/web-app'), 200, 'nothing of an operator goes');
  assert.equal((await refreshed(signet, tokens)).status, 200);
  await signet.app.maintain();
  signet.clock.advance(29 * DAY);
  await signet.app.maintain();
  assert.equal(await call(`GET /clients/${tokens.client_id}`), 200, 'a refresh is a use');
  signet.clock.advance(2 * DAY);
  await signet.app.maintain();
  assert.equal(await call(`GET /clients/${tokens.client_id}`), 404);
});
