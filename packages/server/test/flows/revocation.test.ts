import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { basic, post, refresh, tokensFor, userinfo } from '../support/person.ts';
import { SPA, startSignet, WEB_APP } from '../support/signet.ts';

const signet = await startSignet({ after }, { clients: [WEB_APP, SPA, { ...WEB_APP, client_id: 'other' }] });
const revoke = (
  token: unknown,
  headers: Record<string, string> = basic(),
  over: Record<string, string> = {},
) => post(signet.url('/revoke'), { token: String(token), ...over }, headers);
const lives = async ({ access_token = '', refresh_token = '' }: Record<string, string>) => ({
  access: (await userinfo(signet, access_token)).status === 200,
  refresh: (await refresh(signet, refresh_token)).status === 200,
});

test('revoking the refresh token ends the access tokens with it (RFC 7009 §2, §2.1)', async () => {
  const tokens = await tokensFor(signet);
  const { status, headers } = await revoke(tokens['refresh_token']);
  assert.equal(status, 200);
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.deepEqual(await lives(tokens), { access: false, refresh: false });
});

test('revoking an access token ends its grant, the refresh token too (RFC 7009 §2.1)', async () => {
  const tokens = await tokensFor(signet);
  assert.equal((await revoke(tokens['access_token'])).status, 200);
  assert.deepEqual(await lives(tokens), { access: false, refresh: false });
});

test('a refresh token that was rotated away still revokes the line (RFC 7009 §2.1)', async () => {
  const tokens = await tokensFor(signet);
  const { body } = await refresh(signet, tokens['refresh_token'] ?? '');
  await revoke(tokens['refresh_token']);
  assert.equal((await refresh(signet, String(body['refresh_token']))).body['error'], 'invalid_grant');
});

test('only this grant ends: others of the same person and client live on (RFC 7009 §2.1)', async () => {
  const [one, two] = [await tokensFor(signet), await tokensFor(signet)];
  await revoke(one['refresh_token']);
  assert.deepEqual(await lives(two), { access: true, refresh: true });
});

test("a service's access token ends alone (RFC 7009 §2.1)", async () => {
  const own = async () =>
    (await post(signet.url('/token'), { grant_type: 'client_credentials', scope: 'email' }, basic())).body[
      'access_token'
    ];
  const active = async (token: unknown) =>
    (await post(signet.url('/introspect'), { token: String(token) }, basic())).body['active'];
  const [one, two] = [await own(), await own()];
  assert.equal((await revoke(one)).status, 200);
  assert.deepEqual([await active(one), await active(two)], [false, true]);
});

test('a token that is unknown, dead or already revoked is a success, so that nothing can be learnt (RFC 7009 §2.2)', async () => {
  const { refresh_token, access_token } = await tokensFor(signet);
  await revoke(refresh_token);
  for (const token of ['x', 'sgrt_x', 'sgac_x', 'a.b.c', refresh_token, access_token])
    assert.equal((await revoke(token)).status, 200, String(token));
});

test('the hint of the kind of token may be wrong (RFC 7009 §2.1)', async () => {
  const tokens = await tokensFor(signet);
  assert.equal(
    (await revoke(tokens['refresh_token'], basic(), { token_type_hint: 'access_token' })).status,
    200,
  );
  assert.deepEqual(await lives(tokens), { access: false, refresh: false });
});

test('a client cannot revoke the token of another (RFC 7009 §2.1, §5)', async () => {
  const tokens = await tokensFor(signet);
  for (const token of [tokens['refresh_token'], tokens['access_token']]) {
    const { status, body } = await revoke(token, basic('other'));
    assert.deepEqual([status, body['error']], [400, 'unauthorized_client']);
    assert.equal((await revoke(token, {}, { client_id: 'spa' })).body['error'], 'unauthorized_client');
  }
  assert.deepEqual(await lives(tokens), { access: true, refresh: true });
});

test('an ID token is not revoked but runs out (RFC 7009 §2.2.1)', async () => {
  const { id_token } = await tokensFor(signet);
  const { status, body } = await revoke(id_token);
  assert.deepEqual([status, body['error']], [400, 'unsupported_token_type']);
});

test('the client must prove itself, and a public one name itself (RFC 7009 §2.1)', async () => {
  const tokens = await tokensFor(signet);
  for (const headers of [{}, basic('web-app', 'wrong')])
    assert.equal((await revoke(tokens['refresh_token'], headers)).status, 401);
  assert.deepEqual(await lives(tokens), { access: true, refresh: true });
  assert.equal((await revoke('x', {}, { client_id: 'spa' })).status, 200);
});

test('a missing or repeated token is a bad request (RFC 7009 §2.1)', async () => {
  for (const form of ['', 'token=', 'token=a&token=b']) {
    assert.equal((await post(signet.url('/revoke'), form, basic())).body['error'], 'invalid_request');
  }
});

test('a failing store is 503 and never told as a success (RFC 7009 §2.2.1)', async (t) => {
  const own = await startSignet(t);
  const { refresh_token = '' } = await tokensFor(own);
  await own.app.close();
  const { status, body, headers } = await post(own.url('/revoke'), { token: refresh_token }, basic());
  assert.equal(status, 503);
  assert.equal(body['error'], 'temporarily_unavailable');
  assert.ok(Number(headers.get('retry-after')) > 0);
});

test('an application in a browser may revoke (RFC 7009 §2.3)', async () => {
  const preflight = await fetch(signet.url('/revoke'), {
    method: 'OPTIONS',
    headers: { origin: 'https://spa.example', 'access-control-request-method': 'POST' },
  });
  assert.equal(preflight.headers.get('access-control-allow-origin'), '*');
  assert.equal((await revoke('x', {}, { client_id: 'spa' })).headers.get('access-control-allow-origin'), '*');
});
