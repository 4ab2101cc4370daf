import { verifyJwt } from '../keys/jwt.ts';
import type { Provider } from '../keys/provider.ts';
import type { User } from '../model/user.ts';
import { findAccessToken } from './access-token.ts';
import { type AuthenticatedClient, authenticateClient, type ClientRequest } from './client-auth.ts';
import { refuse } from './error.ts';
import { required, requireNoRepeats } from './params.ts';
import { isAuthentic, parseRefreshToken } from './refresh-token.ts';

/**
 * The revocation endpoint (RFC 7009 §2). A token of a person ends its whole grant, refresh and access tokens alike; a service's access
 * token ends alone. An unknown token is a success, a failing store is not.
 */
export async function revocationEndpoint(provider: Provider, request: ClientRequest): Promise<void> {
  requireNoRepeats(request.params);
  const client = await authenticateClient(provider, request);
  const token = required(request.params, 'token');
  if (parseRefreshToken(token) !== undefined) return revokeRefreshToken(provider, client, token);
  return revokeAccessToken(provider, client, token);
}

async function revokeRefreshToken(
  provider: Provider,
  client: AuthenticatedClient,
  token: string,
): Promise<void> {
  const { store, tenant, clock } = provider;
  const place = parseRefreshToken(token);
  const grant = place && (await store.findGrant(tenant.id, place.id));
  if (grant === undefined || !isAuthentic(provider, token, grant)) return;
  requireOwn(client, grant.client_row);
  await store.revokeGrant(tenant.id, grant.id, clock());
}

async function revokeAccessToken(
  provider: Provider,
  client: AuthenticatedClient,
  token: string,
): Promise<void> {
  const { store, tenant, clock } = provider;
  const found = await findAccessToken(provider, token);
  if (found === undefined) {
    // An ID token is not revoked by its client but runs out (RFC 7009 §2.2.1).
    if ((await verifyJwt(provider.keyring, 'JWT', token)) !== undefined)
      throw refuse('revocation.token-type', { kind: 'ID token' });
    return;
  }
  requireOwn(client, found.client.row);
  if (found.grant !== undefined) return store.revokeGrant(tenant.id, found.grant.id, clock());
  return store.revokeAccessToken(tenant.id, String(found.claims['jti']), 1000 * Number(found.claims['exp']));
}

/** Ends an access token of a person with its whole grant, at the wish of that very person; any other text is ignored. */
export async function revokeOwnToken(provider: Provider, token: string, user: User): Promise<void> {
  const found = await findAccessToken(provider, token);
  if (found?.grant !== undefined && found.user?.id === user.id)
    await provider.store.revokeGrant(provider.tenant.id, found.grant.id, provider.clock());
}

function requireOwn(client: AuthenticatedClient, owner: number): void {
  if (client.row !== owner) throw refuse('revocation.other-client', { client_id: client.metadata.client_id });
}
