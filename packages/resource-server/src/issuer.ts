import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { fetchJson } from './fetch-json.ts';
import { asObject } from './json.ts';
import type { Settings } from './options.ts';
import { type Loaded, type Refreshing, refreshing } from './refreshing.ts';
import { IssuerFault } from './refusal.ts';

/** What this package needs from a discovery document. */
export type IssuerMetadata = { jwks_uri: string | undefined; introspection_endpoint: string | undefined };

/** Picks the key for a JWS header out of one key set. */
export type KeySet = ReturnType<typeof createLocalJWKSet>;

/** The issuer's discovery document: OpenID Connect Discovery §4, else RFC 8414 §3. */
export function issuerMetadata(settings: Settings): Refreshing<IssuerMetadata> {
  return refreshing(() => loadMetadata(settings), settings);
}

/** The issuer's signing keys, from `jwks_uri` of its metadata, or the fixed ones of the settings. */
export function issuerKeys(settings: Settings, metadata: Refreshing<IssuerMetadata>): Refreshing<KeySet> {
  if (settings.jwks) {
    const fixed = createLocalJWKSet(settings.jwks);
    return { current: async () => fixed, renew: async () => undefined };
  }
  return refreshing(() => loadKeys(settings, metadata), settings);
}

/** The two addresses of a discovery document: appended to the issuer (OIDC), inserted before its path (RFC 8414 §3.1). */
export function wellKnownUrls(issuer: string): { openid: string; oauth: string } {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  return {
    openid: `${origin}${path}/.well-known/openid-configuration`,
    oauth: `${origin}/.well-known/oauth-authorization-server${path}`,
  };
}

async function loadMetadata(settings: Settings): Promise<Loaded<IssuerMetadata>> {
  const { openid, oauth } = wellKnownUrls(settings.issuer);
  let url = openid;
  let answer = await fetchJson(url, settings);
  if (answer.status >= 400 && answer.status < 500) {
    url = oauth;
    answer = await fetchJson(url, settings);
  }
  const document = asObject(answer.body);
  if (!document) throw new IssuerFault(`${url} gave no discovery document (status ${answer.status})`);
  // OpenID Connect Discovery §4.3, RFC 8414 §3.3: identical, or nothing of it may be used.
  if (document.issuer !== settings.issuer) {
    const found = JSON.stringify(document.issuer)?.slice(0, 200);
    throw new IssuerFault(
      `${url} is the document of issuer ${found}, but this API trusts "${settings.issuer}"`,
    );
  }
  const value = {
    jwks_uri: asText(document.jwks_uri),
    introspection_endpoint: asText(document.introspection_endpoint),
  };
  return { value, maxAge: answer.maxAge };
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

async function loadKeys(settings: Settings, metadata: Refreshing<IssuerMetadata>): Promise<Loaded<KeySet>> {
  const { jwks_uri } = await metadata.current();
  if (!jwks_uri) throw new IssuerFault(`the issuer ${settings.issuer} names no jwks_uri`);
  const { status, body, maxAge } = await fetchJson(jwks_uri, settings);
  if (!isKeySet(body)) throw new IssuerFault(`${jwks_uri} gave no key set (status ${status})`);
  return { value: createLocalJWKSet(body), maxAge };
}

function isKeySet(body: unknown): body is JSONWebKeySet {
  const keys = asObject(body)?.keys;
  return Array.isArray(keys) && keys.length > 0 && keys.every((key) => asObject(key) !== undefined);
}
