import { signJwt } from '../keys/jwt.ts';
import type { Provider } from '../keys/provider.ts';
import type { LivingAccessToken } from '../model/access-token.ts';
import { areThere } from '../model/claim-source.ts';
import { scopeValues } from '../model/scope.ts';
import type { UserClaims } from '../model/user.ts';
import { findAccessToken } from './access-token.ts';
import { bearerIn } from './bearer.ts';
import { refuse } from './error.ts';
import { one, type Params } from './params.ts';
import { ownAudience } from './resource.ts';
import { serviceClaims } from './token-facts.ts';
import { claimsOfPerson } from './user-claims.ts';

/** How a bearer token may arrive (RFC 6750 §2): header or form, never the query. */
export type BearerRequest = Readonly<{
  authorization: string | undefined;
  form: Params | undefined;
  query: Params;
}>;

/** Claims as JSON, or as a signed JWT for a client that registered for it (OIDC Core §5.3.2). */
export type Userinfo = Readonly<{ kind: 'json'; claims: UserClaims } | { kind: 'jwt'; jwt: string }>;

/** The userinfo endpoint (OIDC Core §5.3). */
export async function userinfoEndpoint(provider: Provider, request: BearerRequest): Promise<Userinfo> {
  const token = bearerToken(request);
  const found = token === undefined ? undefined : await findAccessToken(provider, token);
  const audience = [found?.claims['aud']].flat();
  const expected = found && ownAudience(found.client, provider.tenant);
  const ofService = provider.tenant.profile.tokens.service_userinfo;
  const opens = found !== undefined && (found.user !== undefined || areThere(ofService));
  if (!opens || !audience.includes(expected)) {
    throw refuse('access-token.invalid', {
      token_sent: token !== undefined,
      audience,
      expected_audience: expected,
    });
  }
  if (found.user === undefined)
    return { kind: 'json', claims: serviceClaims(ofService, provider, found.client, []) };
  const { scope: granted } = found.claims;
  const scope = scopeValues(typeof granted === 'string' ? granted : undefined);
  if (!scope.includes('openid')) throw refuse('access-token.scope', { scope });
  const claims = await personClaims(provider, found, scope);
  const alg = found.client.metadata.userinfo_signed_response_alg;
  if (alg === undefined) return { kind: 'json', claims };
  const addressed = { ...claims, iss: provider.tenant.issuer, aud: found.client.metadata.client_id };
  return { kind: 'jwt', jwt: await signJwt(await provider.keyring.current(alg), 'JWT', addressed) };
}

async function personClaims(
  provider: Provider,
  { user, grant, claims }: LivingAccessToken,
  scope: readonly string[],
): Promise<UserClaims> {
  if (user === undefined) return {};
  const requested = grant?.authorization.claims.userinfo;
  return { ...(await claimsOfPerson(provider, user, { scope, requested })), sub: claims['sub'] };
}

/** The one access token of the request. Undefined when none was sent; anything but a plain Bearer token is refused. */
function bearerToken({ authorization, form, query }: BearerRequest): string | undefined {
  if (query.has('access_token')) throw refuse('access-token.in-query');
  const inForm = form && one(form, 'access_token');
  if (authorization !== undefined && inForm !== undefined) throw refuse('access-token.several');
  if (authorization === undefined) return inForm;
  const token = bearerIn(authorization);
  if (token === undefined)
    throw refuse('access-token.invalid', {
      reason: 'the Authorization header is not of the form: Bearer, blank, token',
    });
  return token;
}
