import { createHash } from 'node:crypto';
import { checkClaims } from './claims.ts';
import { fetchJson } from './fetch-json.ts';
import type { IssuerMetadata } from './issuer.ts';
import { asObject } from './json.ts';
import type { Introspection, Settings } from './options.ts';
import type { Refreshing } from './refreshing.ts';
import { IssuerFault, invalidToken } from './refusal.ts';
import type { VerifiedToken } from './verified-token.ts';

/** Has an opaque token checked by the issuer. Rejects with a `TokenFault`, or an `IssuerFault` if it cannot be asked. */
export type Introspect = (token: string) => Promise<VerifiedToken>;

/** Asks the issuer's introspection endpoint (RFC 7662) and, if so configured, remembers active tokens for a while. */
export function introspector(
  introspection: Introspection,
  settings: Settings,
  metadata: Refreshing<IssuerMetadata>,
): Introspect {
  const { seconds = 0, entries = 1000 } = introspection.cache ?? {};
  const cache = new Map<string, { verified: VerifiedToken; until: number }>();

  return async (token) => {
    const hash = createHash('sha256').update(token).digest('base64url');
    const known = cache.get(hash);
    if (known && settings.now() < known.until) return known.verified;
    cache.delete(hash);
    const { introspection_endpoint } = await metadata.current();
    if (!introspection_endpoint) {
      throw new IssuerFault(`the issuer ${settings.issuer} names no introspection_endpoint`);
    }
    const answer = await ask(introspection_endpoint, token, introspection, settings);
    const verified = readAnswer(answer, token, hash, settings);
    if (seconds > 0 && entries > 0) {
      const oldest = cache.keys().next();
      if (cache.size >= entries && !oldest.done) cache.delete(oldest.value);
      cache.set(hash, { verified, until: Math.min(settings.now() + seconds * 1000, verified.exp * 1000) });
    }
    return verified;
  };
}

async function ask(
  url: string,
  token: string,
  { client_id, client_secret }: Introspection,
  settings: Settings,
): Promise<Record<string, unknown>> {
  const credentials = Buffer.from(`${formEncode(client_id)}:${formEncode(client_secret)}`).toString('base64');
  const { status, body } = await fetchJson(url, settings, {
    fields: { token, token_type_hint: 'access_token' },
    authorization: `Basic ${credentials}`,
  });
  if (status === 401) throw new IssuerFault(`${url} refuses the credentials of client ${client_id}`);
  const answer = asObject(body);
  if (!answer) throw new IssuerFault(`${url} gave no introspection answer (status ${status})`);
  return answer;
}

function readAnswer(
  answer: Record<string, unknown>,
  token: string,
  hash: string,
  settings: Settings,
): VerifiedToken {
  if (answer.active !== true) {
    throw invalidToken('The token is not active: it is unknown, expired, revoked, or not an access token.');
  }
  // An active refresh token is no access token; issuers tell them apart by these two members.
  const { token_type, token_use = 'access_token' } = answer;
  if (
    typeof token_type !== 'string' ||
    token_type.toLowerCase() !== 'bearer' ||
    token_use !== 'access_token'
  ) {
    throw invalidToken('The issuer does not say that this is a bearer access token.');
  }
  return checkClaims({ iss: settings.issuer, jti: hash, ...answer }, settings, token);
}

// RFC 6749 §2.3.1: id and secret are form-encoded before they are joined by the colon.
function formEncode(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}
