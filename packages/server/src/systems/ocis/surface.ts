import { preflight } from '../../web/headers.ts';
import type { Site, WebContext } from '../../web/site.ts';
import type { Surface } from '../../web/tenant-app.ts';
import { appTokenUser, createAppToken, deleteAppToken, listAppTokens, withPerson } from './app-tokens.ts';
import { webfinger } from './webfinger.ts';

type Answer = (c: WebContext, site: Site) => Promise<Response>;

/** What ownCloud Infinite Scale has beside OAuth, by path and method. */
const ROUTES: Readonly<Record<string, Readonly<Record<string, Answer>>>> = {
  '/.well-known/webfinger': { GET: webfinger },
  '/auth-app/tokens': {
    GET: withPerson(listAppTokens),
    POST: withPerson(createAppToken),
    DELETE: withPerson(deleteAppToken),
  },
  '/auth-app/user': { GET: appTokenUser },
};

/** Pages of any origin may ask. */
const OPEN_TO_ALL = ['/.well-known/webfinger'];

export const ocis: Surface = (app, site) => {
  for (const [path, methods] of Object.entries(ROUTES)) {
    const place = site.provider.tenant.path + path;
    const allow = Object.keys(methods).join(', ');
    for (const [method, answer] of Object.entries(methods)) app.on(method, place, (c) => answer(c, site));
    if (OPEN_TO_ALL.includes(path))
      app.options(place, () => new Response(null, { status: 204, headers: preflight(allow) }));
    app.all(place, (c) => c.text('Method not allowed', 405, { allow }));
  }
};
