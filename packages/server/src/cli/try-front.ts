import { hash } from 'node:crypto';
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import type { Peer, SignedIn } from './authorize.ts';

/** The claims of an ID token that came by the browser, checked as an application has to (OIDC Core §3.2.2.11, §3.3.2.11). */
export async function frontClaims(
  { server, client }: Peer,
  { nonce, front, parameters }: SignedIn,
  id_token: string,
): Promise<JWTPayload> {
  const response = await fetch(server.jwks_uri ?? '', {
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE),
  });
  const keys = createLocalJWKSet((await response.json()) as JSONWebKeySet);
  const { payload, protectedHeader } = await jwtVerify(id_token, keys, {
    issuer: server.issuer,
    audience: client.client_id,
    requiredClaims: ['sub', 'exp', 'iat', 'nonce'],
  });
  if (payload['nonce'] !== nonce) throw new Error('the ID token has another nonce than was sent');
  const hashed = { at_hash: front.access_token, c_hash: parameters.get('code') ?? undefined };
  for (const [claim, value] of Object.entries(hashed)) {
    if (value !== undefined && payload[claim] !== halfHash(protectedHeader.alg, value))
      throw new Error(`${claim} of the ID token is not that of what came beside it`);
  }
  return payload;
}

/** Milliseconds for one answer of the provider. */
const PATIENCE = 15_000;

/** The left half of a hash by the algorithm of the signature (OIDC Core §3.1.3.6). */
function halfHash(alg: string, value: string): string {
  const bits = alg === 'EdDSA' || alg === 'Ed25519' ? '512' : alg.slice(-3);
  const whole = hash(`sha${bits}`, value, 'buffer');
  return whole.subarray(0, whole.length / 2).toString('base64url');
}
