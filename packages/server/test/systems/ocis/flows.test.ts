import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, type Parameters, personAt, post } from '../../support/person.ts';
import { leftHalf, verified } from '../../support/tokens.ts';
import { ask, askWeb, DESKTOP, redeem, renew, startOcis, verifierOf } from './ocis.ts';

const ocis = await startOcis({ after });

const granted = async (over: Parameters): Promise<{ location: string; answer: Record<string, string> }> => {
  const seen = await personAt(ocis).grant(ask(over));
  return { location: seen.location ?? '', answer: answerOf(seen) };
};

const SALTED = /^[0-9a-f]{64}\.[A-Za-z0-9_-]+$/;

test('the code comes in the query with scope, session_state and the state, letter for letter (row 61)', async () => {
  const { location, answer } = await granted({ state: 'a b/+&=' });
  assert.ok(location.startsWith(`${DESKTOP.redirect_uri}?code=`));
  assert.ok(!location.includes('#'));
  assert.equal(answer['state'], 'a b/+&=');
  assert.deepEqual(answer['scope']?.split(' ').sort(), ['email', 'offline_access', 'openid', 'profile']);
  assert.match(answer['session_state'] ?? '', SALTED);
});

test('a request without a state is answered with an empty one, in success and in error (row 61)', async () => {
  const { state: _state, ...stateless } = ask();
  const seen = await personAt(ocis).grant(stateless);
  assert.match(seen.location ?? '', /[?&]state=(&|$)/);
  const refused = await personAt(ocis).authorize({ ...stateless, prompt: 'none' });
  assert.match(refused.location ?? '', /[?&]state=(&|$)/);
});

test('session_state comes with every answer, 64 hexadecimal digits, a dot and salt, also without openid (row 57)', async () => {
  for (const response_type of [
    'code',
    'token',
    'id_token',
    'id_token token',
    'code token',
    'code id_token',
    'code id_token token',
  ])
    assert.match((await granted({ response_type })).answer['session_state'] ?? '', SALTED, response_type);
  assert.match((await granted({ scope: 'profile' })).answer['session_state'] ?? '', SALTED);
});

test('the token answer has access_token, Bearer, id_token, refresh_token and 300 seconds (row 62)', async () => {
  const { answer } = await granted({});
  const { status, body } = await redeem(ocis, answer['code']);
  assert.equal(status, 200);
  assert.equal(body['token_type'], 'Bearer');
  assert.equal(body['expires_in'], 300);
  for (const name of ['access_token', 'id_token', 'refresh_token'])
    assert.match(String(body[name]), /\S{20}/);
  assert.equal('error' in body, false);
});

test('without offline_access there is no refresh token, and without openid no ID token (row 62)', async () => {
  const { answer } = await granted({ scope: 'openid profile' });
  const online = (await redeem(ocis, answer['code'])).body;
  assert.deepEqual(['refresh_token' in online, 'id_token' in online], [false, true]);
  const plain = await granted({ scope: 'profile offline_access' });
  const { body } = await redeem(ocis, plain.answer['code']);
  assert.deepEqual(['refresh_token' in body, 'id_token' in body], [true, false]);
});

test('a code is good once, at the redirect it was asked for, and for its own program (row 62)', async () => {
  const { answer } = await granted({});
  const other = await redeem(ocis, answer['code'], { redirect_uri: 'http://127.0.0.1:1' });
  assert.deepEqual([other.status, other.body['error']], [400, 'invalid_grant']);
  const first = await redeem(ocis, answer['code']);
  assert.equal(first.status, 200);
  const second = await redeem(ocis, answer['code']);
  assert.deepEqual([second.status, second.body['error']], [400, 'invalid_grant']);
  assert.equal((await renew(ocis, first.body['refresh_token'])).body['error'], 'invalid_grant');
});

test('a refresh takes id and secret in the form, with or without redirect_uri and scope (row 63)', async () => {
  const { answer } = await granted({});
  const { refresh_token } = (await redeem(ocis, answer['code'])).body;
  for (const over of [
    {},
    { redirect_uri: DESKTOP.redirect_uri },
    { scope: 'openid offline_access email profile' },
  ]) {
    const { status, body } = await renew(ocis, refresh_token, over as Parameters);
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual([body['token_type'], body['expires_in']], ['Bearer', 300]);
    assert.match(String(body['access_token']), /^ey/);
    // The old one stays good, for programs that lost the answer.
    assert.equal(body['refresh_token'], refresh_token);
  }
  const narrow = await renew(ocis, refresh_token, { scope: 'openid' });
  assert.equal((await verified(ocis, narrow.body['access_token'])).payload['scp'], 'openid');
  const wider = await renew(ocis, refresh_token, { scope: 'openid LibgreGraph.UUID' });
  assert.deepEqual([wider.status, wider.body['error']], [400, 'invalid_scope']);
});

test('the implicit types answer in the fragment with type, lifetime, scope, session_state and state (row 64)', async () => {
  for (const response_type of ['id_token token', 'token id_token', 'id_token', 'token']) {
    const { location, answer } = await granted({ response_type });
    assert.ok(location.startsWith(`${DESKTOP.redirect_uri}#`), location);
    assert.ok(!location.includes('?'));
    assert.equal(answer['state'], 'state-of-the-client');
    assert.deepEqual(answer['scope']?.split(' ').sort(), ['email', 'openid', 'profile']);
    assert.match(answer['session_state'] ?? '', SALTED);
    const words = response_type.split(' ');
    assert.equal('id_token' in answer, words.includes('id_token'));
    assert.equal('access_token' in answer, words.includes('token'));
    if (!words.includes('token')) continue;
    assert.deepEqual([answer['token_type'], answer['expires_in']], ['Bearer', '300']);
    const [head = ''] = (answer['access_token'] ?? '').split('.');
    assert.equal(JSON.parse(Buffer.from(head, 'base64url').toString()).alg, 'PS256');
  }
});

