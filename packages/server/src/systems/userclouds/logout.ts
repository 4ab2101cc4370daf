import { OAuthError, refuse } from '../../oauth/error.ts';
import { parseLogoutRequest } from '../../oauth/logout.ts';
import { one, type Params } from '../../oauth/params.ts';
import { readBrowser } from '../../web/browser.ts';
import { signOutHere } from '../../web/logout-routes.ts';
import { readQuery } from '../../web/request-body.ts';
import type { Route, Site, WebContext } from '../../web/site.ts';
import { refusalPage, troublePage } from '../../web/trouble.ts';

/**
 * Signs out and leads to an address that the application has registered. Applications of UserClouds name no person and no session, so
 * nobody is asked: whoever leads a browser here can end its sessions, as a page of its own, and get nothing by it.
 */
export const logoutRoute: Route = async (c, site) => {
  const query = readQuery(c);
  // No picture and no frame in a page of somebody else's.
  if (!['document', undefined].includes(c.req.header('sec-fetch-dest')))
    return troublePage(c, site, 'logout');
  try {
    const location = await requireLocation(site, query);
    await signOutHere(c, site, await readBrowser(c, site));
    c.header('cache-control', 'no-store');
    return c.redirect(location, 302);
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return refusalPage(c, site, { error, endpoint: 'end_session', params: query });
  }
};

async function requireLocation({ provider }: Site, query: Params): Promise<string> {
  const client_id = one(query, 'client_id');
  const redirect_url = one(query, 'redirect_url');
  if (client_id === undefined) throw refuse('logout.client');
  if (redirect_url === undefined) throw refuse('logout.redirect-uri', { client_id });
  await parseLogoutRequest(
    provider,
    new Map([
      ['client_id', [client_id]],
      ['post_logout_redirect_uri', [redirect_url]],
    ]),
  );
  return redirect_url;
}

/** The same in the spelling of Auth0. */
export const auth0LogoutRoute: Route = async (c: WebContext, site: Site) => {
  const query = readQuery(c);
  const renamed = new URLSearchParams();
  for (const [there, here] of [
    ['client_id', 'client_id'],
    ['returnTo', 'redirect_url'],
  ] as const) {
    for (const value of query.get(there) ?? []) renamed.append(here, value);
  }
  return c.redirect(`${site.provider.tenant.site}/logout?${renamed.toString()}`, 307);
};
