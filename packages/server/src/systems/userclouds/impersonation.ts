import { auditFirst } from '../../admin/audit.ts';
import { findUserBySub } from '../../admin/user-changes.ts';
import { beginSessionWithoutBrowser, browserState } from '../../identity/browser-sessions.ts';
import type { AuthorizationRequest } from '../../model/authorization-request.ts';
import { isPublicClient } from '../../model/client.ts';
import type { User } from '../../model/user.ts';
import { approve, type OpenRequest, resumeAuthorization } from '../../oauth/authorize/endpoint.ts';
import { actingAs } from '../../web/acting.ts';
import type { Site, WebContext } from '../../web/site.ts';
import { type Administrator, administratorBy } from './administrator.ts';
import { type Answer, isRefusal, type Refusal, readJson, refusal, textOf } from './json-route.ts';

/**
 * Turns an administrator's own access token into a sign-in as somebody else, at the application that the token was made for: the answer
 * leads there with a code, as the administrator's own sign-in once did.
 */
export async function impersonate(c: WebContext, site: Site): Promise<Answer> {
  const body = await readJson(c);
  if (isRefusal(body)) return body;
  const [token, target_user_id] = ['access_token', 'target_user_id'].map((name) => textOf(body, name));
  if (!token || !target_user_id) return refusal(400, 'access_token and target_user_id are needed.');
  const administrator = await administratorBy(site, token);
  if (isRefusal(administrator)) return administrator;
  const { user: admin, client } = administrator;
  if (admin === undefined) return refusal(403, 'Only a person can act for another one.');
  const open = await requestAgain(site, administrator);
  if (isRefusal(open)) return open;
  const target = await targetOf(site, administrator, target_user_id);
  if (isRefusal(target)) return target;
  const { client_id } = client.metadata;
  // Nobody acts for somebody else unrecorded.
  await auditFirst(actingAs(c, site, admin.sub), {
    action: 'user.impersonated',
    subject: target.sub,
    client_id,
  });
  const { provider } = site;
  const signedIn = await beginSessionWithoutBrowser(provider, target, {
    userAgent: c.req.header('user-agent') ?? '',
    impersonator: admin.sub,
  });
  const reply = await approve(provider, open, { signedIn, browserState: browserState(provider, signedIn) });
  if (reply.kind !== 'redirect') throw new Error('A code was to be given by redirect.');
  return { status: 200, body: { redirect_to: reply.location } };
}

/**
 * The request that the administrator's token came of, for a code. The challenge of that request is spent, so that only an application
 * with a secret is safe with a code.
 */
async function requestAgain(
  { provider }: Site,
  { client, token }: Administrator,
): Promise<OpenRequest | Refusal> {
  const { redirect_uri, scope = [], resources = [], state } = token.grant?.authorization ?? {};
  const { client_id, response_types } = client.metadata;
  if (redirect_uri === undefined || !response_types.includes('code'))
    return refusal(400, 'The access token did not come of a sign-in that led back to the application.');
  if (isPublicClient(client.metadata))
    return refusal(403, 'Only an application with a secret can act for another person.');
  const request: AuthorizationRequest = {
    client_id,
    redirect_uri,
    redirect_uri_sent: true,
    response_type: 'code',
    response_mode: 'query',
    scope,
    resources,
    prompt: [],
    acr_values: [],
    claims: {},
    ...(state !== undefined && { state }),
  };
  return resumeAuthorization(provider, request);
}

/** Somebody who may sign in to the application, and is no administrator: nobody gains by it what they have not got. */
async function targetOf(
  { provider }: Site,
  { client }: Administrator,
  target_user_id: string,
): Promise<User | Refusal> {
  const target = await findUserBySub(provider, target_user_id);
  if (target === undefined) return refusal(404, 'There is no such user.');
  if (target.role === 'admin') return refusal(403, 'Nobody acts for an administrator.');
  if (target.disabled_at !== null) return refusal(403, 'The user is disabled.');
  return client.metadata.allowed_users?.includes(target.username) === false
    ? refusal(403, 'You are not permitted to login to this app')
    : target;
}
