import { type Claims, halfHash, signJwt, verifyJwt } from '../keys/jwt.ts';
import type { Provider } from '../keys/provider.ts';
import type { Authorization } from '../model/authorization.ts';
import type { Client, SigningAlgorithm } from '../model/client.ts';
import { inSeconds } from '../model/clock.ts';
import type { Tenant } from '../model/tenant.ts';
import type { User } from '../model/user.ts';
import { tokenLife } from './lifetimes.ts';
import { subjectFor } from './subject.ts';
import { personClaims } from './token-facts.ts';
import { claimsOfPerson } from './user-claims.ts';

export type IdTokenSubject = Readonly<{
  client: Client;
  user: User;
  authorization: Authorization;
  /** What travels beside the ID token and is bound to it by its hash. */
  beside: { access_token?: string; code?: string; state?: string };
  /** Whether the client gets an access token with which it can ask for the claims of its scopes. */
  withAccessToken: boolean;
}>;

/** An ID token (OIDC Core §2, §3.1.3.6, §3.3.2.11). */
export async function makeIdToken(provider: Provider, subject: IdTokenSubject): Promise<string> {
  provider.tally.note('id_token');
  const claims = await idTokenClaims(provider, subject);
  return signJwt(await provider.keyring.current(idTokenAlgorithm(provider, subject)), 'JWT', claims);
}

const idTokenAlgorithm = ({ tenant }: Provider, { client }: IdTokenSubject): SigningAlgorithm =>
  client.metadata.id_token_signed_response_alg ?? tenant.profile.signing_algorithm;

/** What the ID token says. */
export async function idTokenClaims(provider: Provider, subject: IdTokenSubject): Promise<Claims> {
  const { tenant, clock } = provider;
  const { client, user, authorization, beside } = subject;
  const alg = idTokenAlgorithm(provider, subject);
  const iat = inSeconds(clock());
  const { tokens } = tenant.profile;
  return {
    ...(await userClaims(provider, subject)),
    ...personClaims(tokens.id_token_claims, provider, client, { user, ...authorization }),
    iss: tenant.issuer,
    sub: subjectFor(provider, client, user),
    aud: audienceOf(provider.tenant, client),
    exp: iat + tokenLife(provider, authorization, tenant.profile.lifetimes.id_token),
    iat,
    auth_time: inSeconds(authorization.auth_time),
    acr: authorization.acr,
    amr: authorization.amr,
    azp: client.metadata.client_id,
    sid: authorization.sid,
    ...(authorization.nonce !== undefined && { nonce: authorization.nonce }),
    ...(beside.access_token !== undefined && { at_hash: halfHash(alg, beside.access_token) }),
    ...(beside.code !== undefined && { c_hash: halfHash(alg, beside.code) }),
    ...(beside.state !== undefined && { s_hash: halfHash(alg, beside.state) }),
  };
}

/** The client alone, or with it the provider itself (OIDC Core §2). */
function audienceOf({ issuer, profile }: Tenant, { metadata }: Client): string | readonly string[] {
  const { id_token_audience, id_token_audience_form } = profile.tokens;
  if (id_token_audience.includes('issuer')) return [metadata.client_id, issuer];
  return id_token_audience_form === 'list' ? [metadata.client_id] : metadata.client_id;
}

/** With an access token at hand, the claims of scopes are fetched from userinfo instead (OIDC Core §5.4), but for those of every token. */
function userClaims(provider: Provider, { user, authorization, withAccessToken }: IdTokenSubject) {
  const { scope_claims_in_id_token, claims_in_tokens } = provider.tenant.profile.tokens;
  const only = withAccessToken && !scope_claims_in_id_token ? claims_in_tokens : undefined;
  const requested = authorization.claims.id_token;
  return claimsOfPerson(provider, user, { scope: authorization.scope, only, requested });
}

/** What an ID token that somebody holds up as a hint says of whom it was for. */
export type IdTokenHint = Readonly<{ client_id: string; sub: string; sid: string }>;

/**
 * Undefined unless Signet made it as an ID token, which a `sid` marks. It may have expired: it names a person and a session, and
 * proves nothing (OIDC Core §3.1.2.1).
 */
export async function readIdTokenHint(provider: Provider, token: string): Promise<IdTokenHint | undefined> {
  const { iss, azp, sub, sid } = (await verifyJwt(provider.keyring, 'JWT', token)) ?? {};
  const whole = typeof azp === 'string' && typeof sub === 'string' && typeof sid === 'string';
  return iss === provider.tenant.issuer && whole ? { client_id: azp, sub, sid } : undefined;
}
