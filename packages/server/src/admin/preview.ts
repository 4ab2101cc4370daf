import type { Provider } from '../keys/provider.ts';
import type { Authorization } from '../model/authorization.ts';
import { ACR_VALUES } from '../model/browser-session.ts';
import type { Client } from '../model/client.ts';
import type { User } from '../model/user.ts';
import { accessTokenClaims } from '../oauth/access-token.ts';
import { idTokenClaims } from '../oauth/id-token.ts';
import { allowedResources, audienceOf, ownAudience, scopeForAudience } from '../oauth/resource.ts';
import { allowedScope } from '../oauth/scope.ts';
import { subjectFor } from '../oauth/subject.ts';
import { claimsOfPerson } from '../oauth/user-claims.ts';
import { type ClaimPlace, originOfClaim } from './claim-origins.ts';

/** A claim as an application would read it; null for what is made anew each time. */
export type PreviewedClaim = Readonly<{ value: unknown; why: string }>;
export type PreviewedClaims = Readonly<Record<string, PreviewedClaim>>;

/** What an application would be told of a person who signs in now; null for what it would not get. */
export type Preview = Readonly<{
  scope: readonly string[];
  access_token_format: 'jwt' | 'opaque';
  id_token: PreviewedClaims | null;
  userinfo: PreviewedClaims | null;
  access_token: PreviewedClaims;
}>;

/** Scope and resources as they are asked for; without a scope, all that the client may ask for. */
export type PreviewWish = Readonly<{ scope?: readonly string[] | undefined; resources: readonly string[] }>;

/** Why there is nothing to tell, by what is at fault. */
export type NoPreview = Readonly<{ part: 'client_id' | 'scope' | 'resource' | 'sub'; says: string }>;

/** What the client would be told of the user. Nothing is issued, stored or counted. */
export async function previewFor(
  provider: Provider,
  { user, client }: Readonly<{ user: User; client: Client }>,
  wish: PreviewWish,
): Promise<Preview | NoPreview> {
  const { tenant, clock } = provider;
  const { scope = allowedScope(client, tenant), resources } = wish;
  const fault = faultOf(provider, { user, client }, { scope, resources });
  if (fault !== undefined) return fault;
  const { metadata } = client;
  const authorization: Authorization = {
    scope,
    resources,
    claims: {},
    nonce: '',
    auth_time: clock(),
    acr: ACR_VALUES[0] ?? '',
    amr: ['pwd'],
    sid: '',
  };
  const audience = audienceOf(authorization, client, tenant);
  const granted = scopeForAudience(scope, audience, tenant);
  const lifetime = metadata.access_token_lifetime ?? tenant.profile.lifetimes.access_token;
  const place = { scope, isService: false, subject_type: metadata.subject_type };
  const explained = (where: ClaimPlace['where'], claims: object): PreviewedClaims =>
    Object.fromEntries(
      Object.entries(claims).map(([name, value]: [string, unknown]) => [
        name,
        {
          value: MADE_EACH_TIME.includes(name) ? null : value,
          why: originOfClaim(tenant, name, { ...place, where }),
        },
      ]),
    );
  const person = { user, grant_id: 0, ...authorization };
  const hasUserinfo = granted.includes('openid') && audience.includes(ownAudience(client, tenant));
  const withCode = { client, user, authorization, beside: { access_token: '' }, withAccessToken: true };
  return {
    scope: granted,
    access_token_format: metadata.access_token_format ?? tenant.profile.access_token_format,
    id_token: scope.includes('openid')
      ? explained('id_token', await idTokenClaims(provider, withCode))
      : null,
    userinfo: hasUserinfo ? explained('userinfo', await userinfo(provider, client, user, granted)) : null,
    access_token: explained(
      'access_token',
      await accessTokenClaims(provider, { client, audience, scope: granted, person }, lifetime),
    ),
  };
}

/** They name one token, one session or one request. */
const MADE_EACH_TIME: readonly string[] = ['jti', 'sid', 'nonce', 'at_hash'];

const userinfo = async (provider: Provider, client: Client, user: User, scope: readonly string[]) => ({
  ...(await claimsOfPerson(provider, user, { scope })),
  sub: subjectFor(provider, client, user),
  ...(client.metadata.userinfo_signed_response_alg !== undefined && {
    iss: provider.tenant.issuer,
    aud: client.metadata.client_id,
  }),
});

function faultOf(
  { tenant }: Provider,
  { user, client }: Readonly<{ user: User; client: Client }>,
  { scope, resources }: Readonly<{ scope: readonly string[]; resources: readonly string[] }>,
): NoPreview | undefined {
  const { metadata } = client;
  const part = 'client_id';
  if (metadata.disabled === true) return { part, says: 'is disabled, and is told nothing' };
  if (!metadata.grant_types.some((grant) => SIGN_IN.includes(grant)))
    return { part, says: `signs nobody in: it has none of ${SIGN_IN.join(', ')} among its grant_types` };
  if (metadata.allowed_users?.includes(user.username) === false)
    return { part, says: 'lets only its allowed_users in, and not this one' };
  if (user.disabled_at !== null) return { part: 'sub', says: 'is disabled, and signs in nowhere' };
  const allowed = allowedScope(client, tenant);
  const strange = scope.find((value) => !allowed.includes(value));
  if (strange !== undefined)
    return { part: 'scope', says: `has ${strange}, which the client may not ask for: ${allowed.join(' ')}` };
  const known = allowedResources(client, tenant).map(({ resource }) => resource);
  const elsewhere = resources.find((resource) => !known.includes(resource));
  return elsewhere === undefined
    ? undefined
    : { part: 'resource', says: `names ${elsewhere}, which the client may not ask for` };
}

const SIGN_IN: readonly string[] = ['authorization_code', 'implicit', 'password'];
