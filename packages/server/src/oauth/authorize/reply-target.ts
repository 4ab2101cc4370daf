import type { Provider } from '../../keys/provider.ts';
import { RESPONSE_MODES, type ResponseMode } from '../../model/authorization-request.ts';
import { type Client, isLivingClient, RESPONSE_TYPES, type ResponseType } from '../../model/client.ts';
import { matchRedirectUri, redirectRules } from '../../model/redirect-uri.ts';
import { refuse } from '../error.ts';
import { one, type Params } from '../params.ts';

declare const checked: unique symbol;

/** Where an answer may go: proven before anything else of a request is looked at. Only this file can make one. */
export type ReplyTarget = Readonly<{
  client: Client;
  redirect_uri: string;
  response_mode: ResponseMode;
  state: string | undefined;
}> & { readonly [checked]: true };

/** What a request says of the way of its answer. */
type Asked = Readonly<{
  redirect_uri?: string | undefined;
  response_type?: string | undefined;
  response_mode?: string | undefined;
  state?: string | undefined;
}>;

/** The client that asks; one that is unknown or switched off is refused on a page, never by redirect. */
export async function requireAskingClient(provider: Provider, client_id: string): Promise<Client> {
  const client = await provider.store.findClient(provider.tenant.id, client_id);
  if (client === undefined) throw refuse('client.unknown', { client_id });
  if (client.metadata.disabled === true) throw refuse('client.disabled', { client_id });
  if (!isLivingClient(client, provider.clock()))
    throw refuse('client.unknown', { client_id, reason: 'its registration is over' });
  return client;
}

/** The target named by the parameters. What this refuses belongs on a page, for there is no proven place to send it to. */
export const parseReplyTarget = (provider: Provider, client: Client, params: Params): ReplyTarget =>
  requireReplyTarget(provider, client, {
    redirect_uri: one(params, 'redirect_uri'),
    response_type: onlyOnce(params, 'response_type'),
    response_mode: onlyOnce(params, 'response_mode'),
    state: onlyOnce(params, 'state'),
  });

/** The same proof for a request that was read before and waited for the person: what was good then may have been changed since. */
export function requireReplyTarget(provider: Provider, client: Client, asked: Asked): ReplyTarget {
  const redirect_uri = requireRedirectUri(provider, client, asked.redirect_uri);
  const target = { client, redirect_uri, response_mode: replyMode(asked), state: asked.state };
  return target as ReplyTarget;
}

function requireRedirectUri(provider: Provider, client: Client, received: string | undefined): string {
  const { redirect_uris, client_id } = client.metadata;
  const [only, ...others] = redirect_uris;
  if (received === undefined) {
    // OAuth lets a client leave it out when there is no choice (RFC 6749 §3.1.2.3); the request's own rules may still ask for it.
    if (only !== undefined && others.length === 0) return only;
    throw refuse('redirect-uri.missing', { client_id, registered: redirect_uris });
  }
  const rules = redirectRules(provider.tenant.profile, client.metadata.application_type);
  if (matchRedirectUri(redirect_uris, received, rules) === undefined) {
    throw refuse('redirect-uri.unregistered', { client_id, received, registered: redirect_uris });
  }
  return received;
}

/**
 * How an answer, good or bad, travels: as asked, else as the response type does by default (OAuth Multiple Response Types §2.1, §5). An
 * unknown mode is refused on a page, because no client can be answered in it (OIDC Core §3.1.2.6).
 */
function replyMode({ response_type, response_mode }: Asked): ResponseMode {
  const type = parseResponseType(response_type ?? '');
  const byDefault = type === undefined || type === 'code' ? 'query' : 'fragment';
  if (response_mode === undefined) return byDefault;
  const asked = RESPONSE_MODES.find((mode) => mode === response_mode);
  if (asked === undefined) throw refuse('response-mode.unknown', { received: response_mode });
  return asked === 'query' ? byDefault : asked;
}

/** The response type with its words in any order (OAuth Multiple Response Types §3). */
export const parseResponseType = (text: string): ResponseType | undefined =>
  BY_SORTED_WORDS.get(sorted(text));

const sorted = (words: string): string => words.split(' ').sort().join(' ');
const BY_SORTED_WORDS = new Map(RESPONSE_TYPES.map((type) => [sorted(type), type]));

/** A repeated one is refused later, by redirect, for which no value of it may be used. */
const onlyOnce = (params: Params, name: string): string | undefined =>
  params.get(name)?.length === 1 ? one(params, name) : undefined;
