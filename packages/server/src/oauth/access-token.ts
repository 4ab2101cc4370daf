import { hash } from 'node:crypto';
import { type Claims, signJwt, verifyJwt } from '../keys/jwt.ts';
import type { Provider } from '../keys/provider.ts';
import { openText, sealText } from '../keys/tenant-secrets.ts';
import type { LivingAccessToken } from '../model/access-token.ts';
import { type Client, isLivingClient } from '../model/client.ts';
import { inSeconds } from '../model/clock.ts';
import { formatScope } from '../model/scope.ts';
import { decodeBase64url } from '../model/secret.ts';
import type { User } from '../model/user.ts';
import { tokenLife } from './lifetimes.ts';
import { serviceSubject, subjectFor } from './subject.ts';
import { personClaims, serviceClaims } from './token-facts.ts';
import { tokenManner } from './token-manner.ts';
import { claimsOfPerson } from './user-claims.ts';

/** Marks an opaque access token, for readers and for secret scanners. */
const OPAQUE_PREFIX = 'sgat_';
const LABEL = 'access token';
const GRANT_ID_BYTES = 6;

/** For whom and what an access token is made: a person through a client, or the client itself. */
export type AccessTokenSubject = Readonly<{
  client: Client;
  audience: readonly string[];
  scope: readonly string[];
  person?: {
    user: User;
    grant_id: number;
    auth_time: number;
    acr: string;
    amr: readonly string[];
    sid?: string;
    impersonator?: string | undefined;
  };
}>;

export type AccessToken = Readonly<{ token: string; expires_in: number }>;

/** An access token by RFC 9068 §2; an opaque one carries the same claims, sealed, for Signet alone to read. */
export async function makeAccessToken(provider: Provider, subject: AccessTokenSubject): Promise<AccessToken> {
  provider.tally.note('access_token');
  const { tenant, random, secrets, keyring } = provider;
  const { format, lifetime } = tokenManner(tenant, subject.client, subject.audience);
  const expires_in = tokenLife(provider, subject.person, lifetime);
  const claims = await accessTokenClaims(provider, subject, expires_in);
  if (format === 'opaque') {
    return { token: OPAQUE_PREFIX + sealText(secrets.opaqueTokens, LABEL, claims, random), expires_in };
  }
  const key = await keyring.current(tenant.profile.signing_algorithm);
  return { token: await signJwt(key, 'at+jwt', claims), expires_in };
}

/** What the access token says (RFC 9068 §2.2). */
export async function accessTokenClaims(
  provider: Provider,
  subject: AccessTokenSubject,
  expires_in: number,
): Promise<Claims> {
  const { client, person, audience, scope } = subject;
  const only = provider.tenant.profile.tokens.claims_in_tokens;
  const iat = inSeconds(provider.clock());
  return {
    ...(person && (await claimsOfPerson(provider, person.user, { scope, only }))),
    iss: provider.tenant.issuer,
    sub: person === undefined ? serviceSubject(provider, client) : subjectFor(provider, client, person.user),
    aud: audience.length === 1 ? audience[0] : audience,
    exp: iat + expires_in,
    iat,
    jti: tokenId(provider, person?.grant_id ?? 0),
    client_id: client.metadata.client_id,
    ...(scope.length > 0 && { scope: formatScope(scope) }),
    ...(person && { auth_time: inSeconds(person.auth_time), acr: person.acr, amr: person.amr }),
    ...ownClaims(provider, subject),
  };
}

/** What the profile adds. */
function ownClaims(provider: Provider, { client, person, scope }: AccessTokenSubject): Claims {
  const { access_token_claims, service_token_claims } = provider.tenant.profile.tokens;
  return person === undefined
    ? serviceClaims(service_token_claims, provider, client, scope)
    : personClaims(access_token_claims, provider, client, { ...person, scope });
}

/** Identifier of a token; the grant it rests on is in front, so that a revoked grant is found without another index. */
function tokenId(provider: Provider, grant_id: number): string {
  const bytes = Buffer.concat([Buffer.alloc(GRANT_ID_BYTES), provider.random(12)]);
  bytes.writeUIntBE(grant_id, 0, GRANT_ID_BYTES);
  return bytes.toString('base64url');
}

/**
 * The access token if it is one, is not expired, and all that it rests on still stands; else undefined. One that was seen before is
 * known by its hash: its signature is not checked again while the published keys are the same, and what it rests on is not looked up
 * again unless something may have changed since.
 */
export async function findAccessToken(
  provider: Provider,
  token: string,
): Promise<LivingAccessToken | undefined> {
  const { store, verifiedTokens, tokensSeenOnce } = provider;
  // By issuer, for a tenant with several takes at each only what was made there.
  const name = `${provider.tenant.id} ${provider.tenant.issuer} ${hash('sha256', token, 'latin1')}`;
  const known = verifiedTokens.get(name);
  const changes = store.changes();
  const keys = await provider.keyring.published();
  const verified = known?.keys === keys ? known : undefined;
  const claims = verified?.found.claims ?? (await readAccessToken(provider, token));
  if (claims === undefined || Number(claims['exp']) <= inSeconds(provider.clock())) return undefined;
  const unchanged = verified !== undefined && changes !== undefined && verified.changes === changes;
  if (unchanged && isLivingClient(verified.found.client, provider.clock())) return verified.found;
  const found = await whatItRestsOn(provider, claims);
  if (found === undefined) verifiedTokens.delete(name);
  else if (known === undefined && tokensSeenOnce.get(name) === undefined) tokensSeenOnce.set(name, true);
  else verifiedTokens.set(name, { found, keys, changes });
  return found;
}

async function whatItRestsOn(provider: Provider, claims: Claims): Promise<LivingAccessToken | undefined> {
  // A restore has forgotten what was revoked after the backup, and gives the numbers of lost grants again.
  if (Number(claims['iat']) < inSeconds(await provider.epoch())) return undefined;
  const { store, tenant } = provider;
  const client = await store.findClient(tenant.id, String(claims['client_id']));
  if (client === undefined || !isLivingClient(client, provider.clock())) return undefined;
  const jti = String(claims['jti']);
  const grant_id = decodeBase64url(jti)?.readUIntBE(0, GRANT_ID_BYTES) ?? 0;
  if (grant_id === 0) {
    // A service's token rests on the client alone: not on another one that came to the same client_id later.
    const isOlder = Number(claims['iat']) < inSeconds(client.created_at);
    return isOlder || (await store.accessTokenIsRevoked(tenant.id, jti)) ? undefined : { claims, client };
  }
  const grant = await store.findGrant(tenant.id, grant_id);
  if (grant === undefined || grant.revoked_at !== null || grant.client_row !== client.row) return undefined;
  return grant.user.disabled_at === null ? { claims, client, grant, user: grant.user } : undefined;
}

async function readAccessToken(provider: Provider, token: string): Promise<Claims | undefined> {
  const claims = token.startsWith(OPAQUE_PREFIX)
    ? openText<Claims>(provider.secrets.opaqueTokens, LABEL, token.slice(OPAQUE_PREFIX.length))
    : await verifyJwt(provider.keyring, 'at+jwt', token);
  return claims?.['iss'] === provider.tenant.issuer ? claims : undefined;
}
