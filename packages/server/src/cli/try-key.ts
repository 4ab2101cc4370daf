import { createPrivateKey, createPublicKey, type KeyObject, type webcrypto } from 'node:crypto';
import type { PrivateKey } from 'oauth4webapi';
import { isRecord } from '../admin/fault.ts';
import type { ClientMetadata } from '../model/client.ts';
import { CommandError } from './command-error.ts';
import { readText } from './input.ts';
import { printable } from './terminal.ts';

const MOST_BYTES = 64 * 1024;

/** The private key of an application, in PEM or as a JWK, with the `kid` under which its public one is registered. */
export async function readClientKey(path: string, metadata: ClientMetadata): Promise<PrivateKey> {
  const key = privateKeyIn(path, await readText(path, MOST_BYTES));
  const kid = registeredKid(key, metadata);
  const algorithm = algorithmOf(key, metadata.token_endpoint_auth_signing_alg);
  return {
    key: key.toCryptoKey(algorithm, false, ['sign']),
    ...(kid !== undefined && { kid }),
  };
}

function privateKeyIn(path: string, text: string): KeyObject {
  try {
    if (!text.trimStart().startsWith('{')) return createPrivateKey(text);
    return createPrivateKey({ key: JSON.parse(text) as webcrypto.JsonWebKey, format: 'jwk' });
  } catch {
    // What the library complains of may quote the key.
    throw new CommandError('usage', `${printable(path)} holds no private key in PEM or as a JWK.`);
  }
}

/** Where the registration has the keys themselves, this one is among them. */
function registeredKid(key: KeyObject, { client_id, jwks }: ClientMetadata): string | undefined {
  if (jwks === undefined) return undefined;
  const own = createPublicKey(key).export({ format: 'jwk' });
  const isSame = (known: object): boolean =>
    (['kty', 'crv', 'n', 'e', 'x', 'y'] as const).every((name) => own[name] === memberOf(known, name));
  const found = jwks.keys.find(isSame);
  if (found === undefined)
    throw new CommandError(
      'usage',
      `The key is none of those that ${printable(client_id)} is registered with.`,
    );
  const kid = memberOf(found, 'kid');
  return typeof kid === 'string' ? kid : undefined;
}

const memberOf = (value: object, name: string): unknown => (isRecord(value) ? value[name] : undefined);

const CURVES: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

/** As the registration says, else the usual algorithm of such a key. */
function algorithmOf({ asymmetricKeyType: type, asymmetricKeyDetails }: KeyObject, alg: string | undefined) {
  if (type === 'ed25519') return { name: 'Ed25519' };
  if (type === 'ec') {
    const namedCurve = CURVES[asymmetricKeyDetails?.namedCurve ?? ''];
    if (namedCurve !== undefined) return { name: 'ECDSA', namedCurve };
  }
  if (type === 'rsa') {
    const hash = `SHA-${alg?.slice(2) ?? '256'}`;
    return { name: alg?.startsWith('PS') === true ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash };
  }
  throw new CommandError('usage', 'Keys to sign with are of RSA, of Ed25519, or of a curve of NIST.');
}
