/** The three spellings of "this very machine". `localhost` is left out where a profile does not trust it (RFC 8252 §8.3). */
const LOOPBACK_IPS = ['127.0.0.1', '[::1]'];

/** What the comparison may leave open; everything else is exact. */
export type RedirectRules = Readonly<{ localhostAnyPort: boolean }>;

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
 * The registered URI that allows the requested one: equal as text, or a loopback URI equal but for its port
 * (RFC 9700 §4.1.3, RFC 8252 §7.3).
 */
export function matchRedirectUri(
  registered: readonly string[],
  requested: string,
  rules: RedirectRules,
): string | undefined {
  return registered.find((uri) => uri === requested || sameButPort(uri, requested, rules));
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
