import { createHash } from 'node:crypto';
import {
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyOptions,
  type JWTVerifyResult,
  jwtVerify,
  SignJWT,
} from 'jose';
import type { Signet } from './signet.ts';

/** A token checked with jose against the published keys, as any client or API would. Throws when it is not good. */
export async function verified(
  signet: Signet,
  jwt: unknown,
  options: JWTVerifyOptions = {},
): Promise<JWTVerifyResult> {
  const response = await fetch(signet.url('/jwks'));
  const keys = createLocalJWKSet((await response.json()) as JSONWebKeySet);
  const currentDate = new Date(signet.clock.now());
  return jwtVerify(String(jwt), keys, { issuer: signet.issuer, currentDate, ...options });
}

/** The left half of a hash in base64url, computed here and not by Signet (OIDC Core §3.1.3.6). */
export function leftHalf(value: string | undefined, hash = 'sha256'): string {
  const digest = createHash(hash)
    .update(value ?? '')
    .digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}

type Header = Readonly<{ crit?: string[] } & Record<string, unknown>>;

/** A client's own key pair: `jwk` is what it registers. */
export type ClientKey = Readonly<{
  alg: string;
  jwk: Record<string, unknown>;
  sign: (claims: JWTPayload, header?: Header) => Promise<string>;
}>;

export async function newClientKey(alg: string, kid = `key-${alg}`): Promise<ClientKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
  const sign = (claims: JWTPayload, { crit, ...header }: Header = {}): Promise<string> =>
    new SignJWT(claims)
      .setProtectedHeader({ alg, kid, ...header, ...(crit && { crit }) })
      .sign(privateKey, { crit: Object.fromEntries((crit ?? []).map((name) => [name, true])) });
  return { alg, jwk, sign };
}

/** Seconds since 1970 at the server's clock, and so many later. */
export const seconds = (signet: Signet, later = 0): number => Math.floor(signet.clock.now() / 1000) + later;

/** A JWT nobody signed. */
export const unsigned = (claims: JWTPayload, header: Record<string, unknown> = { alg: 'none' }): string =>
  `${encode(header)}.${encode(claims)}.`;

/** Text or JSON in base64url. */
export const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
