import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { SigningAlgorithm } from '../model/client.ts';
import { type Random, randomText } from '../model/secret.ts';
import type { StoredKey } from '../store/store.ts';
import { open, seal } from './seal.ts';

/** A key ready to sign and verify; its algorithm is its own and is never taken from a token (RFC 8725 §3.1). */
export type SigningKey = Readonly<{
  kid: string;
  alg: SigningAlgorithm;
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** As published in the key set (RFC 7517 §4). */
  publicJwk: Readonly<Record<string, unknown>>;
  created_at: number;
  active_from: number;
  retire_at: number | null;
}>;

const generate = promisify(generateKeyPair);

async function newKeyPair(alg: SigningAlgorithm): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> {
  switch (alg) {
    case 'ES256':
      return generate('ec', { namedCurve: 'P-256' });
    case 'EdDSA':
      return generate('ed25519');
    case 'RS256':
    case 'PS256':
      return generate('rsa', { modulusLength: 2048 });
  }
}

export async function newSigningKey(
  alg: SigningAlgorithm,
  sealing: Uint8Array,
  times: { created_at: number; active_from: number },
  { random, kid = randomText(random, 8) }: { random: Random; kid?: string | undefined },
): Promise<StoredKey> {
  const { privateKey, publicKey } = await newKeyPair(alg);
  return {
    kid,
    alg,
    public_jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg },
    private_sealed: seal(
      sealing,
      `signing key ${kid}`,
      privateKey.export({ format: 'der', type: 'pkcs8' }),
      random,
    ),
    ...times,
    retire_at: null,
  };
}

/** The stored key ready for use. Throws if it was sealed with other secrets. */
export function openSigningKey(stored: StoredKey, sealing: Uint8Array): SigningKey {
  const der = open(sealing, `signing key ${stored.kid}`, stored.private_sealed);
  if (der === undefined) throw new Error(`The signing key ${stored.kid} cannot be opened.`);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return {
    kid: stored.kid,
    alg: stored.alg,
    privateKey,
    publicKey: createPublicKey(privateKey),
    publicJwk: stored.public_jwk,
    created_at: stored.created_at,
    active_from: stored.active_from,
    retire_at: stored.retire_at,
  };
}
