import { createPublicKey } from 'node:crypto';
import type { Fault } from './fault.ts';

type Jwk = Readonly<Record<string, unknown>>;

/** Members of private and symmetric keys (RFC 7518 §6). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const CURVES = ['P-256', 'P-384', 'P-521', 'Ed25519'];
const RSA_BITS = { least: 2048, most: 8192 };

/** What is wrong with one key among those of its set, with paths that begin at the set. */
export function jwksFault(key: Jwk, index: number, all: readonly Jwk[]): readonly Fault[] {
  const path = ['keys', index];
  const secret = PRIVATE_MEMBERS.find((name) => Object.hasOwn(key, name));
  if (key.kty === 'oct') return [{ path, message: 'is a symmetric key: only public keys belong here' }];
  if (secret !== undefined) {
    return [
      {
        path,
        message: `has the private member "${secret}": remove it, and replace the key, which is no longer secret`,
      },
    ];
  }
  const message = keyFault(key);
  return [...(message === undefined ? [] : [{ path, message }]), ...kidFaults(key, index, all)];
}

function keyFault(key: Jwk): string | undefined {
  if (Object.hasOwn(key, 'x5u')) return 'has x5u, which is never followed: remove it';
  if (key.kty !== 'RSA' && !CURVES.includes(String(key.crv))) {
    return `must be an RSA key or one on ${CURVES.join(', ')}`;
  }
  try {
    const bits = createPublicKey({ key: { ...key }, format: 'jwk' }).asymmetricKeyDetails?.modulusLength;
    if (bits === undefined || (bits >= RSA_BITS.least && bits <= RSA_BITS.most)) return undefined;
    return `has ${bits} bits: RSA keys need at least ${RSA_BITS.least} (RFC 7518 §3.3) and at most ${RSA_BITS.most}`;
  } catch {
    return 'is not a valid public key (RFC 7517)';
  }
}

/** OIDC Core §10.1: several keys are told apart by kid. */
function kidFaults(key: Jwk, index: number, all: readonly Jwk[]): readonly Fault[] {
  const kid = key.kid;
  const path = ['keys', index, 'kid'];
  if (kid === undefined)
    return all.length === 1 ? [] : [{ path, message: 'is missing: several keys are told apart by it' }];
  if (typeof kid !== 'string' || kid === '') return [{ path, message: 'must be a text' }];
  return all.findIndex((other) => other.kid === kid) < index
    ? [{ path, message: 'is the kid of another key too' }]
    : [];
}
