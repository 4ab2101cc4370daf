import { beginSession, browserState, findSignedIn } from '../identity/browser-sessions.ts';
import { knownBrowser } from '../identity/sign-in.ts';
import type { SignedIn } from '../model/browser-session.ts';
import { randomText } from '../model/secret.ts';
import type { User } from '../model/user.ts';
import { readCookies, writeCookie } from './cookies.ts';
import type { Site, WebContext } from './site.ts';

/** The browser that sent a request, and who is signed in there. */
export type Browser = Readonly<{ id: string; handles: readonly string[]; signedIn: SignedIn | undefined }>;

const MOST_ACCOUNTS = 5;
const YEAR = 365 * 86_400;

/** Reads the cookies; a browser without a name gets one with the answer. */
export async function readBrowser(c: WebContext, site: Site): Promise<Browser> {
  const { tenant, random } = site.provider;
  const cookie = readCookies(c, tenant);
  const known = cookie('browser');
  const id = known !== undefined && /^[A-Za-z0-9_-]{22,64}$/.test(known) ? known : randomText(random, 24);
  if (id !== known) writeCookie(c, tenant, { name: 'browser', value: id });
  const handles = partsOf(cookie('session'));
  const [current] = handles;
  return {
    id,
    handles,
    signedIn: current === undefined ? undefined : await findSignedIn(site.provider, current),
  };
}

/** An account at this browser with the handle that makes it the current one. */
export type Account = Readonly<{ handle: string; signedIn: SignedIn }>;

export async function accountsAt(browser: Browser, site: Site): Promise<readonly Account[]> {
  const found = await Promise.all(
    browser.handles.map(async (handle) => ({ handle, signedIn: await findSignedIn(site.provider, handle) })),
  );
  return found.flatMap(({ handle, signedIn }) => (signedIn === undefined ? [] : [{ handle, signedIn }]));
}

/** Starts a session for the person and makes it the current one. */
export async function signInAt(c: WebContext, site: Site, browser: Browser, user: User): Promise<Browser> {
  const { provider } = site;
  const accounts = await accountsAt(browser, site);
  const current = accounts.find(({ signedIn }) => signedIn.user.id === user.id)?.signedIn;
  const handle = await beginSession(provider, user, { current, userAgent: c.req.header('user-agent') ?? '' });
  const others = accounts
    .filter(({ signedIn }) => signedIn.user.id !== user.id)
    .map((account) => account.handle);
  const proofs = [knownBrowser(provider, user), ...knownProofs(c, site)];
  writeCookie(c, provider.tenant, {
    name: 'known',
    value: [...new Set(proofs)].slice(0, MOST_ACCOUNTS).join('.'),
    maxAge: YEAR,
  });
  return switchTo(c, site, browser, [handle, ...others]);
}

/** Makes the first of the handles the current session. */
export async function switchTo(
  c: WebContext,
  site: Site,
  browser: Browser,
  handles: readonly string[],
): Promise<Browser> {
  const { provider } = site;
  const { tenant } = provider;
  const kept = handles.slice(0, MOST_ACCOUNTS);
  const [current] = kept;
  const signedIn = current === undefined ? undefined : await findSignedIn(provider, current);
  const maxAge = tenant.profile.lifetimes.session;
  writeCookie(c, tenant, { name: 'session', value: kept.join('.'), maxAge: kept.length === 0 ? 0 : maxAge });
  writeCookie(c, tenant, { name: 'state', value: browserState(provider, signedIn), maxAge });
  return { ...browser, handles: kept, signedIn };
}

export const knownProofs = (c: WebContext, site: Site): readonly string[] =>
  partsOf(readCookies(c, site.provider.tenant)('known'));

const partsOf = (cookie = ''): readonly string[] => cookie.split('.').filter(Boolean).slice(0, MOST_ACCOUNTS);
