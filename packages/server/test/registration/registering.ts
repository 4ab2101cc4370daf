import type { Answered } from '../support/person.ts';
import type { Signet } from '../support/signet.ts';

export const ON = { dynamic_registration: true };
export const TOKEN_NEEDED = { dynamic_registration: 'token' };
export const URIS = { redirect_uris: ['https://app.example/cb'] };

/** `token` is a text; a member of an answer is not known to be one. */
type Sent = Readonly<{ token?: unknown; type?: string }>;

/** Sends JSON, or a text as it is, with a bearer token. */
export async function send(
  method: string,
  url: string,
  body: unknown,
  { token, type = 'application/json' }: Sent = {},
): Promise<Answered & Readonly<{ text: string }>> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': type }),
      ...(token !== undefined && { authorization: `Bearer ${textOf(token)}` }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type') === 'application/json';
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

export const register = (signet: Pick<Signet, 'url'>, wish: unknown, sent: Sent = {}) =>
  send('POST', signet.url('/register'), wish, sent);

type Registered = Readonly<Record<string, unknown>>;

/** A request of a registered client to its own registration, with its token unless another is given. */
export const manage = (method: string, registered: Registered, body?: unknown, token?: unknown) =>
  send(method, String(registered['registration_client_uri']), body, {
    token: token ?? registered['registration_access_token'],
  });

/** What is sent to replace a registration: what was told, without what the server alone says. */
export function replacementOf(registered: Registered): Record<string, unknown> {
  const {
    registration_access_token: _token,
    registration_client_uri: _uri,
    client_secret_expires_at: _end,
    client_id_issued_at: _begin,
    ...rest
  } = registered;
  return rest;
}
