import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, exchange, type Parameters, personAt, request } from '../support/person.ts';
import { REDIRECT, startSignet, WEB_APP } from '../support/signet.ts';
import { newClientKey, seconds, unsigned } from '../support/tokens.ts';

const KEYS = await Promise.all(['ES256', 'RS256', 'PS256', 'EdDSA', 'ES384'].map((alg) => newClientKey(alg)));
const [ES256 = await newClientKey('ES256'), RS256 = ES256] = KEYS;
const OTHER_REDIRECT = 'http://127.0.0.1:9000/other';
const base = {
  ...WEB_APP,
  redirect_uris: [REDIRECT, OTHER_REDIRECT],
  jwks: { keys: KEYS.map(({ jwk }) => jwk) },
};
const signet = await startSignet(
  { after },
  {
    clients: [
      { ...base, client_id: 'signing' },
      { ...base, client_id: 'strict', require_signed_request_object: true },
      { ...base, client_id: 'only-rs256', request_object_signing_alg: 'RS256' },
      { ...base, client_id: 'unsigned', request_object_signing_alg: 'none' },
      WEB_APP,
    ],
  },
);
const person = personAt(signet);
await person.grant(request());

const parameters = (over: Parameters = {}) =>
  request({ client_id: 'signing', scope: 'openid', state: 'inside', ...over });
const claims = (over: Record<string, unknown> = {}) => ({
  iss: 'signing',
  aud: signet.issuer,
  ...parameters(),
  ...over,
});
/** Sends the object beside what OAuth needs outside. */
const send = (object: string, outside: Parameters = {}) =>
  person.authorize({
    client_id: 'signing',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: REDIRECT,
    state: 'outside',
    ...outside,
    request: object,
  });
const outcome = async (
  over: Record<string, unknown>,
  header?: { crit?: string[] } & Record<string, unknown>,
) => answerOf(await send(await ES256.sign(claims(over), header)));

test('a request object signed by the client stands for the request (OIDC Core §6.1, §6.3.2)', async () => {
  for (const key of KEYS) {
    const answer = answerOf(await send(await key.sign(claims())));
    assert.match(answer['code'] ?? '', /^sgac_/, key.alg);
    assert.equal(answer['state'], 'inside');
  }
});

test('what stands beside a request object does not count (RFC 9101 §6.3, OIDC Core §6.3.3)', async () => {
  const object = await ES256.sign(
    claims({ state: undefined, nonce: 'n-inside', max_age: 3600, response_mode: undefined }),
  );
  const answer = answerOf(
    await send(object, { nonce: 'n-outside', prompt: 'none login', scope: 'openid email', claims: '[' }),
  );
  assert.equal(answer['error'], undefined);
  assert.equal(answer['state'], undefined);
  assert.match(answer['code'] ?? '', /^sgac_/);
});

test('the redirect URI may stand inside alone, or take the place of one outside (OIDC Core §6.1)', async () => {
  const object = await ES256.sign(claims({ redirect_uri: OTHER_REDIRECT }));
  for (const redirect_uri of ['', REDIRECT, 'https://attacker.example/cb']) {
    const seen = await send(object, { redirect_uri });
    assert.ok(seen.location?.startsWith(`${OTHER_REDIRECT}?code=`), redirect_uri);
  }
});

test('a redirect URI inside is checked like any other: page, no redirect (RFC 6749 §3.1.2.4)', async () => {
  const seen = await send(await ES256.sign(claims({ redirect_uri: 'https://attacker.example/cb' })));
  assert.equal(seen.status, 400);
  assert.equal(seen.location, undefined);
  assert.ok(!seen.text.includes('attacker'));
});

