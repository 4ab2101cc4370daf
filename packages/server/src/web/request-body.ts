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
