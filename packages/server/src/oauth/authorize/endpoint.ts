import type { Provider } from '../../keys/provider.ts';
import type { AuthorizationRequest } from '../../model/authorization-request.ts';
import type { SignedIn } from '../../model/browser-session.ts';
import type { Client } from '../../model/client.ts';
import { OAuthError, refuse } from '../error.ts';
import { type Params, redacted } from '../params.ts';
import { subjectFor } from '../subject.ts';
import { type Approval, answerAuthorization } from './answer.ts';
import { type NextStep, nextStep } from './next-step.ts';
import { type AuthorizationReply, errorReply, reply } from './reply.ts';
import { parseReplyTarget, type ReplyTarget, requireReplyTarget } from './reply-target.ts';
import { parseAuthorizationRequest } from './request.ts';
import { resolveRequestObject } from './request-object.ts';

/** A request that is in order so far, with the place its answer will go to. */
export type OpenRequest = Readonly<{ target: ReplyTarget; request: AuthorizationRequest }>;

/** Either an open request, or the answer that it cannot be one. Throws only what belongs on a page of our own. */
export type Opened =
  | Readonly<{ kind: 'open' } & OpenRequest>
  | Readonly<{ kind: 'replied'; reply: AuthorizationReply }>;

/** Reads an authorization request as it arrives (RFC 6749 §3.1, OIDC Core §3.1.2.1). */
export async function openAuthorization(provider: Provider, params: Params): Promise<Opened> {
  const firstTarget = params.has('request')
    ? await earlyTarget(provider, params)
    : await parseReplyTarget(provider, params);
  return answering(provider, firstTarget, params, async () => {
    const resolved = await resolveRequestObject(provider, firstTarget.client, params);
    const target = resolved === params ? firstTarget : await parseReplyTarget(provider, resolved);
    return { kind: 'open', target, request: await parseAuthorizationRequest(provider, target, resolved) };
  });
}

/** With a request object the redirect URI may stand inside it alone; until that is verified, an answer goes to the one outside. */
async function earlyTarget(provider: Provider, params: Params): Promise<ReplyTarget> {
  try {
    return await parseReplyTarget(provider, params);
  } catch (error) {
    if (!(error instanceof OAuthError) || error.rule !== 'redirect-uri.missing') throw error;
    const client = await requireClient(provider, params);
    return parseReplyTarget(provider, await resolveRequestObject(provider, client, params));
  }
}

async function requireClient(provider: Provider, params: Params): Promise<Client> {
  const client_id = params.get('client_id')?.[0] ?? '';
  const client = await provider.store.findClient(provider.tenant.id, client_id);
  if (client === undefined) throw refuse('client.unknown', { client_id });
  return client;
}

/** Takes up a request that waited for the person. */
export async function resumeAuthorization(
  provider: Provider,
  request: AuthorizationRequest,
): Promise<OpenRequest> {
  const asked = { ...request, state: request.state, redirect_uri: request.redirect_uri };
  return { target: await requireReplyTarget(provider, asked), request };
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
  const consent = signedIn && (await provider.store.findConsent(signedIn.user.id, client.row));
  const subject = signedIn && subjectFor(provider, client, signedIn.user);
  return nextStep({ request, client, signedIn, subject, consent, ...progress, now: provider.clock() });
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
  const before = await provider.store.findConsent(signedIn.user.id, client.row);
  await provider.store.saveConsent({
    user_id: signedIn.user.id,
    client_row: client.row,
    scope: [...new Set([...(before?.scope ?? []), ...request.scope])],
    resources: [...new Set([...(before?.resources ?? []), ...request.resources])],
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
  return errorReply(target, provider.tenant.issuer, error, reference);
}

async function answering(
  provider: Provider,
  target: ReplyTarget,
  params: Params,
  open: () => Promise<Opened>,
): Promise<Opened> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof OAuthError) || SHOWN_ON_A_PAGE.includes(error.rule)) throw error;
    return { kind: 'replied', reply: decline(provider, target, error, params) };
  }
}

/** Faults of client and redirect URI stay on a page also when a request object brings them in. */
const SHOWN_ON_A_PAGE: readonly string[] = ['client.unknown', 'client.disabled', 'redirect-uri.unregistered'];
