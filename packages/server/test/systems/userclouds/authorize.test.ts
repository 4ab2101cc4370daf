import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { answerOf, claimsOf, type Parameters, personAt, pkce } from '../../support/person.ts';
import {
  APP,
  authorization,
  CALLBACK,
  codeFor,
  exchangeCode,
  startUserClouds,
  token,
  verified,
} from './userclouds.ts';

const without = (name: string, over: Parameters = {}): Record<string, string> => {
  const { [name]: _left, ...rest } = authorization(over);
  return rest;
};

test('an unknown client or an unregistered redirect is answered with 400 and led nowhere (row 96)', async (t) => {
  const signet = await startUserClouds(t);
  for (const wrong of [
    authorization({ client_id: 'nobody' }),
    without('client_id'),
    authorization({ redirect_uri: 'http://localhost:8080/callback/' }),
    authorization({ redirect_uri: 'https://evil.example/callback' }),
    authorization({ redirect_uri: 'http://localhost:8081/callback' }),
  ]) {
    const seen = await personAt(signet).authorize(wrong);
    assert.deepEqual([seen.status, seen.location], [400, undefined], JSON.stringify(wrong));
    assert.doesNotMatch(seen.text, /evil\.example|nobody/);
  }
});

test('openid and state are asked for in every request, and their absence is told to the client (row 97)', async (t) => {
  const signet = await startUserClouds(t);
  for (const [wrong, says] of [
    [authorization({ scope: 'profile' }), /openid/],
    [without('scope'), /openid/],
    [without('state'), /state/],
    [authorization({ state: '' }), /state/],
  ] as const) {
    const seen = await personAt(signet).authorize(wrong);
    assert.ok(seen.location?.startsWith(`${CALLBACK}?`), seen.text);
    const told = answerOf(seen);
    assert.equal(told['error'], 'invalid_request');
    assert.match(told['error_description'] ?? '', says);
    assert.equal(told['state'], wrong['state'] === '' ? undefined : wrong['state']);
  }
});

test('a code comes with the state in the query and is exchanged for both tokens with the secret (row 98)', async (t) => {
  const signet = await startUserClouds(t);
  const seen = await personAt(signet).grant(authorization());
  const { code = '', state } = answerOf(seen);
  assert.equal(new URL(seen.location ?? '').hash, '');
  assert.equal(state, 'state-of-the-app');
  const { status, body, headers } = await exchangeCode(signet, code);
  assert.equal(status, 200);
  assert.equal(body['token_type'], 'Bearer');
  assert.equal(body['expires_in'], 86_400);
  assert.ok(body['access_token']);
  assert.ok(body['id_token']);
  assert.equal(headers.get('cache-control'), 'no-store');
  const again = await exchangeCode(signet, code);
  assert.deepEqual([again.status, again.body['error']], [400, 'invalid_grant'], 'a code is good once');
});

const SECRETLESS = { ...APP, client_id: 'mobile', pkce_without_secret: true };
const PUBLIC = {
  client_id: 'spa',
  redirect_uris: [CALLBACK],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'none',
};

async function withPkce(t: TestContext, client_id: string) {
  const signet = await startUserClouds(t, { clients: [APP, SECRETLESS, PUBLIC] });
  const { code_verifier, challenge } = pkce();
  const code = await codeFor(signet, { client_id, ...challenge });
  const form = { grant_type: 'authorization_code', client_id, code, redirect_uri: CALLBACK };
  return { signet, code_verifier, form };
}

for (const client_id of ['mobile', 'spa']) {
  test(`with PKCE the verifier stands in for the secret of ${client_id}, refreshes included (row 99)`, async (t) => {
    const { signet, code_verifier, form } = await withPkce(t, client_id);
    const { status, body } = await token(signet, { ...form, code_verifier });
    assert.equal(status, 200, JSON.stringify(body));
    const refresh_token = String(body['refresh_token']);
    assert.equal(
      (await token(signet, { grant_type: 'refresh_token', client_id, refresh_token })).status,
      200,
    );
  });
}

test('secret and verifier together are good as well (row 99)', async (t) => {
  const { signet, code_verifier, form } = await withPkce(t, APP.client_id);
  const { status } = await token(signet, { ...form, client_secret: APP.client_secret, code_verifier });
  assert.equal(status, 200);
});

test('an application that is not marked for it needs its secret beside the verifier (row 99)', async (t) => {
  const { signet, code_verifier, form } = await withPkce(t, APP.client_id);
  const { status, body } = await token(signet, { ...form, code_verifier });
  assert.deepEqual([status, body['error']], [401, 'invalid_client']);
});

