import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  answerOf,
  basic,
  exchange,
  type Parameters,
  personAt,
  pkce,
  post,
  request,
} from '../support/person.ts';
import { REDIRECT, SPA, startSignet, WEB_APP } from '../support/signet.ts';

const signet = await startSignet(
  { after },
  {
    clients: [
      WEB_APP,
      SPA,
      { ...WEB_APP, client_id: 'by-default', require_pkce: undefined },
      { ...SPA, client_id: 'lax', require_pkce: false },
    ],
  },
);
const person = personAt(signet);
await person.grant(request());
const ask = async (over: Parameters) => answerOf(await person.authorize(request(over)));
const redeem = (code = '', over: Parameters = {}) =>
  post(signet.url('/token'), {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT,
    client_id: 'spa',
    ...over,
  });

test('the verifier that fits the challenge redeems the code, once (RFC 7636 §4.5, §4.6)', async () => {
  const { code_verifier, challenge } = pkce();
  const { code } = await ask({ client_id: 'spa', ...challenge });
  assert.equal((await redeem(code, { code_verifier })).status, 200);
  assert.equal((await redeem(code, { code_verifier })).body['error'], 'invalid_grant');
});

test('the verifier and challenge of RFC 7636 Appendix B belong together (RFC 7636 §4.2)', async () => {
  const code_verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
  const code_challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
  const { code } = await ask({ client_id: 'spa', code_challenge, code_challenge_method: 'S256' });
  assert.equal((await redeem(code, { code_verifier })).status, 200);
});

test('a wrong, missing or malformed verifier is refused and does not spend the code (RFC 7636 §4.6, §4.1)', async () => {
  const { code_verifier, challenge } = pkce();
  const { code } = await ask({ client_id: 'spa', ...challenge });
  const wrong = [
    {},
    { code_verifier: pkce().code_verifier },
    { code_verifier: challenge.code_challenge },
    { code_verifier: code_verifier.toUpperCase() },
    { code_verifier: `${code_verifier}A` },
  ] as Parameters[];
  for (const over of wrong) assert.equal((await redeem(code, over)).body['error'], 'invalid_grant');
  for (const bad of [
    'short',
    'x'.repeat(42),
    'x'.repeat(129),
    `${code_verifier}=`,
    `${'x'.repeat(43)} `,
    `${'x'.repeat(43)}ü`,
  ]) {
    assert.equal((await redeem(code, { code_verifier: bad })).body['error'], 'invalid_request', bad);
  }
  assert.equal((await redeem(code, { code_verifier })).status, 200);
});

test('plain, and a challenge without a method, which means plain, are refused (RFC 7636 §4.3, §4.4.1, §7.2)', async () => {
  const { code_verifier, challenge } = pkce();
  for (const client_id of ['spa', 'web-app']) {
    for (const code_challenge_method of ['plain', '', 's256', 'S512', 'none']) {
      const answer = await ask({ client_id, code_challenge: code_verifier, code_challenge_method });
      assert.equal(answer['error'], 'invalid_request', code_challenge_method);
    }
    const without = await ask({ client_id, code_challenge_method: 'S256' });
    assert.equal(without['error'], 'invalid_request');
  }
  assert.ok((await ask({ client_id: 'web-app', ...challenge }))['code']);
});

test('a challenge that is no SHA-256 in base64url is refused (RFC 7636 §4.2)', async () => {
  const { challenge } = pkce();
  for (const code_challenge of [
    challenge.code_challenge.slice(1),
    `${challenge.code_challenge}=`,
    `${challenge.code_challenge}A`,
    challenge.code_challenge.replace(/.$/, '+'),
    ' '.repeat(43),
  ]) {
    assert.equal(
      (await ask({ client_id: 'spa', ...challenge, code_challenge }))['error'],
      'invalid_request',
      code_challenge,
    );
  }
});

test('public clients cannot do without, and confidential ones only where it is lifted (RFC 9700 §2.1.1, RFC 8252 §8.1)', async () => {
  assert.equal((await ask({ client_id: 'spa' }))['error'], 'invalid_request');
  assert.equal((await ask({ client_id: 'lax' }))['error'], 'invalid_request');
  assert.equal((await ask({ client_id: 'by-default' }))['error'], 'invalid_request');
  assert.ok((await ask({ client_id: 'web-app' }))['code']);
});

test('a challenge removed on the way is noticed by the verifier that comes without it (RFC 9700 §4.8.2)', async () => {
  const { code } = await ask({ client_id: 'web-app' });
  const { code_verifier } = pkce();
  assert.equal((await exchange(signet, code ?? '', { code_verifier })).body['error'], 'invalid_grant');
  assert.equal((await exchange(signet, code ?? '')).status, 200);
});

test('a confidential client that sent a challenge must send the verifier too (RFC 9700 §2.1.1)', async () => {
  const { code_verifier, challenge } = pkce();
  const { code = '' } = await ask({ client_id: 'web-app', ...challenge });
  assert.equal((await exchange(signet, code)).body['error'], 'invalid_grant');
  assert.equal((await exchange(signet, code, { code_verifier })).status, 200);
});

test('a stolen code is worth nothing at another client, with or without the right verifier (RFC 7636 §4.6, RFC 6749 §10.5)', async () => {
  const { code_verifier, challenge } = pkce();
  const { code = '' } = await ask({ client_id: 'spa', ...challenge });
  const stolen = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, code_verifier };
  assert.equal((await post(signet.url('/token'), stolen, basic())).body['error'], 'invalid_grant');
  assert.equal((await redeem(code, { code_verifier })).status, 200);
});

test('PKCE is for codes: without one a challenge changes nothing (RFC 7636 §4.3)', async () => {
  const answer = await ask({
    client_id: 'web-app',
    response_type: 'id_token',
    code_challenge: 'x',
    code_challenge_method: 'plain',
  });
  assert.ok(answer['id_token']);
});
