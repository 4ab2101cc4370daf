import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, basic, personAt, post, request, userinfo } from '../support/person.ts';
import { REDIRECT, startSignet, WEB_APP } from '../support/signet.ts';
import { verified } from '../support/tokens.ts';

const ORDERS = 'https://orders.example/api';
const STOCK = 'https://stock.example';
const SCOPE = `${WEB_APP.scope} orders:read stock:read`;
const signet = await startSignet(
  { after },
  {
    clients: [
      { ...WEB_APP, scope: SCOPE },
      { ...WEB_APP, client_id: 'orders-only', scope: SCOPE, resources: [ORDERS] },
      { ...WEB_APP, client_id: 'careful', scope: SCOPE, consent: 'remember' },
    ],
    resources: [
      { resource: ORDERS, name: 'Order book', scope: 'orders:read' },
      { resource: STOCK, scope: 'stock:read' },
    ],
  },
);
const person = personAt(signet);
await person.grant(request());

/** A request with the resources as often as they are named. */
const authorize = (resources: readonly string[], over: Record<string, string> = {}) => {
  const query = new URLSearchParams(
    request({ scope: 'openid orders:read stock:read offline_access', ...over }),
  );
  for (const resource of resources) query.append('resource', resource);
  return person.visit(`${signet.url('/authorize')}?${query.toString()}`);
};
const redeem = (form: Record<string, string>, resources: readonly string[] = [], client_id = 'web-app') => {
  const body = new URLSearchParams(form);
  for (const resource of resources) body.append('resource', resource);
  return post(signet.url('/token'), body.toString(), basic(client_id));
};
const exchange = (code = '', resources: readonly string[] = []) =>
  redeem({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT }, resources);
const claims = async (body: Record<string, unknown>) =>
  (await verified(signet, body['access_token'])).payload as Record<string, unknown>;

test('the token is for the resource that was asked for, with its scope alone (RFC 8707 §2.1, RFC 9068 §3)', async () => {
  const { code } = answerOf(await authorize([ORDERS]));
  const { body } = await exchange(code);
  const { aud, scope } = await claims(body);
  assert.equal(aud, ORDERS);
  assert.equal(scope, 'openid orders:read offline_access');
  assert.equal(body['scope'], scope, 'the client is told');
});

test('several resources may be asked for, and the exchange picks of them (RFC 8707 §2, §2.2)', async () => {
  const { code } = answerOf(await authorize([ORDERS, STOCK]));
  const { body } = await exchange(code, [STOCK]);
  assert.equal((await claims(body))['aud'], STOCK);
  const refreshed = await redeem(
    { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) },
    [ORDERS],
  );
  assert.equal((await claims(refreshed.body))['aud'], ORDERS);
  const both = await redeem({
    grant_type: 'refresh_token',
    refresh_token: String(refreshed.body['refresh_token']),
  });
  assert.deepEqual((await claims(both.body))['aud'], [ORDERS, STOCK]);
});

test('neither exchange nor refresh reaches a resource that was not granted (RFC 8707 §2.2, §3)', async () => {
  const { code } = answerOf(await authorize([ORDERS]));
  assert.equal((await exchange(code, [STOCK])).body['error'], 'invalid_target');
  assert.equal((await exchange(code, [ORDERS, STOCK])).body['error'], 'invalid_target');
  const { body } = await exchange(code);
  const form = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) };
  assert.equal((await redeem(form, [STOCK])).body['error'], 'invalid_target');
  assert.equal((await redeem(form)).status, 200, 'nothing was spent by that');
});

test('without a resource the scope tells whom the token is for (RFC 9068 §3)', async () => {
  const orders = await exchange(answerOf(await authorize([], { scope: 'orders:read' }))['code']);
  assert.equal((await claims(orders.body))['aud'], ORDERS);
  const plain = await exchange(answerOf(await authorize([], { scope: 'email' }))['code']);
  assert.equal((await claims(plain.body))['aud'], signet.issuer);
  const mixed = await exchange(answerOf(await authorize([], { scope: 'openid orders:read' }))['code']);
  assert.deepEqual((await claims(mixed.body))['aud'], [ORDERS, signet.issuer]);
});

test('a token for a resource alone does not open userinfo (RFC 9068 §4)', async () => {
  const { body } = await exchange(answerOf(await authorize([ORDERS]))['code']);
  assert.equal((await userinfo(signet, String(body['access_token']))).status, 401);
});

test('an unknown or malformed resource, and one not for the client, is invalid_target by redirect (RFC 8707 §2)', async () => {
  for (const resource of [
    'https://unknown.example',
    `${ORDERS}/`,
    `${ORDERS}#x`,
    'orders',
    ORDERS.toUpperCase(),
  ]) {
    assert.equal(answerOf(await authorize([resource]))['error'], 'invalid_target', resource);
  }
  assert.equal(answerOf(await authorize([ORDERS, 'https://unknown.example']))['error'], 'invalid_target');
  assert.equal(answerOf(await authorize([STOCK], { client_id: 'orders-only' }))['error'], 'invalid_target');
});

test('tokens of the front channel are bound to the resource too (RFC 8707 §2.1)', async () => {
  const { access_token } = answerOf(await authorize([STOCK], { response_type: 'token' }));
  assert.equal((await claims({ access_token }))['aud'], STOCK);
});

test('the person is asked for each resource, by its name, and the answer is remembered (OIDC Core §3.1.2.4)', async () => {
  const page = await person.follow(await authorize([ORDERS], { client_id: 'careful', scope: 'openid' }));
  assert.match(page.text, /Order book/);
  await person.submit(page, { decision: 'allow' });
  assert.ok(
    answerOf(await authorize([ORDERS], { client_id: 'careful', scope: 'openid', prompt: 'none' }))['code'],
  );
  const another = answerOf(
    await authorize([STOCK], { client_id: 'careful', scope: 'openid', prompt: 'none' }),
  );
  assert.equal(another['error'], 'consent_required');
});
