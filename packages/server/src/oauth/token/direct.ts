import type { Provider } from '../../keys/provider.ts';
import type { Authorization } from '../../model/authorization.ts';
import type { SignedIn } from '../../model/browser-session.ts';
import { newHandleSecret, sha256 } from '../../model/secret.ts';
import type { Redemption } from '../../store/access-verbs.ts';
import type { AuthenticatedClient } from '../client-auth.ts';
import { refuse } from '../error.ts';
import { makeRefreshToken } from '../refresh-token.ts';
import { audienceOf } from '../resource.ts';
import type { Granted } from './issue.ts';
import { redemptionOf } from './redemption.ts';

/** What a person gets who signed in without an authorization request. */
export type DirectWish = Readonly<{ scope: readonly string[]; resources: readonly string[] }>;

/** A grant for a person who has just proved who they are to Signet itself, and needs no code. */
export async function grantDirectly(
  provider: Provider,
  client: AuthenticatedClient,
  { session, user }: SignedIn,
  { scope, resources }: DirectWish,
): Promise<Granted> {
  const authorization: Authorization = {
    scope,
    resources,
    claims: {},
    auth_time: session.auth_time,
    acr: session.acr,
    amr: session.amr,
    sid: session.sid,
    ...(session.impersonator !== null && { impersonator: session.impersonator }),
  };
  const { refresh, grant_id } = await saveRedeemed(provider, client, { session, user }, authorization);
  return {
    kind: 'person',
    client,
    user,
    grant_id,
    authorization,
    scope,
    audience: audienceOf(authorization, client, provider.tenant),
    refresh_token:
      refresh === null
        ? undefined
        : makeRefreshToken(provider, { id: grant_id, salt: refresh.salt, generation: 0 }),
    id_token: scope.includes('openid'),
  };
}

/** Saved like a grant with a code that is redeemed at once, for only a redemption begins a line of refresh tokens. */
async function saveRedeemed(
  provider: Provider,
  client: AuthenticatedClient,
  { session, user }: SignedIn,
  authorization: Authorization,
): Promise<{ grant_id: number; refresh: Redemption['refresh'] }> {
  const { store, tenant, clock, random } = provider;
  const now = clock();
  const redemption = redemptionOf(provider, client, { authorization, created_at: now });
  const grant_id = await store.saveGrant(tenant.id, {
    client_row: client.row,
    user_id: user.id,
    session_id: session.id,
    authorization,
    code: { hash: sha256(newHandleSecret(random)), expires_at: now + 1000 },
    created_at: now,
    expires_at: redemption.grant_expires_at,
  });
  if ((await store.redeemCode(tenant.id, grant_id, redemption, now)) !== 'redeemed')
    throw refuse('grant.ended');
  return { grant_id, refresh: redemption.refresh };
}
