import { hash } from 'node:crypto';
import type { Provider } from '../../keys/provider.ts';
import type { Authorization } from '../../model/authorization.ts';
import type { AuthorizationRequest } from '../../model/authorization-request.ts';
import type { SignedIn } from '../../model/browser-session.ts';
import type { Profile } from '../../model/profile.ts';
import { remembered } from '../../model/remembered.ts';
import { formatScope } from '../../model/scope.ts';
import { formatHandle, newHandleSecret, randomText, sha256 } from '../../model/secret.ts';
import { makeAccessToken } from '../access-token.ts';
import { makeIdToken } from '../id-token.ts';
import { longestTokenLife } from '../lifetimes.ts';
import { audienceOf, scopeForAudience } from '../resource.ts';
import { CODE_PREFIX } from '../token/authorization-code.ts';
import { echoedState } from './echoed-state.ts';
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
  const authorization = authorizationOf(request, signedIn, provider.tenant.profile);
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
  const { issuer, profile } = provider.tenant;
  return {
    ...(code !== undefined && { code }),
    ...(profile.answers.scope && { scope: formatScope(request.scope) }),
    ...access,
    ...(id_token !== false && { id_token }),
    ...echoedState(target, profile),
    iss: issuer,
    ...(tellsSession(profile, request) && { session_state: sessionState(provider, target, browserState) }),
  };
}

const tellsSession = ({ answers }: Profile, { scope }: AuthorizationRequest): boolean =>
  answers.session_state === 'always' || (answers.session_state === 'openid' && scope.includes('openid'));

function authorizationOf(
  request: AuthorizationRequest,
  { session }: SignedIn,
  { requests }: Profile,
): Authorization {
  return {
    scope: request.scope,
    resources: request.resources,
    claims: request.claims,
    ...(request.redirect_uri_sent && { redirect_uri: request.redirect_uri }),
    ...(request.code_challenge !== undefined && { code_challenge: request.code_challenge }),
    ...(request.nonce !== undefined && { nonce: request.nonce }),
    ...(request.response_type.includes('id_token') && { id_token_in_front: true as const }),
    ...(requests.state_remembered && request.state !== undefined && { state: request.state }),
    auth_time: session.auth_time,
    acr: session.acr,
    amr: session.amr,
    sid: session.sid,
    ...(session.impersonator !== null && { impersonator: session.impersonator }),
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
  provider.clientUses.note(client);
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
    expires_at: Math.max(
      (code?.expires_at ?? now) + longestTokenLife(provider, client),
      // And where the application wants to hear of the session's end, until then.
      client.metadata.backchannel_logout_uri === undefined ? 0 : signedIn.session.expires_at,
    ),
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
  const person = {
    user: signedIn.user,
    grant_id,
    auth_time,
    acr,
    amr,
    sid: authorization.sid,
    impersonator: authorization.impersonator,
  };
  const { token, expires_in } = await makeAccessToken(provider, { client, audience, scope, person });
  return {
    access_token: token,
    token_type: provider.tenant.profile.tokens.token_type,
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
  const client_id = client.metadata.client_id;
  const state = hash('sha256', `${client_id} ${originOf(redirect_uri)} ${browserState} ${salt}`, 'hex');
  return `${state}.${salt}`;
}

const originOf = remembered((uri) => new URL(uri).origin);
