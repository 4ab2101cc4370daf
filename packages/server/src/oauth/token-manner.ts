import type { AccessTokenFormat, Client } from '../model/client.ts';
import type { Tenant } from '../model/tenant.ts';
import { ownAudience } from './resource.ts';

/** Form and lifetime (seconds) of an access token. */
export type TokenManner = Readonly<{ format: AccessTokenFormat; lifetime: number }>;

/**
 * What client and resources make of an access token. For a resource counts what it says itself, else what the client says, else the
 * provider. Of several resources the shortest lifetime counts, and a client may make it shorter still. A token is opaque when all of
 * them want it so: an API that reads tokens by itself reads nothing else than a JWT (RFC 9068 §4), and the others may ask about that one
 * too (RFC 7662). Signet's own userinfo, which goes along with any, has no say.
 */
export function tokenManner(tenant: Tenant, client: Client, audience: readonly string[]): TokenManner {
  const { profile, resources } = tenant;
  const { access_token_format, access_token_lifetime } = client.metadata;
  const format = access_token_format ?? profile.access_token_format;
  const lifetime = access_token_lifetime ?? profile.lifetimes.access_token;
  // Most providers have none.
  if (resources.length === 0) return { format, lifetime };
  const others = audience.filter((one) => one !== ownAudience(client, tenant));
  if (others.length === 0) return { format, lifetime };
  const said = others.map((one) => resources.find(({ resource }) => resource === one));
  const lives = said.map((one) => one?.access_token_lifetime ?? lifetime);
  return {
    format: said.every((one) => (one?.access_token_format ?? format) === 'opaque') ? 'opaque' : 'jwt',
    lifetime: Math.min(...lives, access_token_lifetime ?? Number.POSITIVE_INFINITY),
  };
}