test('the redirect_uri of the exchange is that of the object (RFC 6749 §4.1.3)', async (t) => {
  const other = await startSignet(t, {
    clients: [{ ...WEB_APP, redirect_uris: base.redirect_uris, jwks: base.jwks }],
  });
  const visitor = personAt(other);
  const inside = { ...request(), iss: 'web-app', aud: other.issuer, redirect_uri: OTHER_REDIRECT };
  const ask = async () =>
    answerOf(await visitor.grant({ ...request(), request: await ES256.sign(inside) }))['code'] ?? '';
  assert.equal((await exchange(other, await ask())).body['error'], 'invalid_grant');
  assert.equal((await exchange(other, await ask(), { redirect_uri: OTHER_REDIRECT })).status, 200);
});

test('client_id and response_type outside must agree with those inside (OIDC Core §6.1)', async () => {
  assert.equal((await outcome({ client_id: 'web-app' }))['error'], 'invalid_request_object');
  assert.equal((await outcome({ response_type: 'id_token' }))['error'], 'invalid_request_object');
  const without = await ES256.sign(claims({ client_id: undefined, response_type: undefined }));
  assert.ok(answerOf(await send(without))['code']);
});

test('half of a surrogate pair in a state, which has no encoding, goes back as U+FFFD', async () => {
  const answer = await outcome({ state: 'half \ud83d' });
  assert.equal(answer['state'], 'half \ufffd');
  assert.match(answer['code'] ?? '', /^sgac_/);
});

test('structured parameters stand inside as JSON (OIDC Core §6.1, §5.5)', async () => {
  const good = { claims: { userinfo: { email: { essential: true } } }, max_age: 3600, prompt: 'none' };
  assert.ok((await outcome(good))['code']);
  assert.equal((await outcome({ claims: ['email'] }))['error'], 'invalid_request');
  assert.equal((await outcome({ prompt: ['none'] }))['error'], 'invalid_request');
  assert.equal((await outcome({ max_age: -1 }))['error'], 'invalid_request');
  assert.equal((await outcome({ scope: { openid: true } }))['error'], 'invalid_scope');
});

test('a parameter inside without a value counts as absent', async () => {
  for (const nonce of ['', null]) {
    const object = await ES256.sign(claims({ response_type: 'id_token', nonce }));
    const answer = answerOf(await send(object, { response_type: 'id_token' }));
    assert.equal(answer['error'], 'invalid_request', String(nonce));
  }
});

test('an object from or for somebody else is refused (OIDC Core §6.1, RFC 9101 §5.2)', async () => {
  for (const over of [
    { iss: 'web-app' },
    { iss: undefined },
    { iss: '' },
    { aud: 'https://other.example' },
    { aud: undefined },
    { aud: [] },
    { aud: 1 },
    { exp: seconds(signet, -60) },
    { exp: 'soon' },
    { nbf: seconds(signet, 60) },
    { sub: 'signing' },
    { request: 'x' },
    { request_uri: 'https://x.example' },
  ]) {
    assert.equal((await outcome(over))['error'], 'invalid_request_object', JSON.stringify(over));
  }
  assert.ok(
    (await outcome({ aud: ['https://other.example', signet.issuer], exp: seconds(signet, 60) }))['code'],
  );
});

test("the signature must be the client's, with an algorithm it may use (OIDC Core §6.3.2, RFC 8725 §3.1)", async () => {
  const stranger = await newClientKey('ES256', 'key-ES256');
  const good = await ES256.sign(claims());
  const objects = {
    'another key': await stranger.sign(claims()),
    'embedded key': await stranger.sign(claims(), { jwk: stranger.jwk, kid: undefined }),
    'key by reference': await stranger.sign(claims(), { jku: 'https://attacker.example/jwks' }),
    unsigned: unsigned(claims()),
    'unsigned in capitals': unsigned(claims(), { alg: 'NONE' }),
    altered: good.replace(
      /\.[^.]+\./,
      `.${Buffer.from(JSON.stringify(claims({ scope: 'openid email' }))).toString('base64url')}.`,
    ),
    'no signature': good.replace(/[^.]+$/, ''),
    garbage: 'garbage',
    'five parts': `${good}.a.b`,
  };
  for (const [what, object] of Object.entries(objects)) {
    assert.equal(answerOf(await send(object))['error'], 'invalid_request_object', what);
  }
  assert.equal((await outcome({}, { crit: ['x'], x: 1 }))['error'], 'invalid_request_object');
});

