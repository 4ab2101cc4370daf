import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, exchange, personAt, pkce, post, request, userinfo } from '../support/person.ts';
import { REDIRECT, startSignet, WEB_APP } from '../support/signet.ts';
import { leftHalf, verified } from '../support/tokens.ts';

const EDDSA = { ...WEB_APP, client_id: 'eddsa', id_token_signed_response_alg: 'EdDSA' };
const PUBLIC = {
  ...WEB_APP,
  client_id: 'public-hybrid',
  client_secret: undefined,
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'implicit'],
};
const signet = await startSignet({ after }, { clients: [WEB_APP, EDDSA, PUBLIC] });
const person = personAt(signet);
const ask = async (over: Record<string, string>) => answerOf(await person.grant(request(over)));

test('each combination gives exactly what its words say, in the fragment (OAuth Multiple Response Types §5, OIDC Core §3.3.2.5)', async () => {
  for (const response_type of ['code id_token', 'code token', 'code id_token token']) {
    const seen = await person.grant(request({ response_type }));
    const answer = answerOf(seen);
    assert.match(seen.location ?? '', /^http:\/\/127\.0\.0\.1:9000\/cb#/);
    for (const [word, name] of [
      ['code', 'code'],
      ['id_token', 'id_token'],
      ['token', 'access_token'],
      ['token', 'token_type'],
    ] as const) {
      assert.equal(
        answer[name] !== undefined,
        response_type.split(' ').includes(word),
        `${response_type}: ${name}`,
      );
    }
  }
});

test('the words of a response type may come in any order (OAuth Multiple Response Types §2.2, RFC 6749 §3.1.1)', async () => {
  for (const response_type of ['id_token code', 'token code', 'token id_token code', 'token id_token']) {
    const answer = await ask({ response_type });
    assert.equal(answer['error'], undefined, response_type);
    assert.equal(answer['code'] !== undefined, response_type.includes('code'), response_type);
  }
});

test('the ID token is bound to code, access token and state by their hashes (OIDC Core §3.3.2.11)', async () => {
  const answer = await ask({ response_type: 'code id_token token' });
  const { payload } = await verified(signet, answer['id_token'], { audience: 'web-app' });
  assert.equal(payload['c_hash'], leftHalf(answer['code']));
  assert.equal(payload['at_hash'], leftHalf(answer['access_token']));
  assert.equal(payload['s_hash'], leftHalf(answer['state']));
});

test('hashes in an EdDSA token are made with SHA-512 (OIDC Core §3.3.2.11)', async () => {
  const answer = await ask({ client_id: 'eddsa', response_type: 'code id_token token' });
  const { payload, protectedHeader } = await verified(signet, answer['id_token'], { audience: 'eddsa' });
  assert.equal(protectedHeader.alg, 'EdDSA');
  assert.equal(payload['c_hash'], leftHalf(answer['code'], 'sha512'));
  assert.equal(payload['at_hash'], leftHalf(answer['access_token'], 'sha512'));
});

test('the ID token of the exchange agrees with that of the answer (OIDC Core §3.3.3.6, §3.1.3.6)', async () => {
  const answer = await ask({ response_type: 'code id_token' });
  const { body } = await exchange(signet, answer['code'] ?? '');
  const [first, second] = await Promise.all([
    verified(signet, answer['id_token']),
    verified(signet, body['id_token']),
  ]);
  for (const name of ['iss', 'sub', 'aud', 'nonce', 'auth_time', 'sid', 'acr']) {
    assert.deepEqual(second.payload[name], first.payload[name], name);
  }
  assert.equal(second.payload['at_hash'], leftHalf(String(body['access_token'])));
  assert.equal(second.payload['c_hash'], undefined);
});

test('the access tokens of answer and exchange are two, good for the same person (OIDC Core §3.3.3.8)', async () => {
  const answer = await ask({ response_type: 'code token' });
  const { body } = await exchange(signet, answer['code'] ?? '');
  assert.notEqual(body['access_token'], answer['access_token']);
  const [front, back] = await Promise.all([
    userinfo(signet, answer['access_token'] ?? ''),
    userinfo(signet, String(body['access_token'])),
  ]);
  assert.equal(front.body['sub'], back.body['sub']);
});

test('a replay of the code ends the access token of the front channel as well (RFC 6749 §4.1.2)', async () => {
  const { code = '', access_token = '' } = await ask({ response_type: 'code token' });
  await exchange(signet, code);
  await exchange(signet, code);
  assert.equal((await userinfo(signet, access_token)).status, 401);
});

test('a hybrid answer without openid holds no session state and the exchange no ID token (RFC 6749 §4.1.4)', async () => {
  const answer = await ask({ response_type: 'code token', scope: 'email' });
  assert.equal(answer['session_state'], undefined);
  assert.equal((await exchange(signet, answer['code'] ?? '')).body['id_token'], undefined);
});

test('a public client needs PKCE for hybrid codes too (RFC 7636 §4.4.1)', async () => {
  const without = await ask({ client_id: 'public-hybrid', response_type: 'code id_token' });
  assert.equal(without['error'], 'invalid_request');
  const { code_verifier, challenge } = pkce();
  const { code = '' } = await ask({
    client_id: 'public-hybrid',
    response_type: 'code id_token',
    ...challenge,
  });
  const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, client_id: 'public-hybrid' };
  assert.equal((await post(signet.url('/token'), form)).body['error'], 'invalid_grant');
  assert.equal((await post(signet.url('/token'), { ...form, code_verifier })).status, 200);
});
