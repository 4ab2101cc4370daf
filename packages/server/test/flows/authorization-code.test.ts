import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answerOf,
  claimsOf,
  exchange,
  personAt,
  pkce,
  post,
  refresh,
  request,
  tokensFor,
  userinfo,
} from '../support/person.ts';
import { REDIRECT, startSignet } from '../support/signet.ts';

test('a person signs in once and the client gets a code, then tokens (RFC 6749 §4.1, OIDC Core §3.1)', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  const seen = await person.grant(request({ scope: 'openid profile email offline_access' }));
  const answer = answerOf(seen);
  assert.equal(seen.status, 303);
  assert.equal(answer['state'], 'state-of-the-client');
  assert.equal(answer['iss'], signet.issuer);
  const { status, body } = await exchange(signet, answer['code'] ?? '');
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body).sort(), [
    'access_token',
    'expires_in',
    'id_token',
    'refresh_token',
    'scope',
    'token_type',
  ]);
  const claims = claimsOf(String(body['id_token']));
  assert.equal(claims['iss'], signet.issuer);
  assert.equal(claims['aud'], 'web-app');
  assert.equal(claims['azp'], 'web-app');
  assert.equal(claims['nonce'], 'nonce-of-the-client');
  assert.deepEqual(claims['amr'], ['pwd']);
  const { body: person_claims } = await userinfo(signet, String(body['access_token']));
  assert.equal(person_claims['name'], 'Alice Example');
  assert.equal(person_claims['sub'], claims['sub']);
});

test('a second request of the same person is answered without a page', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  await person.grant(request());
  const seen = await person.authorize(request({ prompt: 'none' }));
  assert.match(answerOf(seen)['code'] ?? '', /^sgac_/);
});

test('a code redeemed twice is refused and revokes its tokens (RFC 6749 §4.1.2)', async (t) => {
  const signet = await startSignet(t);
  const { code = '' } = answerOf(await personAt(signet).grant(request({ scope: 'openid offline_access' })));
  const first = await exchange(signet, code);
  const second = await exchange(signet, code);
  assert.equal(second.status, 400);
  assert.equal(second.body['error'], 'invalid_grant');
  assert.equal((await userinfo(signet, String(first.body['access_token']))).status, 401);
  assert.equal((await refresh(signet, String(first.body['refresh_token']))).body['error'], 'invalid_grant');
});

test('of fifty redemptions of one code at once exactly one succeeds (RFC 6749 §4.1.2)', async (t) => {
  const signet = await startSignet(t);
  const { code = '' } = answerOf(await personAt(signet).grant(request()));
  const answers = await Promise.all(Array.from({ length: 50 }, () => exchange(signet, code)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
});

test('a code presented by another client is refused and not spent (RFC 6749 §4.1.3)', async (t) => {
  const signet = await startSignet(t);
  const { code = '' } = answerOf(await personAt(signet).grant(request()));
  const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, client_id: 'spa' };
  const stranger = await post(signet.url('/token'), form);
  assert.equal(stranger.body['error'], 'invalid_grant');
  assert.equal((await exchange(signet, code)).status, 200);
});

test('a code older than its lifetime is refused (RFC 6749 §4.1.2)', async (t) => {
  const signet = await startSignet(t);
  const { code = '' } = answerOf(await personAt(signet).grant(request()));
  signet.clock.advance(61_000);
  assert.equal((await exchange(signet, code)).body['error'], 'invalid_grant');
});

test('the redirect_uri of the exchange must be that of the request (RFC 6749 §4.1.3)', async (t) => {
  const signet = await startSignet(t);
  const { code = '' } = answerOf(await personAt(signet).grant(request()));
  assert.equal(
    (await exchange(signet, code, { redirect_uri: `${REDIRECT}/` })).body['error'],
    'invalid_grant',
  );
  assert.equal((await exchange(signet, code)).status, 200);
});

test('a public client needs PKCE and redeems with its verifier (RFC 7636 §4.6)', async (t) => {
  const signet = await startSignet(t);
  const { code_verifier, challenge } = pkce();
  const person = personAt(signet);
  const without = await person.authorize(request({ client_id: 'spa' }));
  assert.equal(answerOf(without)['error'], 'invalid_request');
  const { code = '' } = answerOf(await person.grant(request({ client_id: 'spa', ...challenge })));
  const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, client_id: 'spa' };
  assert.equal((await post(signet.url('/token'), form)).body['error'], 'invalid_grant');
  assert.equal(
    (await post(signet.url('/token'), { ...form, code_verifier: pkce().code_verifier })).body['error'],
    'invalid_grant',
  );
  assert.equal((await post(signet.url('/token'), { ...form, code_verifier })).status, 200);
});

test('a refresh token rotates, repeats its answer within the grace, and a replay ends the line (RFC 9700 §4.14.2)', async (t) => {
  const signet = await startSignet(t);
  const { refresh_token: first = '' } = await tokensFor(signet);
  const second = (await refresh(signet, first)).body['refresh_token'];
  const again = (await refresh(signet, first)).body['refresh_token'];
  assert.notEqual(second, first);
  assert.equal(again, second, 'a lost answer is repeated');
  const third = String((await refresh(signet, String(second))).body['refresh_token']);
  const replay = await refresh(signet, first);
  assert.equal(replay.body['error'], 'invalid_grant');
  assert.equal((await refresh(signet, third)).body['error'], 'invalid_grant', 'the whole line is dead');
});
