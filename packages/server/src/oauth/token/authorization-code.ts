import type { Provider } from '../../keys/provider.ts';
import type { Authorization, Grant } from '../../model/authorization.ts';
import { parseHandle, sameBytes, sha256 } from '../../model/secret.ts';
import type { AuthenticatedClient } from '../client-auth.ts';
import { OAuthError, refuse } from '../error.ts';
import type { Params } from '../params.ts';
import { checkCodeVerifier } from '../pkce.ts';
import { makeRefreshToken } from '../refresh-token.ts';
import { audienceOf, narrowAudience } from '../resource.ts';
import type { Granted } from './issue.ts';
import { redemptionOf } from './redemption.ts';
import type { TokenRequest } from './request.ts';
import { requireStanding } from './standing.ts';

export const CODE_PREFIX = 'sgac_';

type CodeRequest = TokenRequest & { grant_type: 'authorization_code' };

/**
 * Redeems a code (RFC 6749 §4.1.3). All that can be judged is judged first, so that a stranger cannot spend it; then it is spent in one
 * atomic step, and only then are tokens made.
 */
export async function grantAuthorizationCode(
  provider: Provider,
  client: AuthenticatedClient,
  request: CodeRequest,
  params: Params,
): Promise<Granted> {
  const grant = await findByCode(provider, request.code);
  if (grant.client_row !== client.row)
    throw refuse('code.other-client', { client_id: client.metadata.client_id });
  const { authorization } = grant;
  if (authorization.redirect_uri !== undefined && authorization.redirect_uri !== request.redirect_uri) {
    throw refuse('code.redirect-uri', {
      received: request.redirect_uri,
      expected: authorization.redirect_uri,
    });
  }
  await requireVerifier(provider, grant, request.code_verifier);
  const audience = narrowAudience(audienceOf(authorization, client, provider.tenant), params);
  if (grant.code_redeemed_at === null && provider.clock() >= grant.code_expires_at) {
    throw refuse('code.expired', { issued_at: grant.created_at, expired_at: grant.code_expires_at });
  }
  if (grant.code_redeemed_at === null) requireStanding(grant);
  // Fails where the grant has been revoked since, as the end of a session or a person does.
  const refresh = await spend(provider, client, grant);
  const refresh_token =
    refresh && makeRefreshToken(provider, { id: grant.id, salt: refresh.salt, generation: 0 });
  return {
    kind: 'person',
    client,
    user: grant.user,
    grant_id: grant.id,
    authorization,
    scope: authorization.scope,
    audience,
    refresh_token,
    id_token: authorization.scope.includes('openid') && !hasOne(provider, authorization),
  };
}

/** Whether the client got its ID token with the code and gets no second one. */
const hasOne = ({ tenant }: Provider, { id_token_in_front }: Authorization): boolean =>
  id_token_in_front === true && !tenant.profile.tokens.second_id_token;

/** The verifier of the challenge; where there is one attempt only, the code is over with the first that does not fit. */
async function requireVerifier(
  { store, tenant, clock }: Provider,
  { id, authorization, code_redeemed_at }: Grant,
  code_verifier: string | undefined,
): Promise<void> {
  try {
    checkCodeVerifier(authorization.code_challenge, code_verifier);
  } catch (refusal) {
    const isWrong = refusal instanceof OAuthError && refusal.rule === 'pkce.verifier-wrong';
    if (isWrong && code_redeemed_at === null && tenant.profile.tokens.verifier_attempts === 'one')
      await store.revokeGrant(tenant.id, id, clock());
    throw refusal;
  }
}

async function findByCode(provider: Provider, code: string): Promise<Grant> {
  const handle = parseHandle(CODE_PREFIX, code);
  const grant = handle && (await provider.store.findGrant(provider.tenant.id, handle.id));
  if (
    grant === undefined ||
    grant.code_hash === null ||
    !sameBytes(sha256(handle?.secret ?? ''), grant.code_hash)
  ) {
    throw refuse('code.unknown');
  }
  return grant;
}

/** Spends the code; a second use revokes what the first one gave (RFC 6749 §4.1.2). */
async function spend(
  provider: Provider,
  client: AuthenticatedClient,
  grant: Grant,
): Promise<{ salt: Uint8Array } | undefined> {
  const { store, tenant, clock } = provider;
  const now = clock();
  const redemption = redemptionOf(provider, client, grant);
  const outcome = await store.redeemCode(tenant.id, grant.id, redemption, now);
  if (outcome === 'replayed') {
    await store.revokeGrant(tenant.id, grant.id, now);
    throw refuse('code.replayed', {
      first_used_at: grant.code_redeemed_at,
      client_id: client.metadata.client_id,
    });
  }
  if (outcome === 'over') throw refuse('grant.ended');
  return redemption.refresh ?? undefined;
}
