import type { Client } from '../model/client.ts';
import { isPublicClient } from '../model/client.ts';
import type { Profile } from '../model/profile.ts';
import { sameBytes, sha256 } from '../model/secret.ts';
import { refuse } from './error.ts';
import { one, type Params } from './params.ts';

/** Whether the client must use PKCE (rulings 1): the operator may lift it for a confidential client only, or by profile. */
export function pkceRequired(client: Client, profile: Profile): boolean {
  if (isPublicClient(client.metadata)) return profile.require_pkce;
  return client.metadata.require_pkce ?? profile.require_pkce;
}

/** The S256 challenge of a request that will yield a code (RFC 7636 §4.3). */
export function parseCodeChallenge(params: Params, client: Client, profile: Profile): string | undefined {
  const challenge = one(params, 'code_challenge');
  const method = one(params, 'code_challenge_method');
  if (challenge === undefined) {
    if (pkceRequired(client, profile))
      throw refuse('pkce.required', { require_pkce: client.metadata.require_pkce ?? profile.require_pkce });
    if (method !== undefined) throw refuse('parameter.missing', { parameter: 'code_challenge' });
    return undefined;
  }
  if ((method ?? profile.requests.challenge_method_default) !== 'S256')
    throw refuse('pkce.method', { received: method ?? '(none, which means plain)' });
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge))
    throw refuse('pkce.challenge-malformed', { received: challenge });
  return challenge;
}

/** Proves that who redeems the code is who asked for it (RFC 7636 §4.6); no way to leave either half out (RFC 9700 §4.8.2). */
export function checkCodeVerifier(challenge: string | undefined, verifier: string | undefined): void {
  if (challenge === undefined && verifier === undefined) return;
  if (challenge === undefined) throw refuse('pkce.verifier-unexpected');
  if (verifier === undefined) throw refuse('pkce.verifier-missing');
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier))
    throw refuse('pkce.verifier-malformed', { characters: verifier.length });
  if (!sameBytes(sha256(verifier), Buffer.from(challenge, 'base64url'))) throw refuse('pkce.verifier-wrong');
}
