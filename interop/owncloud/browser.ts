import { once } from 'node:events';
import { type IncomingMessage, request as insecure } from 'node:http';
import { type RequestOptions, request as secure } from 'node:https';
import { text } from 'node:stream/consumers';
import { ALICE } from './signet.ts';

type Seen = Readonly<{ url: string; location: string | undefined; body: string }>;
type Cookies = Map<string, string>;

const MOST_STEPS = 20;

/**
 * A person's browser without script: signs in, allows, and follows the answer to where the program waits for it. Gives the page that the
 * program shows in the end.
 */
export async function personAtBrowser(address: string, ca: string): Promise<string> {
  const cookies: Cookies = new Map();
  const visit = (url: string, form?: URLSearchParams): Promise<Seen> => load(url, { cookies, ca, form });
  let seen = await visit(address);
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const next = seen.location === undefined ? undefined : new URL(seen.location, seen.url).href;
    if (next !== undefined) seen = await visit(next);
    else if (/<form/.test(seen.body)) seen = await visit(actionOf(seen), fields(seen));
    else return seen.body;
  }
  throw new Error('The way through the pages has no end.');
}

const actionOf = ({ url, body }: Seen): string =>
  new URL(attribute(/<form[^>]*>/.exec(body)?.[0] ?? '', 'action'), url).href;

/** What the form holds, and what a person who wants to sign in adds to it. */
function fields({ body }: Seen): URLSearchParams {
  const form = /<form[\s\S]*?<\/form>/.exec(body)?.[0] ?? '';
  const hidden = form.match(/<input type="hidden"[^>]*>/g) ?? [];
  const given = hidden.map(
    (input) => [attribute(input, 'name'), attribute(input, 'value')] as [string, string],
  );
  const own = /name="password"/.test(form)
    ? Object.entries(ALICE)
    : [['decision', 'allow'] as [string, string]];
  return new URLSearchParams([...given, ...own]);
}

const attribute = (tag: string, name: string): string =>
  (new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '').replaceAll('&amp;', '&');

type Wish = Readonly<{ cookies: Cookies; ca: string; form: URLSearchParams | undefined }>;

async function load(url: string, { cookies, ca, form }: Wish): Promise<Seen> {
  const isHome = url.startsWith('https:');
  const options: RequestOptions = {
    method: form === undefined ? 'GET' : 'POST',
    ca,
    headers: {
      ...(isHome && { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
      ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
  };
  const outgoing = (isHome ? secure : insecure)(url, options);
  outgoing.end(form?.toString());
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  for (const cookie of response.headers['set-cookie'] ?? []) {
    const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(cookie) ?? [];
    cookies.set(name, value);
  }
  return { url, location: response.headers.location, body: await text(response) };
}
