import { type Browser, readBrowser } from '../../web/browser.ts';
import { signOutHere } from '../../web/logout-routes.ts';
import { isForeignPost } from '../../web/person-routes.ts';
import type { Site, WebContext } from '../../web/site.ts';
import { flagOf, numberOf, textMapOf } from './fields.ts';
import { badInput, forbidden, type Json, type Place, readJson } from './rest.ts';
import { type SessionWay, signedInAt, tokensOf } from './session-answer.ts';
import { exchangeForPersonalToken } from './session-token.ts';
import { answerChallenge, exchangeCode, signInWithPassword } from './session-ways.ts';

const WAYS: Readonly<Record<string, SessionWay>> = {
  credentials: signInWithPassword,
  external: answerChallenge,
  authorization_code: exchangeCode,
  PAT: exchangeForPersonalToken,
  exchange_pat: exchangeForPersonalToken,
  refresh: async (_c, site, _info, browser) => tokensOf(site, signedInAt(browser)),
  logout: async (c, site, _info, browser) => leave(c, site, browser),
};

/** The longest is a sealed login challenge. */
const LONGEST_INFO = 12_288;

/** `/a/frontend/session`: a session in a cookie for the pages of Cells, and tokens for programs that bring a password. */
export const sessionPlace: Place = {
  GET: async (c, site) => {
    refuseForeign(c);
    const { signedIn } = await readBrowser(c, site);
    if (signedIn === undefined) return {};
    const { Token } = await tokensOf(site, signedIn);
    return { Token };
  },
  POST: async (c, site) => {
    refuseForeign(c);
    const body = await readJson(c);
    const info = textMapOf(body, 'AuthInfo', LONGEST_INFO) ?? {};
    // Programs send the low half of their clock, which may be negative; nothing depends on it.
    if (typeof body['ClientTime'] !== 'number') numberOf(body, 'ClientTime');
    const browser = await readBrowser(c, site);
    if (flagOf(body, 'Logout')) return leave(c, site, browser);
    const { type } = info;
    if (type === undefined) return browser.signedIn === undefined ? {} : tokensOf(site, browser.signedIn);
    const way = Object.hasOwn(WAYS, type) ? WAYS[type] : undefined;
    if (way === undefined) throw badInput('AuthInfo has no type that is known here.');
    return way(c, site, info, browser);
  },
  DELETE: async (c, site) => {
    refuseForeign(c);
    return leave(c, site, await readBrowser(c, site));
  },
};

/** Pages of other sites have no business here: the cookie would speak for a person who did not ask. */
function refuseForeign(c: WebContext): void {
  if (isForeignPost(c)) throw forbidden('Pages of other sites may not use the session.');
}

async function leave(c: WebContext, site: Site, browser: Browser): Promise<Json> {
  await signOutHere(c, site, browser);
  return {};
}
