import type { Provider } from '../../keys/provider.ts';
import type { AuthorizationRequest } from '../../model/authorization-request.ts';
import type { SignedIn } from '../../model/browser-session.ts';
import { OAuthError } from '../error.ts';
import { type Params, redacted, required } from '../params.ts';
import { subjectFor } from '../subject.ts';
import { claimsBeyondScope } from '../user-claims.ts';
import { type Approval, answerAuthorization } from './answer.ts';
import { type NextStep, nextStep } from './next-step.ts';
import { type AuthorizationReply, errorReply, reply } from './reply.ts';
import {
  parseReplyTarget,
  type ReplyTarget,
  requireAskingClient,
  requireReplyTarget,
} from './reply-target.ts';
import { parseAuthorizationRequest } from './request.ts';
import { resolveRequestObject } from './request-object.ts';

/** A request that is in order so far, with the place its answer will go to. */
export type OpenRequest = Readonly<{ target: ReplyTarget; request: AuthorizationRequest }>;

/** Either an open request, or the answer that it cannot be one. Throws only what belongs on a page of our own. */
export type Opened =
  | Readonly<{ kind: 'open' } & OpenRequest>
  | Readonly<{ kind: 'replied'; reply: AuthorizationReply }>;

/**
 * Reads an authorization request as it arrives (RFC 6749 §3.1, OIDC Core §3.1.2.1). What is refused is told at the place that the
 * valid part of it names: the request object's, or the one beside it when the object is not valid.
 */
export async function openAuthorization(provider: Provider, sent: Params): Promise<Opened> {
  const client = await requireAskingClient(provider, required(sent, 'client_id'));
  let params = sent;
  try {
    params = await resolveRequestObject(provider, client, sent);
    const target = parseReplyTarget(provider, client, params);
    return { kind: 'open', target, request: await parseAuthorizationRequest(provider, target, params) };
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    // Throws again where no place is proven, and so leads to a page.
    const target = parseReplyTarget(provider, client, params);
    return { kind: 'replied', reply: decline(provider, target, error, sent) };
  }
}

/** Takes up a request that waited for the person. */
export async function resumeAuthorization(
  provider: Provider,
  request: AuthorizationRequest,
): Promise<OpenRequest> {
  const client = await requireAskingClient(provider, request.client_id);
  return { target: requireReplyTarget(provider, client, request), request };
}

/** What the person has done for this request: times are milliseconds. */
export type Progress = Readonly<{ startedAt: number; accountChosen: boolean }>;

/** Decides what comes next for the person at the browser. */
export async function decide(
  provider: Provider,
  { target, request }: OpenRequest,
  signedIn: SignedIn | undefined,
  progress: Progress,
): Promise<NextStep> {
  const { client } = target;
  const remembered = signedIn !== undefined && client.metadata.consent === 'remember';
  const consent = remembered
    ? await provider.store.findConsent(provider.tenant.id, signedIn.user.id, client.row)
    : undefined;
  const subject = signedIn && subjectFor(provider, client, signedIn.user);
  const singleClaims = claimsBeyondScope(request, provider.tenant.profile);
  const now = provider.clock();
  return nextStep({ request, client, signedIn, subject, consent, singleClaims, ...progress, now });
}

/** Answers with what was asked for. */
export async function approve(
  provider: Provider,
  { target, request }: OpenRequest,
  approval: Approval,
): Promise<AuthorizationReply> {
  return reply(target, await answerAuthorization(provider, target, request, approval));
}

/** Remembers what the person allowed, together with what was allowed before. */
export async function rememberConsent(
  provider: Provider,
  { target, request }: OpenRequest,
  signedIn: SignedIn,
): Promise<void> {
  const { client } = target;
  if (client.metadata.consent !== 'remember') return;
  const before = await provider.store.findConsent(provider.tenant.id, signedIn.user.id, client.row);
  const claims = claimsBeyondScope(request, provider.tenant.profile);
  await provider.store.saveConsent(provider.tenant.id, {
    user_id: signedIn.user.id,
    client_row: client.row,
    scope: [...new Set([...(before?.scope ?? []), ...request.scope])],
    resources: [...new Set([...(before?.resources ?? []), ...request.resources])],
    claims: [...new Set([...(before?.claims ?? []), ...claims])],
    granted_at: provider.clock(),
  });
}

/** Tells the client that it will not get what it asked for. */
export function decline(
  provider: Provider,
  target: ReplyTarget,
  error: OAuthError,
  params?: Params,
): AuthorizationReply {
  const reference = provider.recordRefusal({
    rule: error.rule,
    error: error.error,
    endpoint: 'authorization',
    client_id: target.client.metadata.client_id,
    facts: {
      ...error.facts,
      redirect_uri: target.redirect_uri,
      ...(params && { request: redacted(params) }),
    },
  });
  return errorReply(target, provider.tenant, error, reference);
}
