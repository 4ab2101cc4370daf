import { ADMIN_SCOPE_PREFIX, adminApiResource, adminScopesOf } from '../model/admin-api.ts';
import type { Authorization } from '../model/authorization.ts';
import type { Client } from '../model/client.ts';
import type { Resource } from '../model/definition.ts';
import { scopeValues } from '../model/scope.ts';
import type { Tenant } from '../model/tenant.ts';
import { refuse } from './error.ts';
import type { Params } from './params.ts';

/** The resources asked for, each registered and allowed for the client (RFC 8707 §2). */
export function parseResources(params: Params, client: Client, tenant: Tenant): readonly string[] {
  const asked = [...new Set(params.get('resource') ?? [])];
  for (const resource of asked) {
    if (resource.length > 2048 || !URL.canParse(resource) || resource.includes('#')) {
      throw refuse('resource.malformed', { received: resource.slice(0, 2048) });
    }
  }
  const allowed = allowedResources(client, tenant).map(({ resource }) => resource);
  const strange = asked.filter((resource) => !allowed.includes(resource));
  if (strange.length > 0) throw refuse('resource.not-allowed', { received: strange, registered: allowed });
  return asked;
}

/**
 * The resources a client may ask for: those it is registered with, or all there are when it is registered with none. The administration
 * of Signet itself is for those alone whose registration names a scope of it.
 */
export const allowedResources = ({ metadata }: Client, tenant: Tenant): readonly Resource[] => {
  const registered = tenant.resources.filter(
    ({ resource }) => metadata.resources?.includes(resource) ?? true,
  );
  return adminScopesOf(metadata).length > 0 ? [...registered, adminApiResource(tenant)] : registered;
};

/**
 * The audience of a token (RFC 9068 §3): the resources asked for; else those of the client's that own the scope, with Signet itself
 * for userinfo; else Signet itself.
 */
export function audienceOf(
  { scope, resources }: Pick<Authorization, 'scope' | 'resources'>,
  client: Client,
  tenant: Tenant,
): readonly string[] {
  const allowed = allowedResources(client, tenant);
  if (resources.length > 0) return stillAllowed(resources, allowed);
  const owners = allowed.filter((known) => scopeValues(known.scope).some((value) => scope.includes(value)));
  const audience = owners.map(({ resource }) => resource);
  return audience.length === 0 || scope.includes('openid')
    ? [...audience, ownAudience(client, tenant)]
    : audience;
}

/** Of what was granted, what is there still: a resource may have been deleted since, or taken from the client. */
function stillAllowed(granted: readonly string[], allowed: readonly Resource[]): readonly string[] {
  const registered = allowed.map(({ resource }) => resource);
  const left = granted.filter((one) => registered.includes(one));
  if (left.length === 0) throw refuse('resource.not-allowed', { received: granted, registered });
  return left;
}

/** The audience of tokens that open userinfo. */
export const ownAudience = ({ metadata }: Client, { issuer, profile }: Tenant): string =>
  profile.tokens.access_token_audience === 'client' ? metadata.client_id : issuer;

const MOST_AUDIENCES = 20;

/** The APIs that a service names in `audience`, where the profile lets it. */
export function parseAudience(params: Params): readonly string[] {
  const asked = [...new Set(params.get('audience') ?? [])];
  const strange = asked.find((uri) => uri.length > 2048 || !URL.canParse(uri) || uri.includes('#'));
  if (strange !== undefined || asked.length > MOST_AUDIENCES)
    throw refuse('audience.malformed', {
      received: asked.slice(0, MOST_AUDIENCES).map((uri) => uri.slice(0, 2048)),
    });
  return asked;
}

/** Part of the granted audience; all of it when nothing is asked (RFC 8707 §2.2: a token request may only narrow). */
export function narrowAudience(granted: readonly string[], params: Params): readonly string[] {
  const asked = [...new Set(params.get('resource') ?? [])];
  if (asked.length === 0) return granted;
  const strange = asked.filter((resource) => !granted.includes(resource));
  if (strange.length > 0) throw refuse('resource.not-allowed', { received: strange, granted });
  return asked;
}

/**
 * What a token for that audience may say of its scope (RFC 9068 §3): values that belong to a resource go only where it is in the
 * audience; the others go everywhere.
 */
export function scopeForAudience(
  scope: readonly string[],
  audience: readonly string[],
  tenant: Tenant,
): readonly string[] {
  return scope.filter((value) => {
    const known = value.startsWith(ADMIN_SCOPE_PREFIX) ? [adminApiResource(tenant)] : tenant.resources;
    const homes = known.filter(({ scope: own }) => scopeValues(own).includes(value));
    return homes.length === 0 || homes.some(({ resource }) => audience.includes(resource));
  });
}
