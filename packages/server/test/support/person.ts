import { createHash, randomBytes } from 'node:crypto';
import { ALICE, REDIRECT, SECRET, type Signet } from './signet.ts';

/** Where a provider answers; a person and a client look at nothing else. */
export type Address = Pick<Signet, 'issuer' | 'url'> &
  Readonly<{
    /** Places below the issuer that are a client's, where a person is not followed to. */
    isClients?: (location: string) => boolean;
  }>;

/** A page or redirect as a browser without script sees it. */
export type Seen = Readonly<{
  status: number;
  url: string;
  location: string | undefined;
  text: string;
  headers: Headers;
}>;

export type Parameters = Readonly<Record<string, string>>;

/** A person at a browser without script: keeps cookies, reads pages, fills forms. */
export type Person = Readonly<{
  cookies: Map<string, string>;
  visit: (url: string, init?: RequestInit) => Promise<Seen>;
  /** Follows redirects inside Signet until a page, or until one leaves it. */
  follow: (seen: Seen) => Promise<Seen>;
  /** Posts the page's main form with these fields over its hidden ones. */
  submit: (page: Seen, fields: Parameters) => Promise<Seen>;
  /** Opens an authorization request and goes as far as no person is needed. */
  authorize: (parameters: Parameters) => Promise<Seen>;
  /** The whole way: signs in where asked, allows where asked; ends at the redirect to the client. */
  grant: (parameters: Parameters, account?: { username: string; password: string }) => Promise<Seen>;
}>;

export function personAt(signet: Address): Person {
  const cookies = new Map<string, string>();
  const visit = async (url: string, init: RequestInit = {}): Promise<Seen> => {
    const headers = new Headers(init.headers);
    headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(url, { redirect: 'manual', ...init, headers });
    for (const cookie of response.headers.getSetCookie()) keep(cookies, cookie);
    const location = response.headers.get('location') ?? undefined;
    return { status: response.status, url, location, text: await response.text(), headers: response.headers };
  };
  const follow = async (seen: Seen): Promise<Seen> =>
    signet.isClients?.(seen.location ?? '') !== true &&
    (seen.location?.startsWith(`${signet.issuer}/`) === true || seen.location === signet.issuer)
      ? follow(await visit(seen.location))
      : seen;
  const submit = async (page: Seen, fields: Parameters): Promise<Seen> => {
    const action = attribute(/<form[^>]*>/.exec(page.text)?.[0] ?? '', 'action');
    const body = new URLSearchParams({ ...hiddenFields(page), ...fields });
    return follow(await visit(new URL(action, page.url).href, { method: 'POST', body }));
  };
  const authorize = async (parameters: Parameters): Promise<Seen> =>
    follow(await visit(`${signet.url('/authorize')}?${new URLSearchParams(parameters).toString()}`));
  const grant = async (parameters: Parameters, account = ALICE): Promise<Seen> => {
    let seen = await authorize(parameters);
    for (let steps = 0; seen.location === undefined && steps < 4; steps += 1) {
      const fields = /name="password"/.test(seen.text) ? account : { decision: 'allow' };
      seen = await submit(seen, fields);
    }
    return seen;
  };
  return { cookies, visit, follow, submit, authorize, grant };
}

function keep(cookies: Map<string, string>, cookie: string): void {
  const [pair = '', ...attributes] = cookie.split(';');
  const [name = '', ...value] = pair.split('=');
  if (attributes.some((one) => /^ *max-age=0$/i.test(one))) cookies.delete(name);
  else cookies.set(name, value.join('='));
}

/** Hidden fields of the page's first form. */
export function hiddenFields(page: Seen): Record<string, string> {
  const form = /<form[\s\S]*?<\/form>/.exec(page.text)?.[0] ?? '';
  const inputs = form.match(/<input type="hidden"[^>]*>/g) ?? [];
  return Object.fromEntries(inputs.map((input) => [attribute(input, 'name'), attribute(input, 'value')]));
}

const attribute = (tag: string, name: string): string =>
  (new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '')
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');

/** Parameters of an answer, from query or fragment. */
export function answerOf(seen: Seen): Record<string, string> {
  const url = new URL(seen.location ?? 'about:blank');
  return Object.fromEntries(new URLSearchParams(url.hash === '' ? url.search : url.hash.slice(1)));
}

export const request = (over: Parameters = {}): Record<string, string> => ({
  client_id: 'web-app',
  redirect_uri: REDIRECT,
  response_type: 'code',
  scope: 'openid profile email',
  state: 'state-of-the-client',
  nonce: 'nonce-of-the-client',
  ...over,
});

/** A verifier with its S256 challenge. */
export function pkce(): {
  code_verifier: string;
  challenge: { code_challenge: string; code_challenge_method: string };
} {
  const code_verifier = randomBytes(32).toString('base64url');
  const code_challenge = createHash('sha256').update(code_verifier).digest('base64url');
  return { code_verifier, challenge: { code_challenge, code_challenge_method: 'S256' } };
}

export const basic = (client_id = 'web-app', secret = SECRET): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(client_id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
});

export type Answered = Readonly<{ status: number; body: Record<string, unknown>; headers: Headers }>;

/** Posts a form as a client does. */
export async function post(
  url: string,
  form: Parameters | string,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString();
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
  const text = await response.text();
  return {
    status: response.status,
    body: isJson(response) && text !== '' ? JSON.parse(text) : { text },
    headers: response.headers,
  };
}

const isJson = (response: Response): boolean =>
  (response.headers.get('content-type') ?? '').startsWith('application/json');

/** Exchanges a code as the client web-app, by Basic. */
export const exchange = (signet: Address, code: string, over: Parameters = {}): Promise<Answered> =>
  post(
    signet.url('/token'),
    { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, ...over },
    basic(),
  );

export const refresh = (signet: Address, refresh_token: string, over: Parameters = {}): Promise<Answered> =>
  post(signet.url('/token'), { grant_type: 'refresh_token', refresh_token, ...over }, basic());

/** Signs alice in at web-app and returns the tokens. */
export async function tokensFor(
  signet: Address,
  over: Parameters = {},
  person = personAt(signet),
): Promise<Record<string, string>> {
  const { code = '' } = answerOf(
    await person.grant(request({ scope: 'openid profile email offline_access', ...over })),
  );
  return (await exchange(signet, code)).body as Record<string, string>;
}

export async function userinfo(signet: Address, token: string): Promise<Answered> {
  const response = await fetch(signet.url('/userinfo'), { headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  return {
    status: response.status,
    body: isJson(response) && text !== '' ? JSON.parse(text) : { text },
    headers: response.headers,
  };
}

/** Claims of a JWT, unchecked. */
export const claimsOf = (jwt: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
