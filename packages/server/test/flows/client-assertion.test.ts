import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { SignJWT } from 'jose';
import { type Answered, type Parameters, post } from '../support/person.ts';
import { listen, type Signet, startSignet } from '../support/signet.ts';
import { type ClientKey, newClientKey, seconds, unsigned } from '../support/tokens.ts';

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const LONG_SECRET = 'a-secret-of-more-than-thirty-two-bytes';
const KEYS = await Promise.all(['ES256', 'RS256', 'PS256', 'EdDSA', 'ES384'].map((alg) => newClientKey(alg)));
const [ES256 = await newClientKey('ES256'), RS256 = ES256] = KEYS;

/** A key server of ours, which counts how often it is asked. */
const keyServer = { keys: [ES256.jwk], asked: 0, port: 0 };
const server = createServer((_request, response) => {
  keyServer.asked += 1;
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: keyServer.keys }));
});
keyServer.port = await listen(server);
after(() => server.close());

const service = (client_id: string, over: Record<string, unknown>) => ({
  client_id,
  grant_types: ['client_credentials'],
  scope: '',
  ...over,
});
const signer = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: KEYS.map(({ jwk }) => jwk) } };
const config = {
  clients: [
    service('signer', signer),
    service('lenient', { ...signer, accept_token_endpoint_audience: true }),
    service('only-rs256', { ...signer, token_endpoint_auth_signing_alg: 'RS256' }),
    service('remote', {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: `http://127.0.0.1:${keyServer.port}/jwks`,
    }),
    service('symmetric', { token_endpoint_auth_method: 'client_secret_jwt', client_secret: LONG_SECRET }),
    service('off', { ...signer, disabled: true }),
    service('by-secret', { client_secret: LONG_SECRET }),
  ],
  outbound: { allow_hosts: ['127.0.0.1'] },
};
const signet = await startSignet({ after }, config);

const claims = (over: Record<string, unknown> = {}, client_id = 'signer') => ({
  iss: client_id,
  sub: client_id,
  aud: signet.issuer,
  exp: seconds(signet, 60),
  iat: seconds(signet),
  jti: randomUUID(),
  ...over,
});
const send = (client_assertion: string, over: Parameters = {}, at: Signet = signet): Promise<Answered> =>
  post(at.url('/token'), {
    grant_type: 'client_credentials',
    client_assertion_type: TYPE,
    client_assertion,
    ...over,
  });
const bySecret = (over: Record<string, unknown> = {}, secret = LONG_SECRET, alg = 'HS256'): Promise<string> =>
  new SignJWT(claims(over, 'symmetric')).setProtectedHeader({ alg }).sign(Buffer.from(secret));
const isRefused = ({ status, body }: Answered, note: string): void => {
  assert.deepEqual([status, body['error']], [401, 'invalid_client'], note);
};

test('private_key_jwt: an assertion signed with a registered key (OIDC Core §9, RFC 7523 §2.2)', async () => {
  for (const key of KEYS) assert.equal((await send(await key.sign(claims()))).status, 200, key.alg);
  assert.equal((await send(await ES256.sign(claims()), { client_id: 'signer' })).status, 200);
});

test('client_secret_jwt: an assertion authenticated with the secret (OIDC Core §9)', async () => {
  assert.equal((await send(await bySecret())).status, 200);
  isRefused(await send(await bySecret({}, `${LONG_SECRET}x`)), 'another secret');
  isRefused(await send(await bySecret({}, LONG_SECRET, 'HS512')), 'an algorithm the secret is too short for');
});

test('an assertion that lacks a claim, or has a wrong one, is refused (RFC 7523 §3)', async () => {
  const wrong: Record<string, unknown>[] = [
    { iss: 'other' },
    { iss: undefined },
    { sub: 'other' },
    { sub: undefined },
    { sub: '' },
    { sub: 7 },
    { exp: undefined },
    { exp: seconds(signet, -11) },
    { exp: 'soon' },
    { exp: seconds(signet, 3700) },
    { exp: 1e300 },
    { nbf: seconds(signet, 60) },
    { jti: undefined },
    { jti: '' },
    { jti: 7 },
    { jti: {} },
    { aud: undefined },
  ];
  for (const over of wrong) isRefused(await send(await ES256.sign(claims(over))), JSON.stringify(over));
});

test('the audience is the issuer as a single string: no list, no other address (RFC 7523 §3, rulings 5)', async () => {
  const audiences = [
    [signet.issuer],
    [signet.issuer, 'https://other.example'],
    signet.url('/token'),
    'https://other.example',
    `${signet.issuer}/`,
    signet.issuer.toUpperCase(),
    '',
    [],
    7,
    {},
  ];
  for (const aud of audiences) isRefused(await send(await ES256.sign(claims({ aud }))), JSON.stringify(aud));
});

test('a switch lets older libraries name the token endpoint, and nothing else (OIDC Core §9)', async () => {
  const ask = async (aud: unknown) => send(await ES256.sign(claims({ aud }, 'lenient')));
  assert.equal((await ask(signet.url('/token'))).status, 200);
  assert.equal((await ask(signet.issuer)).status, 200);
  isRefused(await ask(signet.url('/introspect')), 'another endpoint');
  isRefused(await ask([signet.url('/token')]), 'a list');
});

