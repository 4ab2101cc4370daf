import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  answerOf,
  basic,
  claimsOf,
  exchange,
  personAt,
  post,
  refresh,
  request,
  tokensFor,
} from '../support/person.ts';
import { ALICE, SECRET, SPA, startSignet, WEB_APP } from '../support/signet.ts';

const ORDERS = 'https://orders.example';
const api = (client_id: string, introspection_audiences?: string[]) => ({
  client_id,
  client_secret: SECRET,
  grant_types: ['client_credentials'],
  scope: '',
  introspection_audiences,
});
const signet = await startSignet(
  { after },
  {
    clients: [
      { ...WEB_APP, scope: `${WEB_APP.scope} orders:read` },
      SPA,
      api('orders-api', [ORDERS]),
      api('other-api', ['https://other.example']),
      { ...WEB_APP, client_id: 'opaque', access_token_format: 'opaque' },
    ],
    resources: [{ resource: ORDERS, scope: 'orders:read' }],
  },
);
const introspect = async (token: unknown, client_id = 'web-app', over: Record<string, string> = {}) =>
  post(signet.url('/introspect'), { token: String(token), ...over }, basic(client_id));
const isDead = async (token: unknown, client_id = 'web-app', note = '') => {
  const { status, body } = await introspect(token, client_id);
  assert.equal(status, 200, note);
  assert.deepEqual(body, { active: false }, note);
};

test('a client learns of its own access token what stands in it (RFC 7662 §2.1, §2.2)', async () => {
  const { access_token = '' } = await tokensFor(signet);
  const { status, body, headers } = await introspect(access_token);
  assert.equal(status, 200);
  assert.deepEqual(body, {
    active: true,
    token_type: 'Bearer',
    username: ALICE.username,
    ...claimsOf(access_token),
  });
  assert.equal(headers.get('cache-control'), 'no-store');
});

test('the hint of the kind of token is allowed to be wrong or unknown (RFC 7662 §2.1)', async () => {
  const { access_token, refresh_token } = await tokensFor(signet);
  for (const token_type_hint of ['access_token', 'refresh_token', 'nonsense']) {
    for (const token of [access_token, refresh_token])
      assert.equal((await introspect(token, 'web-app', { token_type_hint })).body['active'], true);
  }
});

test('an API learns of tokens for the audiences it answers for, also of opaque ones (RFC 7662 §4)', async () => {
  const { access_token } = answerOf(
    await personAt(signet).grant(request({ response_type: 'token', scope: 'orders:read' })),
  );
  const { body } = await introspect(access_token, 'orders-api');
  assert.equal(body['active'], true);
  assert.equal(body['aud'], ORDERS);
  const { access_token: opaque } = answerOf(
    await personAt(signet).grant(request({ client_id: 'opaque', response_type: 'token' })),
  );
  assert.equal((await introspect(opaque, 'opaque')).body['client_id'], 'opaque');
});

test('anybody else is told that a token is inactive, and nothing more (RFC 7662 §2.2, §4, §5)', async () => {
  const { access_token, refresh_token } = await tokensFor(signet);
  for (const client_id of ['orders-api', 'other-api', 'opaque']) {
    await isDead(access_token, client_id);
    await isDead(refresh_token, client_id);
  }
});

test('a refresh token is active while it is the living one (RFC 7662 §2.2)', async () => {
  const { refresh_token } = await tokensFor(signet);
  const { body } = await introspect(refresh_token);
  assert.equal(body['active'], true);
  assert.equal(body['client_id'], 'web-app');
  assert.equal(body['scope'], 'openid profile email offline_access');
  assert.ok(Number(body['exp']) > Number(body['iat']));
  const renewed = await refresh(signet, refresh_token ?? '');
  await isDead(refresh_token);
  assert.equal((await introspect(renewed.body['refresh_token'])).body['active'], true);
});

test('tokens that are expired, revoked, altered or none at all are inactive (RFC 7662 §2.2)', async () => {
  const { access_token = '', refresh_token = '', id_token } = await tokensFor(signet);
  const parts = access_token.split('.');
  for (const token of [
    'x',
    '.',
    '..',
    `${access_token}x`,
    `${parts[0]}.${parts[1]}.`,
    id_token,
    `${refresh_token}x`,
    'sgat_x',
    'x'.repeat(16_000),
  ])
    await isDead(token);
  signet.clock.advance(600_000);
  await isDead(access_token);
  const other = await tokensFor(signet);
  await post(signet.url('/revoke'), { token: other['access_token'] ?? '' }, basic());
  await isDead(other['access_token']);
  await isDead(other['refresh_token']);
});

test('tokens of a replayed code are inactive at once (RFC 6749 §4.1.2)', async () => {
  const { code = '' } = answerOf(await personAt(signet).grant(request()));
  const { body } = await exchange(signet, code);
  await exchange(signet, code);
  await isDead(body['access_token']);
});

test('the caller must prove itself, which a public client cannot (RFC 7662 §2.1, §2.3)', async () => {
  const form = { token: 'x' };
  const url = signet.url('/introspect');
  for (const answer of [
    await post(url, form),
    await post(url, form, basic('web-app', 'wrong')),
    await post(url, { ...form, client_id: 'spa' }),
    await post(url, form, { authorization: 'Bearer x' }),
  ]) {
    assert.equal(answer.status, 401);
    assert.equal(answer.body['error'], 'invalid_client');
    assert.equal('active' in answer.body, false);
  }
});

test('a missing, repeated or too long token is a bad request, and GET is none (RFC 7662 §2.1)', async () => {
  const url = signet.url('/introspect');
  for (const form of ['', 'token=', 'token=a&token=b', `token=${'x'.repeat(17_000)}`]) {
    assert.equal((await post(url, form, basic())).body['error'], 'invalid_request', form.slice(0, 20));
  }
  assert.equal((await fetch(`${url}?token=x`, { headers: basic() })).status, 405);
});

test('no foreign page may ask (RFC 7662 §4)', async () => {
  const { headers } = await introspect('x');
  assert.equal(headers.get('access-control-allow-origin'), null);
});