test('a JWT of another type is no request object (RFC 8725 §3.11)', async () => {
  assert.ok((await outcome({}, { typ: 'oauth-authz-req+jwt' }))['code']);
  assert.ok((await outcome({}, { typ: 'JWT' }))['code']);
  for (const typ of ['client-authentication+jwt', 'at+jwt', 'dpop+jwt', 'logout+jwt', 7]) {
    assert.equal((await outcome({}, { typ }))['error'], 'invalid_request_object', String(typ));
  }
});

test('request_object_signing_alg allows that algorithm and no other (OIDC Core §6.3.2)', async () => {
  const own = claims({ client_id: 'only-rs256', iss: 'only-rs256' });
  const ask = async (key: typeof ES256) =>
    answerOf(await send(await key.sign(own), { client_id: 'only-rs256' }));
  assert.ok((await ask(RS256))['code']);
  assert.equal((await ask(ES256))['error'], 'invalid_request_object');
});

test('an unsigned object is taken only from a client registered for it (OIDC Core §6.1)', async () => {
  const own = (over: Record<string, unknown> = {}) => ({ ...parameters({ client_id: 'unsigned' }), ...over });
  const ask = async (over: Record<string, unknown>) =>
    answerOf(await send(unsigned(own(over)), { client_id: 'unsigned' }));
  assert.ok((await ask({}))['code']);
  assert.ok((await ask({ iss: 'unsigned', aud: signet.issuer }))['code']);
  assert.equal((await ask({ iss: 'web-app' }))['error'], 'invalid_request_object');
  assert.equal((await ask({ aud: 'https://other.example' }))['error'], 'invalid_request_object');
  assert.equal((await ask({ exp: seconds(signet, -60) }))['error'], 'invalid_request_object');
  const signed = await ES256.sign(claims({ client_id: 'unsigned', iss: 'unsigned' }));
  assert.equal(answerOf(await send(signed, { client_id: 'unsigned' }))['error'], 'invalid_request_object');
});

test('a client may be held to signed request objects (RFC 9101 §10.5)', async () => {
  const plain = answerOf(await person.authorize(request({ client_id: 'strict' })));
  assert.equal(plain['error'], 'invalid_request');
  const own = claims({ client_id: 'strict', iss: 'strict' });
  assert.ok(answerOf(await send(await ES256.sign(own), { client_id: 'strict' }))['code']);
  assert.equal(
    answerOf(await send(unsigned(own), { client_id: 'strict' }))['error'],
    'invalid_request_object',
  );
});

test('a bad object is told to a registered redirect URI outside, else on a page (OIDC Core §3.1.2.6)', async () => {
  const told = answerOf(await send('garbage'));
  assert.equal(told['error'], 'invalid_request_object');
  assert.equal(told['state'], 'outside');
  const page = await send('garbage', { redirect_uri: 'https://attacker.example/cb' });
  assert.equal(page.status, 400);
  assert.equal(page.location, undefined);
});

test('an object for a client without keys is refused', async () => {
  const object = await ES256.sign(claims({ client_id: 'web-app', iss: 'web-app' }));
  const answer = answerOf(await send(object, { client_id: 'web-app' }));
  assert.equal(answer['error'], 'invalid_request_object');
});

test('request_uri and registration are answered with their own errors (OIDC Core §6.2, §7.2.1)', async () => {
  const ask = async (over: Parameters) => answerOf(await person.authorize(parameters(over)));
  assert.equal(
    (await ask({ request_uri: 'https://attacker.example/object' }))['error'],
    'request_uri_not_supported',
  );
  assert.equal((await ask({ registration: '{}' }))['error'], 'registration_not_supported');
  const both = answerOf(
    await send(await ES256.sign(claims()), { request_uri: 'https://attacker.example/object' }),
  );
  assert.equal(both['error'], 'request_uri_not_supported');
});