test('the algorithm and key are the registered ones, never those an assertion names (RFC 8725 §3.1, §3.2)', async () => {
  const stranger = await newClientKey('ES256', 'key-ES256');
  const publicPem = JSON.stringify(RS256.jwk);
  const symmetric = (key: string) =>
    new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'key-RS256' }).sign(Buffer.from(key));
  const good = await ES256.sign(claims());
  const assertions = {
    unsigned: unsigned(claims()),
    'unsigned by another spelling': unsigned(claims(), { alg: 'nOnE' }),
    'signature cut off': good.replace(/[^.]+$/, ''),
    'MAC with the public key': await symmetric(publicPem),
    'embedded key': await stranger.sign(claims(), { kid: undefined, jwk: stranger.jwk }),
    'key by reference': await stranger.sign(claims(), {
      jku: `http://127.0.0.1:${keyServer.port}/jwks`,
      x5u: 'https://attacker.example',
    }),
    'another key of that name': await stranger.sign(claims()),
    'unknown critical extension': await ES256.sign(claims(), { crit: ['x'], x: 1 }),
    'typ of an access token': await ES256.sign(claims(), { typ: 'at+jwt' }),
    'typ of a request object': await ES256.sign(claims(), { typ: 'oauth-authz-req+jwt' }),
    'five parts': `${good}.a.b`,
    'many dots': '.'.repeat(5000),
    garbage: 'garbage',
    'a JSON that is no object': `${Buffer.from('[]').toString('base64url')}.${Buffer.from('[]').toString('base64url')}.`,
  };
  const asked = keyServer.asked;
  for (const [what, assertion] of Object.entries(assertions)) isRefused(await send(assertion), what);
  assert.equal(keyServer.asked, asked, 'nothing was fetched');
});

test('the type of an authentication assertion is taken where it is named (RFC 8725 §3.11)', async () => {
  assert.equal((await send(await ES256.sign(claims(), { typ: 'client-authentication+jwt' }))).status, 200);
  assert.equal((await send(await ES256.sign(claims(), { typ: 'JWT' }))).status, 200);
});

test('token_endpoint_auth_signing_alg allows that algorithm alone (RFC 7591 §2)', async () => {
  assert.equal((await send(await RS256.sign(claims({}, 'only-rs256')))).status, 200);
  isRefused(await send(await ES256.sign(claims({}, 'only-rs256'))), 'ES256');
});

test('an assertion is good once (RFC 7523 §3)', async () => {
  const assertion = await ES256.sign(claims());
  assert.equal((await send(assertion)).status, 200);
  isRefused(await send(assertion), 'replayed');
  const sameJti = claims();
  assert.equal((await send(await ES256.sign(sameJti))).status, 200);
  isRefused(await send(await ES256.sign({ ...sameJti, iat: 1 })), 'signed anew with the same jti');
});

test('of fifty uses of one assertion at once exactly one succeeds (RFC 7523 §3)', async () => {
  const assertion = await ES256.sign(claims());
  const answers = await Promise.all(Array.from({ length: 50 }, () => send(assertion)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
});

test('the identifier is remembered for as long as the assertion could be used, and no longer', async (t) => {
  const own = await startSignet(t, config);
  const assertion = await ES256.sign(claims({ aud: own.issuer, exp: seconds(own, 3500) }));
  assert.equal((await send(assertion, {}, own)).status, 200);
  own.clock.advance(3_400_000);
  await own.app.maintain();
  isRefused(await send(assertion, {}, own), 'replayed late');
  own.clock.advance(120_000);
  await own.app.maintain();
  isRefused(await send(assertion, {}, own), 'expired');
});

test('two clients may choose the same identifier', async () => {
  const jti = 'chosen-by-both';
  assert.equal((await send(await ES256.sign(claims({ jti })))).status, 200);
  assert.equal((await send(await ES256.sign(claims({ jti }, 'lenient')))).status, 200);
});

test('an assertion of one client is none for another, unknown or switched off (RFC 7521 §4.2)', async () => {
  isRefused(await send(await ES256.sign(claims()), { client_id: 'lenient' }), 'client_id differs');
  isRefused(await send(await ES256.sign(claims({}, 'nobody'))), 'unknown');
  isRefused(await send(await ES256.sign(claims({}, 'off'))), 'switched off');
  isRefused(await send(await ES256.sign(claims({}, 'by-secret'))), 'registered for a secret');
  isRefused(await send(await ES256.sign(claims({}, 'symmetric'))), 'registered for client_secret_jwt');
});

test('the assertion type must be the registered one (RFC 7521 §4.2)', async () => {
  for (const client_assertion_type of [
    '',
    'jwt-bearer',
    'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
  ]) {
    isRefused(await send(await ES256.sign(claims()), { client_assertion_type }), client_assertion_type);
  }
});

test('keys behind jwks_uri are fetched, kept for the next time, and the only ones that count (OIDC Core §10.1)', async () => {
  const ask = async (key: ClientKey) => send(await key.sign(claims({}, 'remote')));
  assert.equal((await ask(ES256)).status, 200);
  assert.equal((await ask(ES256)).status, 200);
  assert.equal(keyServer.asked, 1);
  const stranger = await newClientKey('ES256', 'never-published');
  isRefused(await ask(stranger), 'not published');
});

test('jwks_uri on a host that is not opened is never contacted (rulings 16)', async (t) => {
  const { outbound: _outbound, ...closed } = config;
  const own = await startSignet(t, closed);
  const asked = keyServer.asked;
  isRefused(await send(await ES256.sign(claims({ aud: own.issuer }, 'remote')), {}, own), 'refused');
  assert.equal(keyServer.asked, asked);
});

test('assertions are accepted wherever a client proves itself (RFC 7009 §2.1, RFC 7662 §2.1)', async () => {
  for (const path of ['/introspect', '/revoke']) {
    const form = { token: 'x', client_assertion_type: TYPE, client_assertion: await ES256.sign(claims()) };
    assert.equal((await post(signet.url(path), form)).status, 200, path);
  }
});
