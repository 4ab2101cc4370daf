import { refuse } from '../oauth/error.ts';
import type { Params } from '../oauth/params.ts';
import { parseParams } from '../oauth/params.ts';
import type { WebContext } from './site.ts';

/** The form in the body (RFC 6749 §3.2): any other content type is refused, for it could dodge a browser's preflight. */
export async function readForm(c: WebContext): Promise<Params> {
  const contentType = c.req.header('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded *(; *charset *= *"?utf-8"? *)?$/i.test(contentType)) {
    throw refuse('request.content-type', { received: contentType.slice(0, 200) });
  }
  return parseParams(await c.req.text());
}

/** The parameters of the query, read as strictly as a form. */
export function readQuery(c: WebContext): Params {
  const start = c.req.url.indexOf('?');
  return parseParams(start < 0 ? '' : c.req.url.slice(start + 1));
}

/** Longest query that every proxy between lets through. */
const LONGEST_QUERY = 6000;

/**
 * Has the browser make the same request by GET. Browsers keep their cookies back when another site posts, but send them with the GET.
 * Undefined when it would be too long.
 */
export function askByGet(c: WebContext, url: string, params: Params): Response | undefined {
  const query = new URLSearchParams(
    [...params].flatMap(([name, values]) => values.map((value) => [name, value])),
  ).toString();
  return query.length > LONGEST_QUERY ? undefined : c.redirect(`${url}?${query}`, 303);
}
