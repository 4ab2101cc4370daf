import { type Connection, connectionTo } from './connection.ts';
import { cookiesOf, FORM, headerOf, requestText } from './message.ts';
import {
  authorizationRequest,
  CLIENT,
  exchange,
  memberOf,
  PERSON,
  REDIRECT,
  requireStatus,
  type Site,
} from './site.ts';

/** A person's sign-in: the cookies of the browser, and the tokens of the client. */
export type SignedIn = Readonly<{ cookie: string; access_token: string; refresh_token: string }>;

const MOST_STEPS = 25;

/** Who signs in, and from which address a proxy says that this person comes. */
export type Visitor = Readonly<{ username: string; address?: string }>;

/** Signs in like a browser without script: follows redirects, keeps cookies, fills the first form of each page. */
export async function signIn(
  site: Site,
  visitor: Visitor = { username: PERSON.username },
): Promise<SignedIn> {
  const connection = connectionTo(site.base);
  const cookies = new Map<string, string>();
  const resource = site.resources.signIn;
  try {
    const { url, verifier } = authorizationRequest(site, {
      client_id: CLIENT.client_id,
      resource,
      prompt: 'consent',
    });
    const back = await walk({ connection, cookies, visitor }, url);
    const code = back.searchParams.get('code');
    if (code === null) throw new Error(`The sign-in ended without a code: ${back.search}`);
    const text = exchange(site, CLIENT.client_id, { code, code_verifier: verifier, resource });
    const { body } = requireStatus(await connection.request(text), 200);
    return {
      cookie: cookieHeader(cookies),
      access_token: memberOf(body, 'access_token'),
      refresh_token: memberOf(body, 'refresh_token'),
    };
  } finally {
    connection.close();
  }
}

type Step = Readonly<{ method: 'GET' | 'POST'; url: URL; body?: string }>;

type Browser = Readonly<{ connection: Connection; cookies: Map<string, string>; visitor: Visitor }>;

async function walk({ connection, cookies, visitor }: Browser, start: URL): Promise<URL> {
  let step: Step = { method: 'GET', url: start };
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const { method, url, body } = step;
    const headers = {
      ...(visitor.address !== undefined && { 'x-forwarded-for': visitor.address }),
      ...(cookies.size > 0 && { cookie: cookieHeader(cookies) }),
      ...(body !== undefined && { ...FORM, origin: url.origin }),
    };
    const answer = await connection.request(requestText(method, url, headers, body));
    for (const cookie of cookiesOf(answer.head)) keep(cookies, cookie);
    if (answer.status >= 300 && answer.status < 400) {
      const location = new URL(headerOf(answer.head, 'location') ?? '', url);
      if (location.href.startsWith(REDIRECT)) return location;
      step = { method: 'GET', url: location };
    } else {
      step = filledForm(requireStatus(answer, 200).body, url, visitor);
    }
  }
  throw new Error(`The sign-in did not end within ${MOST_STEPS} steps.`);
}

function filledForm(page: string, shownAt: URL, visitor: Visitor): Step {
  const [, attributes, fields] = /<form\b([^>]*)>([\s\S]*?)<\/form>/i.exec(page) ?? [];
  if (attributes === undefined || fields === undefined) {
    throw new Error(`A page of the sign-in has no form: ${page.slice(0, 300)}`);
  }
  const form = new URLSearchParams();
  for (const [tag] of fields.matchAll(/<(?:input|button)\b[^>]*>/gi)) fill(form, tag, visitor);
  const url = new URL(attribute(attributes, 'action') ?? shownAt.href, shownAt);
  return { method: 'POST', url, body: form.toString() };
}

function fill(form: URLSearchParams, tag: string, { username }: Visitor): void {
  const name = attribute(tag, 'name');
  if (name === undefined) return;
  const type = (attribute(tag, 'type') ?? 'text').toLowerCase();
  if (type === 'password') form.set(name, PERSON.password);
  else if (type === 'text' || type === 'email') form.set(name, username);
  else if (type === 'checkbox' || type === 'radio') return;
  // The first button of a page is the one that goes on.
  else if (type !== 'submit' || !form.has(name)) form.set(name, attribute(tag, 'value') ?? '');
}

function attribute(tag: string, name: string): string | undefined {
  const [, double, single, bare] =
    new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag) ?? [];
  return (double ?? single ?? bare)
    ?.replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

function keep(cookies: Map<string, string>, cookie: ReturnType<typeof cookiesOf>[number]): void {
  const gone = cookie.value === '' || /max-age=0|expires=Thu, 01 Jan 1970/i.test(cookie.attributes);
  if (gone) cookies.delete(cookie.name);
  else cookies.set(cookie.name, cookie.value);
}

const cookieHeader = (cookies: Map<string, string>): string =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
