/** A page at which following redirects ended. */
export type Page = Readonly<{ url: URL; status: number; text: string }>;

/** A browser without script for several sites: keeps cookies by host, follows redirects, fills in forms. */
export type BrowserAgent = Readonly<{
  visit: (url: string) => Promise<Page>;
  /** Sends the page's first form, with these fields over its hidden ones. */
  submit: (page: Page, fields?: Readonly<Record<string, string>>) => Promise<Page>;
  /** Names of the cookies that the host has set. */
  cookiesOf: (hostname: string) => readonly string[];
}>;

const MOST_REDIRECTS = 10;

export function browserAgent(): BrowserAgent {
  const jar = new Map<string, Map<string, string>>();
  const cookiesFor = ({ hostname }: URL): Map<string, string> => {
    const cookies = jar.get(hostname) ?? new Map<string, string>();
    jar.set(hostname, cookies);
    return cookies;
  };
  const open = async (url: URL, init: RequestInit, redirects = 0): Promise<Page> => {
    if (redirects > MOST_REDIRECTS) throw new Error(`Redirects without end, last to ${url.href}`);
    const cookies = cookiesFor(url);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } });
    for (const set of response.headers.getSetCookie()) keep(cookies, set);
    const location = response.headers.get('location');
    if (location !== null) return open(new URL(location, url), {}, redirects + 1);
    return { url, status: response.status, text: await response.text() };
  };
  const submit: BrowserAgent['submit'] = async (page, fields = {}) => {
    const form = /<form[\s\S]*?<\/form>/.exec(page.text)?.[0];
    if (form === undefined) throw new Error(`There is no form at ${page.url.href}: ${page.text}`);
    const hidden = (form.match(/<input type="hidden"[^>]*>/g) ?? []).map(
      (input) => [attribute(input, 'name'), attribute(input, 'value')] as const,
    );
    const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields });
    return open(new URL(attribute(form, 'action'), page.url), { method: 'POST', body });
  };
  return {
    visit: (url) => open(new URL(url), {}),
    submit,
    cookiesOf: (hostname) => [...(jar.get(hostname)?.keys() ?? [])],
  };
}

function keep(cookies: Map<string, string>, set: string): void {
  const [pair = '', ...attributes] = set.split(';');
  const at = pair.indexOf('=');
  const expires = attributes
    .map((one) => /^ *expires=(.*)$/i.exec(one)?.[1])
    .find((date) => date !== undefined);
  const isOver =
    attributes.some((one) => /^ *max-age=0$/i.test(one)) ||
    (expires !== undefined && Date.parse(expires) < Date.now());
  if (isOver) cookies.delete(pair.slice(0, at));
  else cookies.set(pair.slice(0, at), pair.slice(at + 1));
}

const attribute = (tag: string, name: string): string =>
  (new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
