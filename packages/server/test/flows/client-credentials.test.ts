import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { basic, type Parameters, post, userinfo } from '../support/person.ts';
import { SECRET, SPA, startSignet } from '../support/signet.ts';
import { verified } from '../support/tokens.ts';

const ORDERS = 'https://orders.example';
const STOCK = 'urn:example:stock';
const service = (client_id: string, over: Record<string, unknown> = {}) => ({
  client_id,
  client_secret: SECRET,
  grant_types: ['client_credentials'],
  ...over,
});
const signet = await startSignet(
  { after },
  {
    clients: [
      service('reader', { scope: 'orders:read stock:read profile reports' }),
      service('one-api', { scope: 'orders:read stock:read', resources: [ORDERS] }),
      service('bare', { scope: '' }),
      service('unlimited'),
      SPA,
    ],
    scopes: [{ scope: 'reports' }],
    resources: [
      { resource: ORDERS, scope: 'orders:read orders:write' },
      { resource: STOCK, scope: 'stock:read' },
    ],
  },
);
const ask = (form: Parameters = {}, client_id = 'reader') =>
  post(signet.url('/token'), { grant_type: 'client_credentials', ...form }, basic(client_id));
const claims = async (form: Parameters = {}, client_id = 'reader') => {
  const { payload } = await verified(signet, (await ask(form, client_id)).body['access_token']);
  return payload as Record<string, unknown>;
};

test('a service gets an access token for itself: no refresh token, no ID token (RFC 6749 §4.4, §4.4.3)', async () => {
  const { status, body } = await ask({ scope: 'orders:read' });
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body).sort(), ['access_token', 'expires_in', 'scope', 'token_type']);
});

test('the token speaks of the client and of no person (RFC 9068 §2.2, §5)', async () => {
  const payload = await claims({ scope: 'orders:read' });
  assert.equal(payload['sub'], 'reader');
  assert.equal(payload['client_id'], 'reader');
  for (const name of ['auth_time', 'acr', 'amr', 'sid', 'nonce', 'name', 'email'])
    assert.equal(payload[name], undefined, name);
});

test('without a scope the client gets those it is registered for, but those of people (RFC 6749 §3.3)', async () => {
  assert.equal((await ask()).body['scope'], 'orders:read stock:read reports');
  assert.equal((await ask({}, 'bare')).body['scope'], undefined);
  assert.equal((await ask({}, 'unlimited')).body['scope'], undefined);
  assert.equal((await ask({ scope: 'stock:read' }, 'unlimited')).body['scope'], 'stock:read');
});

test('a scope that is not registered, or that needs a person, is refused (RFC 6749 §4.4.2, §5.2)', async () => {
  for (const scope of [
    'orders:write',
    'openid',
    'offline_access',
    'orders:read openid',
    'unknown',
    'a"b',
    'a\\b',
  ]) {
    assert.equal((await ask({ scope })).body['error'], 'invalid_scope', scope);
  }
  assert.equal((await ask({ scope: 'openid' }, 'unlimited')).body['error'], 'invalid_scope');
});

test('the resource decides the audience, and the scope tells only of it (RFC 8707 §2.2, RFC 9068 §3)', async () => {
  const { aud, scope } = await claims({ resource: ORDERS, scope: 'orders:read stock:read' });
  assert.equal(aud, ORDERS);
  assert.equal(scope, 'orders:read');
  assert.equal((await claims({ scope: 'stock:read' }))['aud'], STOCK);
  assert.equal((await claims({}, 'bare'))['aud'], signet.issuer);
});

test('an unknown, malformed or forbidden resource is invalid_target (RFC 8707 §2)', async () => {
  for (const resource of [
    'https://unknown.example',
    `${ORDERS}/`,
    'orders',
    '/orders',
    `${ORDERS}#x`,
    '',
    'x'.repeat(3000),
  ].filter(Boolean)) {
    assert.equal((await ask({ resource, scope: 'orders:read' })).body['error'], 'invalid_target', resource);
  }
  assert.equal((await ask({ resource: STOCK }, 'one-api')).body['error'], 'invalid_target');
  assert.equal((await ask({ resource: ORDERS, scope: 'orders:read' }, 'one-api')).status, 200);
  assert.equal((await claims({}, 'one-api'))['aud'], ORDERS, 'nor does a scope open it');
});

test('the grant is refused to public clients (RFC 6749 §4.4)', async () => {
  const form = { grant_type: 'client_credentials', client_id: 'spa' };
  assert.equal((await post(signet.url('/token'), form)).body['error'], 'unauthorized_client');
});

test("a service's token is no key to userinfo (OIDC Core §5.3.1)", async () => {
  const { body } = await ask({}, 'bare');
  assert.equal((await userinfo(signet, String(body['access_token']))).status, 401);
});
