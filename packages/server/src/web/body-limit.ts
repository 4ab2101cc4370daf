import { bodyLimit } from 'hono/body-limit';
import type { Route, Site, WebContext } from './site.ts';

export const MOST_BODY_BYTES = 64 * 1024;

/** Lets the route read a body up to the limit; a larger one is refused before it is read. */
export function withBodyLimit(
  route: Route,
  refuse: (c: WebContext, site: Site) => Response,
  most = MOST_BODY_BYTES,
): Route {
  return async (c, site) => {
    // A length that is told is held to by the HTTP parser; only a body without one has to be counted, which costs a stream.
    const told = c.req.header('content-length');
    if (told !== undefined) return Number(told) > most ? refuse(c, site) : route(c, site);
    return counted(c, { most, refuse: () => refuse(c, site), route: () => route(c, site) });
  };
}

/** Lets the route read a body of unknown length up to the limit. */
async function counted(
  c: WebContext,
  ways: { most: number; refuse: () => Response; route: () => Promise<Response> },
): Promise<Response> {
  let answer: Response | undefined;
  const limit = bodyLimit({ maxSize: ways.most, onError: ways.refuse });
  const refused = await limit(c, async () => {
    answer = await ways.route();
  });
  return answer ?? refused ?? ways.refuse();
}
