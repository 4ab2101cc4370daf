import type { Profile } from './profile.ts';

/** The three spellings of "this very machine". `localhost` is left out where a profile does not trust it (RFC 8252 §8.3). */
const LOOPBACK_IPS = ['127.0.0.1', '[::1]'];

/** What the comparison may leave open; everything else is exact. */
export type RedirectRules = Readonly<{ localhostAnyPort: boolean; anyLoopback: boolean }>;

/** What a profile leaves open for a client of that type. */
export const redirectRules = (
  profile: Pick<Profile, 'localhost_any_port' | 'any_loopback_redirect'>,
  applicationType: 'web' | 'native',
): RedirectRules => ({
  localhostAnyPort: profile.localhost_any_port && applicationType === 'native',
  anyLoopback: profile.any_loopback_redirect,
});

/** Undefined unless the text is an absolute URI that a browser could follow. */
export function parseUri(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** True for plain http on this machine (RFC 8252 §7.3). */
export function isLoopbackHttp(uri: URL, localhost: boolean): boolean {
  return (
    uri.protocol === 'http:' &&
    (LOOPBACK_IPS.includes(uri.hostname) || (localhost && uri.hostname === 'localhost'))
  );
}

/**
 * The URI that allows the requested one: a registered one, equal as text or a loopback URI equal but for its port
 * (RFC 9700 §4.1.3, RFC 8252 §7.3), or the requested one itself where any loopback address is allowed.
 */
export function matchRedirectUri(
  registered: readonly string[],
  requested: string,
  rules: RedirectRules,
): string | undefined {
  const match = registered.find((uri) => uri === requested || sameButPort(uri, requested, rules));
  return match ?? (rules.anyLoopback && isPlainLoopback(requested) ? requested : undefined);
}

/** An address on this machine that could be registered, so without anything that programs read in different ways. */
function isPlainLoopback(text: string): boolean {
  const uri = parseUri(text);
  return uri !== undefined && isLoopbackHttp(uri, true) && redirectUriFault(text, 'web') === undefined;
}

function sameButPort(registered: string, requested: string, rules: RedirectRules): boolean {
  const allowed = parseUri(registered);
  if (allowed === undefined || !isLoopbackHttp(allowed, rules.localhostAnyPort)) return false;
  const origin = new RegExp(
    `^http://${allowed.hostname.replace(/[.[\]]/g, '\\$&')}(?::([1-9][0-9]{0,4}))?(?=[/?]|$)`,
  );
  const port = origin.exec(requested)?.[1];
  if (!origin.test(requested) || !origin.test(registered) || Number(port ?? 80) > 65535) return false;
  return requested.replace(origin, '') === registered.replace(origin, '');
}

/** What an answer adds to the query (RFC 6749 §4.1.2, RFC 9207 §2, OIDC Session Management §2). */
const ANSWERED = ['code', 'state', 'iss', 'error', 'session_state', 'id_token', 'access_token'];

/** Why a URI cannot be registered as a redirect URI, or undefined when it can. */
export function redirectUriFault(text: string, applicationType: 'web' | 'native'): string | undefined {
  const uri = parseUri(text);
  if (uri === undefined) return 'is not an absolute URI';
  if (/[\s\\*]|[^\x21-\x7E]/.test(text))
    return 'contains a blank, a backslash, a wildcard or a character outside ASCII';
  if (text.includes('#')) return 'has a fragment (RFC 6749 §3.1.2)';
  if (uri.username !== '' || uri.password !== '') return 'carries a user name or password';
  if (/(^|[/\\])(\.|%2e){1,2}([/\\?]|$)/i.test(text.replace(/^[^:]+:\/\/[^/]*/, '')))
    return 'has dot segments in its path';
  if (ANSWERED.some((name) => uri.searchParams.has(name)))
    return 'has a query parameter that answers carry, so that a client could mistake the one for the other';
  if (uri.protocol === 'https:') return undefined;
  if (uri.protocol === 'http:') {
    return isLoopbackHttp(uri, true)
      ? undefined
      : 'is plain http on another host than this machine (RFC 9700 §2.6)';
  }
  if (/^(javascript|data|vbscript|file|blob|about|ws|wss|ftp|mailto|view-source):$/.test(uri.protocol)) {
    return `has the scheme ${uri.protocol}, which is no place to send an answer to`;
  }
  if (applicationType === 'web') return 'has a private scheme, which only a native application may use';
  return uri.protocol.includes('.')
    ? undefined
    : 'has a private scheme without a dot: use a reversed domain name such as com.example.app:/cb (RFC 8252 §7.1)';
}
