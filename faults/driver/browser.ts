import type { Reply } from '../kit/http-answer.ts';

/** The cookies of one browser. */
export type Jar = Map<string, string>;

export const cookieHeader = (jar: Jar): string =>
  [...jar].map(([name, value]) => `${name}=${value}`).join('; ');

/** Keeps what an answer sets. */
export function keepCookies(jar: Jar, { cookies }: Reply): void {
  for (const cookie of cookies) {
    const [pair = '', ...attributes] = cookie.split(';');
    const [name = '', ...value] = pair.split('=');
    if (attributes.some((one) => /^ *max-age=0$/i.test(one))) jar.delete(name);
    else jar.set(name, value.join('='));
  }
}

/** The path and query of an address. */
export function pathOf(location: string): string {
  const { pathname, search } = new URL(location);
  return pathname + search;
}

/** Parameters in the query of an address. */
export const parametersOf = (location: string): Readonly<Record<string, string>> =>
  Object.fromEntries(new URL(location).searchParams);

/** The first form of a page: where it goes and its hidden fields. */
export function formOf(page: string): { action: string; fields: Record<string, string> } {
  const form = /<form[\s\S]*?<\/form>/.exec(page)?.[0] ?? '';
  const inputs = form.match(/<input type="hidden"[^>]*>/g) ?? [];
  return {
    action: attribute(/<form[^>]*>/.exec(form)?.[0] ?? '', 'action'),
    fields: Object.fromEntries(inputs.map((input) => [attribute(input, 'name'), attribute(input, 'value')])),
  };
}

const attribute = (tag: string, name: string): string =>
  (new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '')
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
