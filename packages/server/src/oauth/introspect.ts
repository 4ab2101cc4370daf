import type { Provider } from '../keys/provider.ts';
import type { LivingAccessToken } from '../model/access-token.ts';
import { inSeconds } from '../model/clock.ts';
import { formatScope } from '../model/scope.ts';
import { findAccessToken } from './access-token.ts';
import {
  type AuthenticatedClient,
  authenticateClient,
  type ClientRequest,
  requireConfidential,
} from './client-auth.ts';
import { required, requireNoRepeats } from './params.ts';
import { isAuthentic, parseRefreshToken, type RefreshTokenPlace } from './refresh-token.ts';
import { subjectFor } from './subject.ts';

/** RFC 7662 §2.2. Nothing but `active: false` is told of a token that is dead or not for the caller to see. */
export type Introspection = Readonly<{ active: boolean } & Record<string, unknown>>;

const INACTIVE: Introspection = { active: false };

/** The introspection endpoint (RFC 7662 §2). */
export async function introspectionEndpoint(
  provider: Provider,
  request: ClientRequest,
): Promise<Introspection> {
  requireNoRepeats(request.params);
  const caller = requireConfidential(await authenticateClient(provider, request));
  const token = required(request.params, 'token');
  const place = parseRefreshToken(token);
  return place === undefined
    ? introspectAccessToken(provider, caller, token)
    : introspectRefreshToken(provider, caller, { token, place });
}

async function introspectAccessToken(
  provider: Provider,
  caller: AuthenticatedClient,
  token: string,
): Promise<Introspection> {
  const found = await findAccessToken(provider, token);
  if (found === undefined) return INACTIVE;
  if (!maySee(provider, caller, found)) return INACTIVE;
  return {
    active: true,
    token_type: 'Bearer',
    ...found.claims,
    ...(found.user && { username: found.user.username }),
  };
}

/** Its own tokens, and those made for an audience that it answers for; the operator finds the reason of a silent no (RFC 7662 §4). */
function maySee(
  provider: Provider,
  caller: AuthenticatedClient,
  { claims, client }: LivingAccessToken,
): boolean {
  const audience = [claims['aud']].flat();
  const mine = caller.metadata.introspection_audiences ?? [];
  if (client.row === caller.row || audience.some((one) => mine.includes(String(one)))) return true;
  provider.recordRefusal({
    rule: 'introspection.not-allowed',
    error: 'access_denied',
    endpoint: 'introspection',
    client_id: caller.metadata.client_id,
    facts: {
      token_audience: audience,
      token_client: client.metadata.client_id,
      introspection_audiences: mine,
    },
  });
  return false;
}

async function introspectRefreshToken(
  provider: Provider,
  caller: AuthenticatedClient,
  { token, place }: { token: string; place: RefreshTokenPlace },
): Promise<Introspection> {
  const { store, tenant, clock } = provider;
  const grant = await store.findGrant(tenant.id, place.id);
  const living = grant !== undefined && grant.revoked_at === null && clock() < grant.refresh_expires_at;
  if (!living || grant.client_row !== caller.row || !isAuthentic(provider, token, grant)) return INACTIVE;
  const { user } = grant;
  if (place.generation !== grant.refresh_generation || user.disabled_at !== null) return INACTIVE;
  return {
    active: true,
    token_type: 'refresh_token',
    iss: tenant.issuer,
    client_id: caller.metadata.client_id,
    sub: subjectFor(provider, caller, user),
    username: user.username,
    scope: formatScope(grant.authorization.scope),
    exp: inSeconds(grant.refresh_expires_at),
    iat: inSeconds(grant.code_redeemed_at ?? grant.created_at),
  };
}
