import type { Provider } from '../../keys/provider.ts';
import type { Grant } from '../../model/authorization.ts';
import type { AuthenticatedClient } from '../client-auth.ts';
import { refuse } from '../error.ts';
import { longestTokenLife, refreshTokenEnd } from '../lifetimes.ts';
import type { Params } from '../params.ts';
import { isAuthentic, makeRefreshToken, parseRefreshToken } from '../refresh-token.ts';
import { audienceOf, narrowAudience } from '../resource.ts';
import type { Granted } from './issue.ts';
import type { TokenRequest } from './request.ts';
import { requireStanding } from './standing.ts';

type RefreshRequest = TokenRequest & { grant_type: 'refresh_token' };

/** Refreshes (RFC 6749 §6) with rotation and detection of reuse (RFC 9700 §4.14.2). */
export async function grantRefreshToken(
  provider: Provider,
  client: AuthenticatedClient,
  request: RefreshRequest,
  params: Params,
): Promise<Granted> {
  const { grant, generation } = await findByToken(provider, request.refresh_token);
  if (grant.client_row !== client.row)
    throw refuse('refresh-token.other-client', { client_id: client.metadata.client_id });
  const user = requireStanding(grant);
  // The nonce belonged to the first ID token alone (OIDC Core §12.2).
  const { nonce: _nonce, ...authorization } = grant.authorization;
  const scope = request.scope ?? authorization.scope;
  const wider = scope.filter((value) => !authorization.scope.includes(value));
  if (wider.length > 0)
    throw refuse('refresh-token.scope', { received: wider, granted: authorization.scope });
  const audience = narrowAudience(audienceOf(authorization, client, provider.tenant), params);
  const next = await advance(provider, client, grant, generation);
  return {
    kind: 'person',
    client,
    user,
    grant_id: grant.id,
    authorization,
    scope,
    audience,
    refresh_token: tokenOf(provider, grant, next),
    id_token: scope.includes('openid'),
  };
}

async function findByToken(provider: Provider, token: string): Promise<{ grant: Grant; generation: number }> {
  const place = parseRefreshToken(token);
  const grant = place && (await provider.store.findGrant(provider.tenant.id, place.id));
  if (place === undefined || grant === undefined || !isAuthentic(provider, token, grant))
    throw refuse('refresh-token.unknown');
  return { grant, generation: place.generation };
}

/** The generation to answer with: the next one, or the same one again for a repeated request (rulings 2). */
async function advance(
  provider: Provider,
  client: AuthenticatedClient,
  grant: Grant,
  generation: number,
): Promise<number> {
  const { store, tenant, clock } = provider;
  const now = clock();
  if (now >= grant.refresh_expires_at)
    throw refuse('refresh-token.expired', { expired_at: grant.refresh_expires_at });
  const rotation = client.metadata.refresh_token_rotation ?? tenant.profile.refresh_token_rotation;
  if (rotation === 'none' && generation === grant.refresh_generation) return generation;
  const refresh_expires_at = refreshTokenEnd(provider, client, grant);
  const grant_expires_at = refresh_expires_at + longestTokenLife(provider, client);
  const line = { generation, refresh_expires_at, grant_expires_at };
  if ((await store.rotateRefreshToken(tenant.id, grant.id, line, now)) === 'rotated') return generation + 1;
  return repeat(provider, grant.id, generation, now);
}

/**
 * A token that is not the living one: within the grace, and while its successor is unused, the same successor again, so that a lost
 * answer or a race of two tabs is harmless. Anything older is a replay and ends the line.
 */
async function repeat(provider: Provider, id: number, generation: number, now: number): Promise<number> {
  const { store, tenant } = provider;
  const grant = await store.findGrant(tenant.id, id);
  if (grant === undefined) throw refuse('refresh-token.unknown');
  requireStanding(grant);
  const grace = 1000 * tenant.profile.lifetimes.refresh_token_grace;
  if (generation === grant.refresh_generation - 1 && now - grant.refresh_rotated_at <= grace)
    return grant.refresh_generation;
  await store.revokeGrant(tenant.id, id, now);
  throw refuse('refresh-token.replayed', {
    generation,
    living: grant.refresh_generation,
    rotated_at: grant.refresh_rotated_at,
  });
}

const tokenOf = (provider: Provider, grant: Grant, generation: number): string | undefined =>
  grant.refresh_salt === null
    ? undefined
    : makeRefreshToken(provider, { id: grant.id, salt: grant.refresh_salt, generation });
