import type { Provider } from '../keys/provider.ts';
import type { SignedIn } from '../model/browser-session.ts';
import type { Client } from '../model/client.ts';
import { matchRedirectUri, redirectRules } from '../model/redirect-uri.ts';
import { refuse } from './error.ts';
import { type IdTokenHint, readIdTokenHint } from './id-token.ts';
import { one, type Params, requireNoRepeats } from './params.ts';

/** A checked request to sign out (OIDC RP-Initiated Logout §2). */
export type LogoutRequest = Readonly<{
  client_id?: string;
  /** The application needs no consent. */
  is_trusted?: boolean;
  /** The session and person that a valid id_token_hint named. */
  hint?: { sid: string; sub: string };
  post_logout_redirect_uri?: string;
  state?: string;
  ui_locales?: string;
}>;

/** Reads the request; what it refuses belongs on a page, for there is nowhere proven to send it. */
export async function parseLogoutRequest(provider: Provider, params: Params): Promise<LogoutRequest> {
  requireNoRepeats(params);
  const hint = await parseHint(provider, params);
  const client = await findAskingClient(provider, params, hint?.client_id);
  const uri = one(params, 'post_logout_redirect_uri');
  if (uri !== undefined) requirePostLogoutUri(provider, client, uri);
  const state = one(params, 'state');
  const ui_locales = one(params, 'ui_locales');
  return {
    ...(client && {
      client_id: client.metadata.client_id,
      is_trusted: client.metadata.consent === 'skip',
    }),
    ...(hint && { hint: { sid: hint.sid, sub: hint.sub } }),
    ...(uri !== undefined && { post_logout_redirect_uri: uri }),
    ...(state !== undefined && { state }),
    ...(ui_locales !== undefined && { ui_locales }),
  };
}

async function parseHint(provider: Provider, params: Params): Promise<IdTokenHint | undefined> {
  const hint = one(params, 'id_token_hint');
  if (hint === undefined) return undefined;
  const token = await readIdTokenHint(provider, hint);
  if (token === undefined) throw refuse('logout.hint');
  return token;
}

async function findAskingClient(
  provider: Provider,
  params: Params,
  audience: string | undefined,
): Promise<Client | undefined> {
  const named = one(params, 'client_id');
  const client_id = named ?? audience;
  if (client_id === undefined) return undefined;
  const client = await provider.store.findClient(provider.tenant.id, client_id);
  if (client === undefined || (audience !== undefined && audience !== client_id)) {
    throw refuse('logout.client', { client_id: named, id_token_hint_audience: audience });
  }
  return client;
}

/** Only a registered address, compared like a redirect URI (OIDC RP-Initiated Logout §3). */
function requirePostLogoutUri(provider: Provider, client: Client | undefined, received: string): void {
  if (client === undefined) throw refuse('logout.redirect-uri', { received, registered: [] });
  const { client_id, application_type, post_logout_redirect_uris: registered } = client.metadata;
  const rules = redirectRules(provider.tenant.profile, application_type);
  if (matchRedirectUri(registered, received, rules) === undefined) {
    throw refuse('logout.redirect-uri', { client_id, received, registered });
  }
}

/**
 * Whether the person must be asked: always, unless a valid hint names this very session (OIDC RP-Initiated Logout §2) and comes from an
 * application whose word the profile takes for it.
 */
export const mustConfirmLogout = (
  { tenant }: Provider,
  request: LogoutRequest,
  signedIn: SignedIn | undefined,
): boolean => {
  if (signedIn === undefined) return false;
  const believed = request.is_trusted === true || tenant.profile.logout.without_asking === 'any_client';
  return !believed || request.hint?.sid !== signedIn.session.sid;
};

/** Where the person goes afterwards: to the registered address of a known client, or nowhere. */
export function postLogoutLocation(request: LogoutRequest): string | undefined {
  const uri = request.post_logout_redirect_uri;
  if (uri === undefined || request.state === undefined) return uri;
  return `${uri}${uri.includes('?') ? '&' : '?'}${new URLSearchParams({ state: request.state }).toString()}`;
}