test('an ID token from the front needs a nonce, and the lack of one is told in the fragment (row 64)', async () => {
  for (const response_type of ['id_token', 'id_token token', 'code id_token', 'code id_token token']) {
    const { nonce: _nonce, ...without } = ask({ response_type });
    const seen = await personAt(ocis).authorize(without);
    assert.ok(seen.location?.startsWith(`${DESKTOP.redirect_uri}#`), String(seen.location));
    const { error, error_description } = answerOf(seen);
    assert.equal(error, 'invalid_request');
    assert.match(error_description ?? '', /^nonce is required for implicit flow/);
  }
});

test('no token ever stands in a query, whatever response_mode asks for (row 64)', async () => {
  const seen = await personAt(ocis).authorize(
    ask({ response_type: 'id_token token', response_mode: 'query' }),
  );
  assert.equal(answerOf(seen)['error'], 'invalid_request');
  assert.ok(seen.location?.startsWith(`${DESKTOP.redirect_uri}#`));
});

test('the hybrid types answer in the fragment, bound by hashes, with a code that is good (row 65)', async () => {
  for (const response_type of ['code token', 'code id_token', 'code id_token token', 'token id_token code']) {
    const { location, answer } = await granted({ response_type });
    assert.ok(location.startsWith(`${DESKTOP.redirect_uri}#`), location);
    const words = response_type.split(' ');
    if (words.includes('id_token')) {
      const { payload } = await verified(ocis, answer['id_token'], { audience: DESKTOP.client_id });
      assert.equal(payload['c_hash'], leftHalf(answer['code']));
      assert.equal(
        payload['at_hash'],
        words.includes('token') ? leftHalf(answer['access_token']) : undefined,
      );
      assert.equal(payload['nonce'], 'nonce-of-the-client');
    }
    const { status, body } = await redeem(ocis, answer['code']);
    assert.equal(status, 200, JSON.stringify(body));
    // Whoever got an ID token in front gets no second one for the code.
    assert.equal('id_token' in body, !words.includes('id_token'), response_type);
    assert.match(String(body['refresh_token']), /\S{20}/);
  }
});

test('an ID token needs openid among the scopes (row 64)', async () => {
  const seen = await personAt(ocis).authorize(ask({ response_type: 'id_token', scope: 'profile' }));
  assert.match(answerOf(seen)['error'] ?? '', /^invalid_(scope|request)$/);
});

test('offline_access goes unheeded where no code is asked for (row 70)', async () => {
  const { answer } = await granted({ response_type: 'id_token token', scope: 'openid offline_access' });
  assert.equal(answer['scope'], 'openid');
  assert.equal('refresh_token' in answer, false);
  assert.equal((await verified(ocis, answer['access_token'])).payload['scp'], 'openid');
});

test('a challenge is S256 also where no method stands beside it (row 67)', async () => {
  const { code_verifier, code_challenge } = verifierOf(128);
  const methods: readonly Parameters[] = [{}, { code_challenge_method: 'S256' }];
  for (const method of methods) {
    const { answer } = await granted({ code_challenge, ...method });
    assert.equal((await redeem(ocis, answer['code'], { code_verifier })).status, 200);
  }
});

test('plain is refused, and the verifier must be there, right, and asked for (row 67)', async () => {
  const { code_verifier, code_challenge } = verifierOf(64);
  const plain = await personAt(ocis).authorize(ask({ code_challenge, code_challenge_method: 'plain' }));
  assert.equal(answerOf(plain)['error'], 'invalid_request');
  const { answer } = await granted({ code_challenge });
  for (const over of [
    {},
    { code_verifier: verifierOf(64).code_verifier },
    { code_verifier: code_challenge },
  ]) {
    const { status, body } = await redeem(ocis, answer['code'], over as Parameters);
    assert.deepEqual([status, body['error']], [400, 'invalid_grant']);
  }
  assert.equal((await redeem(ocis, answer['code'], { code_verifier })).status, 200);
  const without = await granted({});
  assert.equal(
    (await redeem(ocis, without.answer['code'], { code_verifier })).body['error'],
    'invalid_grant',
  );
});

test('PKCE also covers the code of a hybrid answer, and the web client that has no secret (row 67)', async () => {
  const { code_verifier, code_challenge } = verifierOf(43);
  const { answer } = await granted({ response_type: 'code id_token', code_challenge });
  assert.equal((await redeem(ocis, answer['code'])).body['error'], 'invalid_grant');
  assert.equal((await redeem(ocis, answer['code'], { code_verifier })).status, 200);
  const { code = '' } = answerOf(await personAt(ocis).grant(askWeb(ocis, { code_challenge })));
  const redirect_uri = `${ocis.issuer}/oidc-callback.html`;
  const form = { grant_type: 'authorization_code', code, redirect_uri, client_id: 'web' };
  assert.equal((await post(ocis.url('/token'), form)).body['error'], 'invalid_grant');
  assert.equal((await post(ocis.url('/token'), { ...form, code_verifier })).status, 200);
});
