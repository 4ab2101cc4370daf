import type { Profile, RedirectPlaceholder } from './profile.ts';

/** The three spellings of "this very machine". `localhost` is left out where a profile does not trust it (RFC 8252 §8.3). */
const LOOPBACK_IPS = ['127.0.0.1', '[::1]'];

/** What the comparison may leave open; everything else is exact. */
export type RedirectRules = Readonly<{
  localhostAnyPort: boolean;
  hostsAlike: boolean;
  anyPath: boolean;
  anyLoopback: boolean;
}>;

/** What a profile leaves open for a client of that type. */
export const redirectRules = (
  { redirects }: Pick<Profile, 'redirects'>,
  applicationType: 'web' | 'native',
): RedirectRules => ({
  localhostAnyPort: redirects.localhost_any_port && applicationType === 'native',
  hostsAlike: redirects.loopback_hosts_alike && applicationType === 'native',
  anyPath: redirects.loopback_any_path && applicationType === 'native',
  anyLoopback: redirects.any_loopback,
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

/** A loopback URI as host, port and the rest, in the very characters in which it was written. */
const LOOPBACK_URI = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(?::([1-9][0-9]{0,4}))?((?:[/?].*)?)$/s;

function sameButPort(registered: string, requested: string, rules: RedirectRules): boolean {
  const [, allowedHost = '', , allowedRest = ''] = LOOPBACK_URI.exec(registered) ?? [];
  const [, host = '', port = '80', rest = ''] = LOOPBACK_URI.exec(requested) ?? [];
  if (allowedHost === '' || host === '' || Number(port) > 65535) return false;
  if (allowedHost === 'localhost' && !rules.localhostAnyPort) return false;
  if (host !== allowedHost && !rules.hostsAlike) return false;
  if (rest === allowedRest) return true;
  return rules.anyPath && allowedRest === '' && redirectUriFault(requested, 'native') === undefined;
}

/** What an answer adds to the query (RFC 6749 §4.1.2, RFC 9207 §2, OIDC Session Management §2). */
const ANSWERED = ['code', 'state', 'iss', 'error', 'session_state', 'id_token', 'access_token'];

/** What a provider lets its clients register beyond what RFC 9700 does. */
export type RedirectRegistration = Readonly<{
  manners: Pick<Profile['redirects'], 'by_application_type' | 'dotted_schemes' | 'placeholders'>;
  /** Addresses of the provider itself. */
  sites: readonly string[];
  /** Plain http addresses on other machines that the operator vouches for. */
  insecure: readonly string[];
}>;

/** RFC 8252 and RFC 9700 as they are. */
export const STRICT_REGISTRATION: RedirectRegistration = {
  manners: { by_application_type: false, dotted_schemes: true, placeholders: {} },
  sites: [],
  insecure: [],
};

/** Why a URI cannot be registered as a redirect URI, or undefined when it can. */
export function redirectUriFault(
  text: string,
  applicationType: 'web' | 'native',
  { manners, sites, insecure }: RedirectRegistration = STRICT_REGISTRATION,
): string | undefined {
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
  if (uri.protocol === 'https:') {
    return manners.by_application_type && applicationType === 'native'
      ? 'is https, which a native application cannot be found at (application_type)'
      : undefined;
  }
  if (uri.protocol === 'http:') {
    const vouchedFor = insecure.includes(text) || sites.some((site) => text.startsWith(`${site}/`));
    if (!vouchedFor && manners.by_application_type && applicationType === 'web')
      return 'is plain http, which a web application may not use (application_type)';
    return vouchedFor || isLoopbackHttp(uri, true)
      ? undefined
      : 'is plain http on another host than this machine (RFC 9700 §2.6)';
  }
  if (/^(javascript|data|vbscript|file|blob|about|ws|wss|ftp|mailto|view-source):$/.test(uri.protocol)) {
    return `has the scheme ${uri.protocol}, which is no place to send an answer to`;
  }
  if (applicationType === 'web') return 'has a private scheme, which only a native application may use';
  return uri.protocol.includes('.') || !manners.dotted_schemes
    ? undefined
    : 'has a private scheme without a dot: use a reversed domain name such as com.example.app:/cb (RFC 8252 §7.1)';
}

/** The largest number of ports that a range may stand for. */
const MOST_PORTS = 100;
const PORT_RANGE = /^(https?:\/\/[^/[\]]+:)\[(\d{1,5})-(\d{1,5})\](.*)$/s;

/** The URIs that a text with a range of ports such as `http://localhost:[3636-3666]/cb`, or with placeholders, stands for. */
export function expandRedirectUri(
  text: string,
  { manners, sites }: Pick<RedirectRegistration, 'manners' | 'sites'>,
): readonly string[] {
  const [, before = '', first = '', last = '', after = ''] = PORT_RANGE.exec(text) ?? [];
  const ports = Number(last) - Number(first) + 1;
  if (before !== '' && ports >= 1 && ports <= MOST_PORTS)
    return Array.from({ length: ports }, (_, index) => `${before}${Number(first) + index}${after}`);
  const name = Object.keys(manners.placeholders).find((known) => text.includes(known));
  if (name === undefined) return [text];
  return replacements(manners.placeholders[name], sites).map((value) => text.replace(name, () => value));
}

function replacements(
  placeholder: RedirectPlaceholder | undefined,
  sites: readonly string[],
): readonly string[] {
  switch (placeholder) {
    case 'site':
      return sites.slice(0, 1);
    case 'every_site':
      return sites;
    case 'every_insecure_site':
      return sites.filter((site) => site.startsWith('http:') && !isLoopbackHttp(new URL(site), true));
    case 'host':
      return sites.map((site) => new URL(site).host);
    case undefined:
      return [];
  }
}