test('without PKCE in the request nothing stands in for the secret (row 99)', async (t) => {
  const { signet, form } = await withPkce(t, 'mobile');
  const code = await codeFor(signet, { client_id: 'mobile' });
  const attempts: readonly Parameters[] = [{}, { code_verifier: pkce().code_verifier }];
  for (const more of attempts) {
    const { status, body } = await token(signet, { ...form, code, ...more });
    assert.ok(status === 401 || body['error'] === 'invalid_grant', JSON.stringify(body));
  }
});

test('a verifier has one attempt: after a wrong one the right one is too late (row 99)', async (t) => {
  const { signet, code_verifier, form } = await withPkce(t, 'spa');
  const wrong = await token(signet, { ...form, code_verifier: pkce().code_verifier });
  assert.deepEqual([wrong.status, wrong.body['error']], [400, 'invalid_grant']);
  const right = await token(signet, { ...form, code_verifier });
  assert.deepEqual([right.status, right.body['error']], [400, 'invalid_grant']);
});

test('a challenge without method, with plain, or with no code to come is refused (row 99)', async (t) => {
  const signet = await startUserClouds(t);
  const { challenge } = pkce();
  const { code_challenge } = challenge;
  for (const wrong of [
    authorization({ code_challenge }),
    authorization({ code_challenge, code_challenge_method: 'plain' }),
    authorization({ code_challenge: 'short', code_challenge_method: 'S256' }),
    authorization({ ...challenge, response_type: 'id_token token', nonce: 'n-1' }),
    authorization({ ...challenge, response_type: 'token' }),
  ])
    assert.equal(answerOf(await personAt(signet).authorize(wrong))['error'], 'invalid_request');
});

for (const response_type of [
  'code id_token',
  'id_token code',
  'code token id_token',
  'token id_token code',
  'id_token token code',
]) {
  test(`hybrid ${response_type}: everything in the fragment, and the nonce in the ID token (row 100)`, async (t) => {
    const signet = await startUserClouds(t);
    const seen = await personAt(signet).grant(authorization({ response_type, nonce: 'n-0S6' }));
    const url = new URL(seen.location ?? '');
    assert.equal(url.search, '');
    const told = answerOf(seen);
    const { payload } = await verified(signet, told['id_token'], { audience: APP.client_id });
    assert.equal(payload['nonce'], 'n-0S6');
    assert.equal('access_token' in told, response_type.split(' ').includes('token'));
    assert.equal(told['state'], 'state-of-the-app');
    const { body } = await exchangeCode(signet, told['code'] ?? '');
    assert.equal(claimsOf(String(body['id_token']))['nonce'], 'n-0S6');
  });
}

for (const [response_type, words] of [
  ['token', ['access_token']],
  ['id_token token', ['access_token', 'id_token']],
  ['token id_token', ['access_token', 'id_token']],
  ['id_token', ['id_token']],
] as const) {
  test(`implicit ${response_type}: tokens in the fragment, the access token under its name (row 101)`, async (t) => {
    const signet = await startUserClouds(t);
    const seen = await personAt(signet).grant(authorization({ response_type, nonce: 'n-0S6' }));
    assert.ok(seen.location?.startsWith(`${CALLBACK}#`));
    const told = answerOf(seen);
    for (const word of words) assert.ok(told[word], word);
    assert.equal(told['code'], undefined);
    if (told['access_token'] === undefined) return;
    assert.deepEqual([told['token_type'], told['expires_in']], ['Bearer', '86400']);
    assert.equal(
      (await verified(signet, told['access_token'], { audience: signet.issuer })).protectedHeader.typ,
      'at+jwt',
    );
  });
}

test('a response type that is not known is told as such, and an ID token in front needs a nonce (rows 100, 101)', async (t) => {
  const signet = await startUserClouds(t);
  const told = async (over: Parameters) => answerOf(await personAt(signet).authorize(authorization(over)));
  assert.equal((await told({ response_type: 'code banana' }))['error'], 'unsupported_response_type');
  assert.equal((await told({ response_type: 'code id_token' }))['error'], 'invalid_request');
  assert.equal((await told({ response_type: 'id_token token' }))['error'], 'invalid_request');
});

test('a third-party application asks for consent, one of the house does not (row 126)', async (t) => {
  const third = { ...APP, client_id: 'third', consent: 'remember' };
  const signet = await startUserClouds(t, { clients: [APP, third] });
  const person = personAt(signet);
  assert.ok(answerOf(await person.grant(authorization()))['code']);
  assert.ok(answerOf(await person.authorize(authorization()))['code'], 'no page in between');
  const asked = await person.authorize(authorization({ client_id: 'third' }));
  assert.equal(asked.location, undefined);
  assert.match(asked.url, /\/plexui\/consent\?session_id=/);
  const denied = await person.submit(asked, { decision: 'deny' });
  assert.equal(answerOf(denied)['error'], 'access_denied');
  assert.ok(answerOf(await person.grant(authorization({ client_id: 'third' })))['code']);
  assert.ok(answerOf(await person.authorize(authorization({ client_id: 'third' })))['code'], 'asked once');
});
