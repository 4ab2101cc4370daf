import assert from 'node:assert/strict';
import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { test } from 'node:test';
import { assertInvalid, type Setup, setup } from './support.ts';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Claims that the API would accept from its issuer. */
function goodClaims({ id, clock }: Setup): Record<string, unknown> {
  const iat = clock.now() / 1000;
  const times = { iat, exp: iat + 300 };
  return { iss: id.issuer, aud: id.audience, sub: 'admin', client_id: 'client-1', jti: 'forged', ...times };
}

function forge(header: unknown, claims: unknown, key: KeyObject): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

test('an unsigned token is refused, however alg none is written', async (t) => {
  const s = await setup(t);
  for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
    const token = `${encode({ alg, typ: 'at+jwt' })}.${encode(goodClaims(s))}.`;
    await assertInvalid(s.api, token, /not signed/);
  }
});

test('a good token whose signature is cut off or changed is refused', async (t) => {
  const { id, api } = await setup(t);
  const [header, claims, signature = ''] = (await id.accessToken()).split('.');
  await assertInvalid(api, `${header}.${claims}.`, /signature/);
  await assertInvalid(api, `${header}.${claims}.${signature.slice(0, -4)}`, /signature/);
  const flipped = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
  await assertInvalid(api, `${header}.${claims}.${flipped}`, /signature/);
});

test('claims changed after signing are refused', async (t) => {
  const s = await setup(t);
  const [header, , signature] = (await s.id.accessToken()).split('.');
  await assertInvalid(s.api, `${header}.${encode(goodClaims(s))}.${signature}`, /signature/);
});

test('the public key used as a shared secret (HS256) is refused (RFC 8725 §2.1)', async (t) => {
  const s = await setup(t, { algorithm: 'RS256' });
  const [key = {}] = s.id.jwks().keys;
  const pem = createPublicKey({ key, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  });
  const signed = `${encode({ alg: 'HS256', typ: 'at+jwt', kid: 'key-1' })}.${encode(goodClaims(s))}`;
  const signature = createHmac('sha256', pem).update(signed).digest('base64url');
  await assertInvalid(s.api, `${signed}.${signature}`, /'HS256'/);
});

test('keys that the token brings along or points to are never used (RFC 8725 §3.10)', async (t) => {
  const s = await setup(t);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'mine' };
  s.id.answer('/evil', (_, response) => response.end(JSON.stringify({ keys: [jwk] })));
  const evil = `${s.id.issuer}/evil`;
  const headers = [
    { jwk },
    { jwk, kid: 'mine' },
    { jwk, kid: 'key-1' },
    { jku: evil, kid: 'mine' },
    { x5u: evil, kid: 'mine' },
    { kid: evil },
    { kid: '../../evil' },
  ];
  for (const header of headers) {
    const token = forge({ alg: 'ES256', typ: 'at+jwt', ...header }, goodClaims(s), privateKey);
    await assertInvalid(s.api, token, /signature|does not publish/);
  }
  assert.equal(s.asked('/evil'), 0);
});

test('an algorithm that does not fit the published key is refused', async (t) => {
  const s = await setup(t);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const token = forge({ alg: 'RS256', typ: 'at+jwt', kid: 'key-1' }, goodClaims(s), privateKey);
  await assertInvalid(s.api, token, /does not publish/);
});

test('an algorithm outside the configured ones is refused, though the signature is good', async (t) => {
  const { id, another } = await setup(t);
  await assertInvalid(another({ algorithms: ['PS256', 'RS256'] }), await id.accessToken(), /PS256, RS256/);
});

test('critical header parameters are refused', async (t) => {
  const s = await setup(t);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  for (const crit of [['b64'], ['exp'], [], 'exp', null]) {
    const header = { alg: 'ES256', typ: 'at+jwt', kid: 'key-1', b64: false, crit };
    await assertInvalid(s.api, forge(header, goodClaims(s), privateKey), /crit/);
  }
});

test('only typ at+jwt and application/at+jwt are taken, in any case (RFC 9068 §4)', async (t) => {
  const { id, api } = await setup(t);
  for (const typ of ['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/AT+jwt']) {
    assert.equal((await api.verify(`Bearer ${await id.accessToken({}, { typ })}`)).sub, 'user-1');
  }
  for (const typ of [
    'JWT',
    undefined,
    null,
    'at+jwt ',
    'application/application/at+jwt',
    'text/at+jwt',
    'at',
    7,
  ]) {
    const scoped = await id.accessToken({ scope: 'a' }, { typ });
    await assertInvalid(api, scoped, /has typ/);
  }
});

