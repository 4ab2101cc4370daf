import { listClients } from '../admin/clients.ts';
import { openForBrowser, sealForBrowser } from '../identity/interaction.ts';
import { clientDisplayName } from '../model/client.ts';
import { endpointUrl } from '../model/tenant.ts';
import { type Browser, readBrowser } from './browser.ts';
import { whichApplicationPage } from './pages/which-application.ts';
import { accountOf } from './person-pages.ts';
import { show } from './show.ts';
import type { Route, Site, WebContext } from './site.ts';

/** Somebody came without a request: says who is signed in, and leads to the applications that tell where they begin. */
export const homeRoute: Route = async (c, site) => showWhichApplication(c, site, await readBrowser(c, site));

const MOST_APPLICATIONS = 50;

export async function showWhichApplication(c: WebContext, site: Site, browser: Browser): Promise<Response> {
  const { signedIn } = browser;
  const { tenant } = site.provider;
  const clients = await listClients(site.provider);
  const applications = clients
    .flatMap((client) => {
      const { initiate_login_uri: login, client_uri } = client;
      const href = login === undefined ? client_uri : withIssuer(login, site);
      return href === undefined || client.disabled === true
        ? []
        : [{ client_name: clientDisplayName(client), href }];
    })
    .slice(0, MOST_APPLICATIONS);
  return show(c, site, (frame) =>
    whichApplicationPage(frame, {
      applications,
      ...(tenant.profile.home_names_address && { address: tenant.issuer }),
      ...(signedIn && { account: accountOf(signedIn.user), signOut: signOutForm(site, browser) }),
    }),
  );
}

/** Where a sign-in begins at the application, which is told at whom (OIDC Core §4). */
function withIssuer(login: string, site: Site): string {
  const url = new URL(login);
  url.searchParams.set('iss', site.provider.tenant.issuer);
  return url.href;
}

const USE = 'sign out here';

/** A form that signs out without further question: only this browser's own page can hold it. */
const signOutForm = (site: Site, browser: Browser) => ({
  action: endpointUrl(site.provider.tenant, 'end_session'),
  fields: { sign_out: sealForBrowser(site.provider, USE, true, browser.id), decision: 'allow' },
});

export const isSignOutForm = (site: Site, browser: Browser, text: string): boolean =>
  openForBrowser(site.provider, USE, text, browser.id).kind === 'good';
