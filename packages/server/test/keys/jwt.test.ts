import assert from 'node:assert/strict';
import { generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { halfHash, signJwt, verifyJwt } from '../../src/keys/jwt.ts';
import { SIGNING_ALGORITHMS } from '../../src/model/client.ts';
import { startSignet } from '../support/signet.ts';
import { encode, newClientKey, unsigned } from '../support/tokens.ts';

const { keyring } = (await startSignet({ after })).provider;
const key = await keyring.current('ES256');
const CLAIMS = { iss: 'me', sub: 'ünïcode \u{1F98A}', n: 1, list: ['a'] };
const token = await signJwt(key, 'JWT', CLAIMS);
const [header = '', body = '', signature = ''] = token.split('.');

/** Claims under another header, signed with Signet's own key. */
const underHeader = (protectedHeader: Record<string, unknown>): string => {
  const input = `${encode(protectedHeader)}.${body}`;
  const signed = signBytes('sha256', Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signed.toString('base64url')}`;
};

test('jose verifies what Signet signs, in every algorithm (rulings 18, OIDC Core §10.1)', async () => {
  for (const alg of SIGNING_ALGORITHMS) {
    const own = await keyring.current(alg);
    const keys = createLocalJWKSet({ keys: [{ ...own.publicJwk, kty: String(own.publicJwk['kty']) }] });
    for (const typ of ['JWT', 'at+jwt'] as const) {
      const { payload } = await jwtVerify(await signJwt(own, typ, CLAIMS), keys, { algorithms: [alg], typ });
      assert.deepEqual(payload, CLAIMS, alg);
    }
  }
});

test('Signet verifies what it signed, in every algorithm, as the type it was signed as alone (RFC 8725 §3.11)', async () => {
  for (const alg of SIGNING_ALGORITHMS) {
    const made = await signJwt(await keyring.current(alg), 'at+jwt', CLAIMS);
    assert.deepEqual(await verifyJwt(keyring, 'at+jwt', made), CLAIMS, alg);
    assert.equal(await verifyJwt(keyring, 'JWT', made), undefined, alg);
  }
});

test('the algorithm is that of the key, whatever the header says (RFC 8725 §3.1)', async () => {
  const { kid } = key;
  assert.deepEqual(await verifyJwt(keyring, 'JWT', underHeader({ alg: 'ES256', typ: 'JWT', kid })), CLAIMS);
  for (const alg of ['none', 'HS256', 'RS256', 'EdDSA', 'es256', '', null, ['ES256']]) {
    assert.equal(
      await verifyJwt(keyring, 'JWT', underHeader({ alg, typ: 'JWT', kid })),
      undefined,
      String(alg),
    );
  }
});

test('a header may not name keys, extensions or another type (RFC 8725 §3.10, RFC 7515 §4.1.11)', async () => {
  const base = { alg: 'ES256', typ: 'JWT', kid: key.kid };
  const stranger = await newClientKey('ES256', key.kid);
  for (const wrong of [
    { ...base, crit: ['x'], x: 1 },
    { ...base, crit: [] },
    { ...base, typ: 'at+jwt' },
    { ...base, typ: 'jwt' },
    { alg: 'ES256', kid: key.kid },
    { ...base, kid: 'other' },
    { ...base, kid: undefined },
    { ...base, kid: 7 },
  ]) {
    assert.equal(await verifyJwt(keyring, 'JWT', underHeader(wrong)), undefined, JSON.stringify(wrong));
  }
  assert.equal(
    await verifyJwt(keyring, 'JWT', await stranger.sign(CLAIMS, { typ: 'JWT', jwk: stranger.jwk })),
    undefined,
  );
  assert.equal(await verifyJwt(keyring, 'JWT', unsigned(CLAIMS, { ...base, alg: 'none' })), undefined);
});

test('a MAC made with the public key is no signature (RFC 8725 §2.1)', async () => {
  const { createHmac } = await import('node:crypto');
  const input = `${encode({ alg: 'HS256', typ: 'JWT', kid: key.kid })}.${body}`;
  for (const secret of [
    key.publicKey.export({ format: 'pem', type: 'spki' }),
    JSON.stringify(key.publicJwk),
  ]) {
    const mac = createHmac('sha256', secret).update(input).digest('base64url');
    assert.equal(await verifyJwt(keyring, 'JWT', `${input}.${mac}`), undefined);
  }
});

test('a signature in another encoding, of another length or of another curve is none', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const input = Buffer.from(`${header}.${body}`);
  const der = signBytes('sha256', input, key.privateKey).toString('base64url');
  const p384 = signBytes('sha256', input, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString(
    'base64url',
  );
  for (const other of [der, p384, '', 'AA', `${signature}AA`, Buffer.alloc(64).toString('base64url')]) {
    assert.equal(await verifyJwt(keyring, 'JWT', `${header}.${body}.${other}`), undefined, other);
  }
});

test('no change of a token is accepted, and none is more than a refusal (RFC 7515 §5.2)', async () => {
  const change = fc.record({ at: fc.nat(token.length), cut: fc.nat(3), put: fc.string({ maxLength: 3 }) });
  await fc.assert(
    fc.asyncProperty(change, async ({ at, cut, put }) => {
      const changed = token.slice(0, at) + put + token.slice(at + cut);
      const claims = await verifyJwt(keyring, 'JWT', changed);
      assert.equal(claims === undefined, changed !== token);
    }),
    { numRuns: 500 },
  );
});

test('nothing that is put in the place of a token is more than a refusal, at any size', async () => {
  const part = fc.oneof(fc.string(), fc.json().map(encode), fc.constantFrom(header, body, signature, ''));
  const any = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(part, { maxLength: 5 }).map((parts) => parts.join('.')),
  );
  await fc.assert(
    fc.asyncProperty(any, async (text) =>
      assert.equal(text === token || (await verifyJwt(keyring, 'JWT', text)) === undefined, true),
    ),
  );
  for (const text of [
    '.'.repeat(1_000_000),
    'a'.repeat(1_000_000),
    `${token}.`,
    `.${token}`,
    ` ${token}`,
    `${token}\n`,
  ]) {
    assert.equal(await verifyJwt(keyring, 'JWT', text), undefined);
  }
});

test('the half hashes are those of the example in the specification (OIDC Core §3.1.3.6)', () => {
  assert.equal(halfHash('RS256', 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y'), '77QmUPtjPfzWtF2AnpK9RQ');
  assert.equal(
    halfHash('RS256', 'Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk'),
    'LDktKdoQak3Pk0cnXxCltA',
  );
});