test('an ID token is refused by name, whatever it looks like', async (t) => {
  const { id, api } = await setup(t);
  const idToken = /This is an ID token: send the access token\./;
  await assertInvalid(api, await id.idToken(), idToken);
  await assertInvalid(api, await id.idToken({ aud: id.audience }), idToken);
  await assertInvalid(api, await id.idToken({ nonce: undefined }), idToken);
  await assertInvalid(api, await id.idToken({ nonce: undefined, at_hash: 'x', scope: 'openid' }), idToken);
  await assertInvalid(api, await id.accessToken({ nonce: 'n' }, { typ: undefined }), idToken);
});

test('an ID token that calls itself an access token still lacks what an access token has', async (t) => {
  const { id, api } = await setup(t);
  const claims = { aud: id.audience, nonce: 'n', client_id: undefined, jti: undefined };
  await assertInvalid(api, await id.accessToken(claims), /client_id/);
});

test('other kinds of token are refused by name', async (t) => {
  const { id, api } = await setup(t);
  const kinds: [Record<string, unknown>, string, RegExp][] = [
    [{}, 'rt+jwt', /a refresh token/],
    [{ typ: 'Refresh' }, 'JWT', /a refresh token/],
    [{ token_use: 'refresh' }, 'JWT', /a refresh token/],
    [{}, 'logout+jwt', /a logout token/],
    [{ events: {} }, 'JWT', /a logout token/],
    [{}, 'dpop+jwt', /a DPoP proof/],
    [{}, 'client-authentication+jwt', /a client assertion/],
    [{}, 'oauth-authz-req+jwt', /a request object/],
    [{}, 'token-introspection+jwt', /an introspection response/],
  ];
  for (const [claims, typ, name] of kinds)
    await assertInvalid(api, await id.accessToken(claims, { typ }), name);
});

test('an opaque refresh token, or any other string, is refused', async (t) => {
  const { api } = await setup(t);
  const jwe = `${encode({ alg: 'RSA-OAEP', enc: 'A256GCM', typ: 'at+jwt' })}.a.b.c.d`;
  await assertInvalid(api, jwe, /Encrypted/);
  const strings = [
    'rt_2YotnFZFEjr1zCsicMWpAA',
    'a.b.c',
    '..',
    'e30.e30.',
    `${encode([])}.e30.x`,
    '.'.repeat(16_384),
  ];
  for (const text of strings) await assertInvalid(api, text, /not a JWT/);
});

test('a signed token that holds no JSON object, or a number without bound, is refused', async (t) => {
  const s = await setup(t);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const api = s.another({ jwks: { keys: [publicKey.export({ format: 'jwk' })] } });
  const eternal = JSON.stringify(goodClaims(s)).replace(/"exp":\d+/, '"exp":1e999');
  const bodies: [string, RegExp][] = [
    ['[]', /issued by 'nothing'/],
    ['"text"', /issued by 'nothing'/],
    ['null', /issued by 'nothing'/],
    ['{', /issued by 'nothing'/],
    ['', /issued by 'nothing'/],
    [eternal, /the claim exp, a number/],
  ];
  for (const [body, why] of bodies) {
    const signed = `${encode({ alg: 'ES256', typ: 'at+jwt' })}.${Buffer.from(body).toString('base64url')}`;
    const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    await assertInvalid(api, `${signed}.${signature.toString('base64url')}`, why);
  }
});

test('a key too short for its algorithm verifies nothing', async (t) => {
  const s = await setup(t);
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const api = s.another({ jwks: { keys: [publicKey.export({ format: 'jwk' })] } });
  await assertInvalid(api, forge({ alg: 'RS256', typ: 'at+jwt' }, goodClaims(s), privateKey), /signature/);
});

test('every asymmetric algorithm is accepted with its own key', async (t) => {
  for (const algorithm of ['RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']) {
    const { id, api } = await setup(t, { algorithm });
    assert.equal((await api.verify(`Bearer ${await id.accessToken()}`)).sub, 'user-1', algorithm);
  }
});
