import { getClient } from '../admin/clients.ts';
import { endBrowserSessions } from '../identity/browser-sessions.ts';
import { openForBrowser, sealForBrowser } from '../identity/interaction.ts';
import { clientDisplayName } from '../model/client.ts';
import { endpointUrl } from '../model/tenant.ts';
import { tellOfLogout } from '../oauth/backchannel-logout.ts';
import { OAuthError } from '../oauth/error.ts';
import {
  type LogoutRequest,
  mustConfirmLogout,
  parseLogoutRequest,
  postLogoutLocation,
} from '../oauth/logout.ts';
import { one, type Params } from '../oauth/params.ts';
import { accountsAt, type Browser, readBrowser, switchTo } from './browser.ts';
import { isSignOutForm } from './home-routes.ts';
import { logoutPage, signedOutPage } from './pages/logout.ts';
import { accountOf } from './person-pages.ts';
import { isForeignPost } from './person-routes.ts';
import { askByGet, readForm, readQuery } from './request-body.ts';
import { show } from './show.ts';
import type { Route, Site, WebContext } from './site.ts';
import { refusalPage, troublePage } from './trouble.ts';

const USE = 'logout';

/** A sign-out asked for by an application, by GET or POST (OIDC RP-Initiated Logout §2). */
export const logoutByGet: Route = async (c, site) => logout(c, site, readQuery(c));

export const logoutByPost: Route = async (c, site) => {
  const form = await readForm(c);
  const own = one(form, 'sign_out');
  const confirmed = one(form, 'logout');
  // Without cookies nobody seems to be signed in, and there would be nobody to ask: so never answered as it is.
  if (own === undefined && confirmed === undefined)
    return (
      askByGet(c, endpointUrl(site.provider.tenant, 'end_session'), form) ?? troublePage(c, site, 'logout')
    );
  const browser = await readBrowser(c, site);
  if (own !== undefined && !isForeignPost(c) && isSignOutForm(site, browser, own))
    return signOut(c, site, browser, {});
  return decided(c, site, browser, { sealed: confirmed ?? '', decision: one(form, 'decision') });
};

async function logout(c: WebContext, site: Site, params: Params): Promise<Response> {
  try {
    const request = await parseLogoutRequest(site.provider, params);
    const browser = await readBrowser(c, site);
    const { provider } = site;
    if (!mustConfirmLogout(provider, request, browser.signedIn))
      return await signOut(c, site, browser, request);
    if (provider.tenant.profile.logout.asks_at === 'end_session')
      return await confirmPage(c, site, browser, request);
    const query = new URLSearchParams({ [USE]: sealForBrowser(provider, USE, request, browser.id) });
    return c.redirect(`${endpointUrl(provider.tenant, 'signed_out')}?${query.toString()}`, 303);
  } catch (error) {
    if (error instanceof OAuthError) return refusalPage(c, site, { error, endpoint: 'end_session', params });
    throw error;
  }
}

async function confirmPage(
  c: WebContext,
  site: Site,
  browser: Browser,
  request: LogoutRequest,
): Promise<Response> {
  const { provider } = site;
  const client = request.client_id === undefined ? undefined : await getClient(provider, request.client_id);
  const { signedIn } = browser;
  if (signedIn === undefined) return signOut(c, site, browser, request);
  const redirectHost =
    request.post_logout_redirect_uri === undefined ? '' : new URL(request.post_logout_redirect_uri).host;
  return show(
    c,
    site,
    (frame) =>
      logoutPage(frame, {
        action: endpointUrl(provider.tenant, 'end_session'),
        fields: { logout: sealForBrowser(provider, USE, request, browser.id) },
        account: accountOf(signedIn.user),
        ...(client && {
          client: {
            client_id: client.client_id,
            client_name: clientDisplayName(client),
            redirectHost,
            thirdParty: false,
          },
        }),
      }),
    { uiLocales: request.ui_locales },
  );
}

/** The person's decision on the page of our own. */
async function decided(
  c: WebContext,
  site: Site,
  browser: Browser,
  form: { sealed: string; decision: string | undefined },
): Promise<Response> {
  if (isForeignPost(c)) return troublePage(c, site, 'other-browser');
  const opened = openForBrowser<LogoutRequest>(site.provider, USE, form.sealed, browser.id);
  if (opened.kind !== 'good')
    return troublePage(c, site, opened.kind === 'stale' ? 'stale-page' : 'other-browser');
  if (form.decision === 'allow') return signOut(c, site, browser, opened.value);
  if (form.decision === 'deny') return c.redirect(endpointUrl(site.provider.tenant, 'home'), 303);
  return confirmPage(c, site, browser, opened.value);
}

/** Ends every session at this browser, with all that was given on them but for offline use. */
export async function signOutHere(c: WebContext, site: Site, browser: Browser): Promise<void> {
  const { provider } = site;
  const ended = (await accountsAt(browser, site)).map(({ signedIn }) => signedIn);
  await endBrowserSessions(provider, ended);
  tellOfLogout(
    provider,
    ended.map(({ session: { id, sid }, user }) => ({ id, sid, user })),
  );
  await switchTo(c, site, browser, []);
}

/** Ends every session at this browser and goes where a registered address leads. */
async function signOut(
  c: WebContext,
  site: Site,
  browser: Browser,
  request: LogoutRequest,
): Promise<Response> {
  await signOutHere(c, site, browser);
  const location = postLogoutLocation(request);
  c.header('cache-control', 'no-store');
  return c.redirect(location ?? endpointUrl(site.provider.tenant, 'signed_out'), 303);
}

/** Says that nobody is signed in any more; where the profile has it, asks here whoever still is. */
export const signedOutRoute: Route = async (c, site) => {
  const { provider } = site;
  if (provider.tenant.profile.logout.asks_at === 'signed_out') {
    const browser = await readBrowser(c, site);
    const asked = openForBrowser<LogoutRequest>(provider, USE, one(readQuery(c), USE) ?? '', browser.id);
    if (browser.signedIn !== undefined)
      return confirmPage(c, site, browser, asked.kind === 'good' ? asked.value : {});
  }
  return show(c, site, (frame) => signedOutPage(frame, {}));
};
