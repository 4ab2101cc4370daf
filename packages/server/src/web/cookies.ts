import { getCookie, setCookie } from 'hono/cookie';
import type { Tenant } from '../model/tenant.ts';
import type { WebContext } from './site.ts';

/** The cookies Signet sets, and what each may be read by. */
const COOKIES = {
  /** Tells one browser from another before anybody has signed in; ties pages to the browser that opened them. */
  browser: { httpOnly: true },
  /** Handles of the sessions at this browser, the current one first. */
  session: { httpOnly: true },
  /** Proofs of earlier sign-ins, which shorten waits after strangers' failures. */
  known: { httpOnly: true },
  /** Read by the check-session page (OIDC Session Management §3.2). */
  state: { httpOnly: false },
} as const;

export type CookieName = keyof typeof COOKIES;

const isSecure = (tenant: Tenant): boolean => tenant.issuer.startsWith('https:');

/** Tenants below one host share a cookie jar, so each has names of its own. */
const plainName = (tenant: Tenant, name: CookieName): string =>
  `signet_${name}${tenant.path === '' ? '' : `_${tenant.name}`}`;

/** The name as it stands in the browser: with the prefix that keeps other hosts and plain http from setting it. */
export const cookieName = (tenant: Tenant, name: CookieName): string =>
  `${isSecure(tenant) ? '__Host-' : ''}${plainName(tenant, name)}`;

/** Reads the cookies of a request once, for whoever asks for several. */
export function readCookies(c: WebContext, tenant: Tenant): (name: CookieName) => string | undefined {
  const sent = getCookie(c);
  return (name) => sent[cookieName(tenant, name)];
}

/** Whether the answer to this request sets a cookie. */
export const setsCookies = (c: WebContext): boolean => c.get('hasCookies') === true;

/** Sets a cookie for so many seconds, or until the browser is closed. */
export function writeCookie(
  c: WebContext,
  tenant: Tenant,
  cookie: { name: CookieName; value: string; maxAge?: number },
): void {
  const secure = isSecure(tenant);
  c.set('hasCookies', true);
  setCookie(c, plainName(tenant, cookie.name), cookie.value, {
    path: '/',
    httpOnly: COOKIES[cookie.name].httpOnly,
    // The check-session page is framed by other sites by design.
    sameSite: cookie.name === 'state' && secure ? 'None' : 'Lax',
    secure,
    ...(secure && { prefix: 'host' }),
    ...(cookie.maxAge !== undefined && { maxAge: cookie.maxAge }),
  });
}
