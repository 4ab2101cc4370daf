import type { JSONWebKeySet } from 'jose';
import { systemClock } from './clock.ts';
import { limits } from './limits.ts';

export type ResourceServerOptions = {
  /** The issuer, exactly as its discovery document and its tokens name it. https, or http on loopback. */
  issuer: string;
  /** This API as `aud` of its tokens names it. With several, a token for any of them is accepted. */
  audience: string | readonly string[];
  /** Signing algorithms to accept; by default all asymmetric ones. Never `none` or HS*. */
  algorithms?: readonly string[];
  /** Seconds by which the clocks of issuer and API may differ. Default 5. */
  clockTolerance?: number;
  /** Claims that must be present besides those of RFC 9068 §2.2. */
  requiredClaims?: readonly string[];
  /** The `realm` of challenges. Default: the first audience. */
  realm?: string;
  /** Address of this API's protected resource metadata (RFC 9728), named in challenges. */
  resourceMetadata?: string;
  /** Fixed keys: nothing is fetched from the issuer. */
  jwks?: JSONWebKeySet;
  /** Credentials to have opaque tokens checked by the issuer (RFC 7662). JWTs are still checked here. */
  introspection?: Introspection;
  /** Seconds within which the issuer must have answered. Default 5. */
  fetchTimeout?: number;
  fetch?: Fetch;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Told why the issuer cannot be used, in a sentence for the operator. Default: a process warning. */
  warn?: (message: string) => void;
};

export type Introspection = {
  client_id: string;
  client_secret: string;
  /** Keeps the answer for active tokens this long. A revoked token is accepted for as long. Default: no cache. */
  cache?: { seconds: number; entries?: number };
};

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The options after checking, with every default filled in. */
export type Settings = {
  issuer: string;
  audiences: readonly string[];
  algorithms: readonly string[];
  clockTolerance: number;
  requiredClaims: readonly string[];
  realm: string;
  resourceMetadata: string | undefined;
  jwks: JSONWebKeySet | undefined;
  introspection: Introspection | undefined;
  fetchTimeout: number;
  fetch: Fetch;
  now: () => number;
  warn: (message: string) => void;
};

const ASYMMETRIC = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ');

/** Checks the options; a mistake is a TypeError that says what to change. */
export function readOptions(options: ResourceServerOptions): Settings {
  const { issuer, algorithms = ASYMMETRIC, now = systemClock } = options;
  const issuerUrl = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (!issuerUrl || !isSecure(issuer, issuer) || issuerUrl.search || issuerUrl.hash || issuerUrl.username) {
    throw new TypeError(
      'issuer must be an https URL (http only on loopback) without query, fragment or user',
    );
  }
  const audiences = [options.audience].flat();
  if (
    audiences.length === 0 ||
    audiences.some((audience) => typeof audience !== 'string' || audience === '')
  ) {
    throw new TypeError('audience must name this API as the aud claim of its tokens does');
  }
  const unknown = algorithms.find((algorithm) => !ASYMMETRIC.includes(algorithm));
  if (unknown !== undefined || algorithms.length === 0) {
    throw new TypeError(`algorithms must be some of ${ASYMMETRIC.join(', ')}; found ${unknown ?? 'none'}`);
  }
  const { realm = audiences[0] ?? '', resourceMetadata } = options;
  if (!/^[\x20-\x7e]+$/.test(realm)) throw new TypeError('realm must be printable ASCII');
  if (resourceMetadata !== undefined && !isSecure(resourceMetadata, resourceMetadata)) {
    throw new TypeError('resourceMetadata must be an https URL (http only on loopback)');
  }
  return {
    issuer,
    audiences,
    algorithms,
    clockTolerance: seconds('clockTolerance', options.clockTolerance ?? 5),
    requiredClaims: options.requiredClaims ?? [],
    realm,
    resourceMetadata: resourceMetadata && new URL(resourceMetadata).href,
    jwks: options.jwks,
    introspection: options.introspection && readIntrospection(options.introspection),
    fetchTimeout: seconds('fetchTimeout', options.fetchTimeout ?? 5),
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    now,
    warn: withoutRepetition(options.warn ?? emitWarning, now),
  };
}

/** Whether a URL may be used: https, or http on loopback when the issuer itself is there. */
export function isSecure(url: string, issuer: string): boolean {
  if (!URL.canParse(url)) return false;
  if (new URL(url).protocol === 'https:') return true;
  return isPlainLoopback(new URL(url)) && isPlainLoopback(new URL(issuer));
}

function isPlainLoopback({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/.test(hostname);
}

function readIntrospection(introspection: Introspection): Introspection {
  const { client_id, client_secret, cache } = introspection;
  if (!client_id || !client_secret) throw new TypeError('introspection needs client_id and client_secret');
  if (cache) {
    seconds('introspection.cache.seconds', cache.seconds);
    seconds('introspection.cache.entries', cache.entries ?? 0);
  }
  return introspection;
}

function seconds(name: string, value: number): number {
  if (!Number.isFinite(value) || value < 0) throw new TypeError(`${name} must be a number, zero or more`);
  return value;
}

function emitWarning(message: string): void {
  process.emitWarning(message, 'ResourceServerWarning');
}

function withoutRepetition(warn: (message: string) => void, now: () => number): (message: string) => void {
  let last: { message: string; at: number } | undefined;
  return (message) => {
    if (last?.message === message && now() - last.at < limits.pauseBetweenWarnings * 1000) return;
    last = { message, at: now() };
    warn(message);
  };
}
