import { hash } from 'node:crypto';
import type { Provider } from '../../keys/provider.ts';
import type { Authorization } from '../../model/authorization.ts';
import type { AuthorizationRequest } from '../../model/authorization-request.ts';
import type { SignedIn } from '../../model/browser-session.ts';
import { formatScope } from '../../model/scope.ts';
import { formatHandle, newHandleSecret, randomText, sha256 } from '../../model/secret.ts';
import { makeAccessToken } from '../access-token.ts';
import { makeIdToken } from '../id-token.ts';
import { longestTokenLife } from '../lifetimes.ts';
import { audienceOf, scopeForAudience } from '../resource.ts';
import { CODE_PREFIX } from '../token/authorization-code.ts';
import type { ReplyTarget } from './reply-target.ts';

/** Parameters of an answer by name. */
export type Answer = Readonly<Record<string, string>>;

/** The person at the browser, and the value by which the check-session page knows that nothing has changed. */
export type Approval = Readonly<{ signedIn: SignedIn; browserState: string }>;

/** Makes what the response type promises (OIDC Core §3.1.2.5, §3.2.2.5, §3.3.2.5). The grant is on disk before this returns. */
export async function answerAuthorization(
  provider: Provider,
  target: ReplyTarget,
  request: AuthorizationRequest,
  { signedIn, browserState }: Approval,
): Promise<Answer> {
  const authorization = authorizationOf(request, signedIn);
  const words = request.response_type.split(' ');
  const { grant_id, code } = await saveGrant(provider, target, authorization, {
    signedIn,
    withCode: words.includes('code'),
  });
  const access = words.includes('token')
    ? await accessToken(provider, target, authorization, { signedIn, grant_id })
    : undefined;
  const id_token =
    words.includes('id_token') &&
    (await makeIdToken(provider, {
      client: target.client,
      user: signedIn.user,
      authorization,
      beside: {
        ...(access && { access_token: access.access_token }),
        ...(code !== undefined && { code }),
        ...(target.state !== undefined && { state: target.state }),
      },
      withAccessToken: request.response_type !== 'id_token',
    }));
  return {
    ...(code !== undefined && { code }),
    ...access,
    ...(id_token !== false && { id_token }),
    ...(target.state !== undefined && { state: target.state }),
    iss: provider.tenant.issuer,
    ...(request.scope.includes('openid') && { session_state: sessionState(provider, target, browserState) }),
  };
}

function authorizationOf(request: AuthorizationRequest, { session }: SignedIn): Authorization {
  return {
    scope: request.scope,
    resources: request.resources,
    claims: request.claims,
    ...(request.redirect_uri_sent && { redirect_uri: request.redirect_uri }),
    ...(request.code_challenge !== undefined && { code_challenge: request.code_challenge }),
    ...(request.nonce !== undefined && { nonce: request.nonce }),
    auth_time: session.auth_time,
    acr: session.acr,
    amr: session.amr,
    sid: session.sid,
  };
}

type Given = Readonly<{ signedIn: SignedIn; withCode: boolean }>;

async function saveGrant(
  provider: Provider,
  { client }: ReplyTarget,
  authorization: Authorization,
  { signedIn, withCode }: Given,
): Promise<{ grant_id: number; code?: string }> {
  const { tenant, random } = provider;
  const now = provider.clock();
  const { lifetimes } = tenant.profile;
  const secret = withCode ? newHandleSecret(random) : undefined;
  const code = secret && { hash: sha256(secret), expires_at: now + 1000 * lifetimes.authorization_code };
  const grant_id = await provider.store.saveGrant(tenant.id, {
    client_row: client.row,
    user_id: signedIn.user.id,
    session_id: signedIn.session.id,
    authorization,
    code: code ?? null,
    created_at: now,
    // A code's row stays at least as long as a token, so that a late second use is still known as one.
    expires_at: (code?.expires_at ?? now) + longestTokenLife(provider, client),
  });
  return secret === undefined
    ? { grant_id }
    : { grant_id, code: formatHandle(CODE_PREFIX, { id: grant_id, secret }) };
}

async function accessToken(
  provider: Provider,
  { client }: ReplyTarget,
  authorization: Authorization,
  { signedIn, grant_id }: { signedIn: SignedIn; grant_id: number },
): Promise<Record<'access_token' | 'token_type' | 'expires_in' | 'scope', string>> {
  const audience = audienceOf(authorization, client, provider.tenant);
  const scope = scopeForAudience(authorization.scope, audience, provider.tenant);
  const { auth_time, acr, amr } = authorization;
  const person = { user: signedIn.user, grant_id, auth_time, acr, amr };
  const { token, expires_in } = await makeAccessToken(provider, { client, audience, scope, person });
  return {
    access_token: token,
    token_type: provider.tenant.profile.token_type,
    expires_in: String(expires_in),
    scope: formatScope(scope),
  };
}

/** Lets the client's page notice a change of the sign-in without a request (OIDC Session Management §2, §3.2). */
function sessionState(
  provider: Provider,
  { client, redirect_uri }: ReplyTarget,
  browserState: string,
): string {
  const salt = randomText(provider.random, 12);
  const origin = new URL(redirect_uri).origin;
  const state = hash('sha256', `${client.metadata.client_id} ${origin} ${browserState} ${salt}`, 'hex');
  return `${state}.${salt}`;
}
