import { constants, hash, type KeyObject, type SignKeyObjectInput, sign, verify } from 'node:crypto';
import type { SigningAlgorithm } from '../model/client.ts';
import { decodeBase64url } from '../model/secret.ts';
import type { Keyring } from './keyring.ts';
import type { SigningKey } from './signing-key.ts';

/** What a token is for, in its header, so that no kind passes for another (RFC 8725 §3.11, RFC 9068 §2.1). */
export type TokenType = 'JWT' | 'at+jwt' | 'logout+jwt';

export type Claims = Readonly<Record<string, unknown>>;

const MAX_LENGTH = 16_384;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const headers = new WeakMap<KeyObject, Map<TokenType, string>>();

/** The encoded protected header, made once per key and type. */
function encodedHeader(key: SigningKey, typ: TokenType): string {
  const known = headers.get(key.privateKey) ?? new Map<TokenType, string>();
  const made = known.get(typ) ?? encode({ alg: key.alg, typ, kid: key.kid });
  headers.set(key.privateKey, known.set(typ, made));
  return made;
}

/** Signs one of Signet's own tokens (RFC 7515 §3.1, compact serialization). RSA is signed off the event loop. */
export async function signJwt(key: SigningKey, typ: TokenType, claims: Claims): Promise<string> {
  const input = `${encodedHeader(key, typ)}.${encode(claims)}`;
  const signature = await signatureOf(key, Buffer.from(input));
  return `${input}.${signature.toString('base64url')}`;
}

function signatureOf(key: SigningKey, input: Buffer): Buffer | Promise<Buffer> {
  const { digest, options } = parameters(key.alg, key.privateKey);
  if (key.alg === 'ES256' || key.alg === 'EdDSA') return sign(digest, input, options);
  return new Promise((done, failed) =>
    sign(digest, input, options, (fault, signature) => (fault === null ? done(signature) : failed(fault))),
  );
}

/**
 * The claims of one of Signet's own tokens, or undefined unless it is of that type and signed by a published key with that key's
 * algorithm: its header is, letter for letter, the one that `signJwt` writes for such a key. Expiry is for the caller to judge.
 */
export async function verifyJwt(ring: Keyring, typ: TokenType, token: string): Promise<Claims | undefined> {
  const [header, body = '', sent = '', more] = token.length > MAX_LENGTH ? [] : token.split('.', 4);
  const key = (await ring.published()).find((one) => encodedHeader(one, typ) === header);
  // A signature has one spelling; that of the body is signed.
  const signature = decodeBase64url(sent);
  if (key === undefined || signature === undefined || more !== undefined) return undefined;
  const { digest, options } = parameters(key.alg, key.publicKey);
  const signed = Buffer.from(`${header}.${body}`);
  return verify(digest, signed, options, signature) ? parseObject(Buffer.from(body, 'base64url')) : undefined;
}

function parameters(
  alg: SigningAlgorithm,
  key: KeyObject,
): { digest: string | null; options: SignKeyObjectInput } {
  switch (alg) {
    case 'ES256':
      return { digest: 'sha256', options: { key, dsaEncoding: 'ieee-p1363' } };
    case 'EdDSA':
      return { digest: null, options: { key } };
    case 'RS256':
      return { digest: 'sha256', options: { key } };
    case 'PS256':
      return {
        digest: 'sha256',
        options: {
          key,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
        },
      };
  }
}

function parseObject(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Left half of the value's hash, as at_hash, c_hash and s_hash carry it (OIDC Core §3.1.3.6, §3.3.2.11). */
export function halfHash(alg: SigningAlgorithm, value: string): string {
  // Ed25519 hashes with SHA-512 inside, and so do its token hashes.
  const digest = hash(alg === 'EdDSA' ? 'sha512' : 'sha256', value, 'buffer');
  return digest.subarray(0, digest.length / 2).toString('base64url');
}
