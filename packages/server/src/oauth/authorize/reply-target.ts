import type { Provider } from '../../keys/provider.ts';
import { RESPONSE_MODES, type ResponseMode } from '../../model/authorization-request.ts';
import { type Client, RESPONSE_TYPES, type ResponseType } from '../../model/client.ts';
import { matchRedirectUri } from '../../model/redirect-uri.ts';
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

type Asked = Readonly<{
  client_id: string;
  redirect_uri: string | undefined;
  response_type: string | undefined;
  response_mode: string | undefined;
  state: string | undefined;
}>;

/** The target named by the parameters; a client or redirect URI that is not registered is refused on a page, never by redirect. */
export async function parseReplyTarget(provider: Provider, params: Params): Promise<ReplyTarget> {
  const client_id = one(params, 'client_id');
  if (client_id === undefined) throw refuse('parameter.missing', { parameter: 'client_id' });
  return requireReplyTarget(provider, {
    client_id,
    redirect_uri: one(params, 'redirect_uri'),
    response_type: onlyOnce(params, 'response_type'),
    response_mode: onlyOnce(params, 'response_mode'),
    state: onlyOnce(params, 'state'),
  });
}

/** The same proof for a request that was read before and waited for the person: what was good then may have been changed since. */
export async function requireReplyTarget(provider: Provider, asked: Asked): Promise<ReplyTarget> {
  const client = await provider.store.findClient(provider.tenant.id, asked.client_id);
  if (client === undefined) throw refuse('client.unknown', { client_id: asked.client_id.slice(0, 255) });
  if (client.metadata.disabled === true) throw refuse('client.disabled', { client_id: asked.client_id });
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
  const localhostAnyPort =
    client.metadata.application_type === 'native' && provider.tenant.profile.localhost_any_port;
  if (matchRedirectUri(redirect_uris, received, { localhostAnyPort }) === undefined) {
    throw refuse('redirect-uri.unregistered', { client_id, received, registered: redirect_uris });
  }
  return received;
}

/** How an answer, good or bad, travels: as asked, else as the response type does by default (OAuth Multiple Response Types §2.1, §5). */
function replyMode({ response_type, response_mode }: Asked): ResponseMode {
  const asked = RESPONSE_MODES.find((mode) => mode === response_mode);
  const byDefault = defaultResponseMode(parseResponseType(response_type ?? ''));
  return asked === undefined || (asked === 'query' && byDefault !== 'query') ? byDefault : asked;
}

export const defaultResponseMode = (type: ResponseType | undefined): ResponseMode =>
  type === undefined || type === 'code' ? 'query' : 'fragment';

/** The response type with its words in any order (OAuth Multiple Response Types §3). */
export function parseResponseType(text: string): ResponseType | undefined {
  const sorted = (words: string): string => words.split(' ').sort().join(' ');
  return RESPONSE_TYPES.find((type) => sorted(type) === sorted(text));
}

/** A repeated one is refused later, by redirect, for which no value of it may be used. */
const onlyOnce = (params: Params, name: string): string | undefined =>
  params.get(name)?.length === 1 ? params.get(name)?.[0] : undefined;
