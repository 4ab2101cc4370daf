import type { Endpoint } from '../model/profile.ts';

/** Whether a host name can only mean this machine. */
export function isLoopbackHost(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** Port that a URL speaks to, written or not. */
export const portOf = (url: URL): number =>
  url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);

/** Why a text cannot be an issuer (OIDC Discovery §3, RFC 8414 §2), or undefined when it can. */
export function issuerFault(text: string, allowInsecure: boolean): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return 'must be an https:// address such as https://id.example.com';
  if (url.username !== '' || url.password !== '') return 'carries a user name or password';
  if (/[?#]/.test(text)) return 'has a query or fragment, which an issuer cannot have (OIDC Discovery §3)';
  const plain = url.href.replace(/\/$/, '');
  if (text === `${plain}/`) return `ends with a slash: write it as ${plain}`;
  if (text !== plain) return `must be written as it is compared: ${plain}`;
  if (!/^(\/[A-Za-z0-9._~-]+)*$/.test(url.pathname === '/' ? '' : url.pathname)) {
    return 'has a path of other than letters, digits, dots, hyphens, underscores and tildes';
  }
  if (url.pathname.startsWith('/.well-known'))
    return 'has a path under /.well-known, which is kept for discovery (RFC 8615)';
  if (url.protocol === 'https:' || allowInsecure || isLoopbackHost(url.hostname)) return undefined;
  return 'must begin with https://: plain http is only for this machine (allow_insecure_issuer: true overrides this)';
}

/** What the comparison of two issuers must know of each. */
export type IssuerPlace = Readonly<{
  name: string;
  issuer: string;
  paths: Readonly<Record<Endpoint, readonly string[]>>;
}>;

/** Why two providers cannot live on one server, said of the second, or undefined when they can. */
export function issuerClash(first: IssuerPlace, second: IssuerPlace): string | undefined {
  if (first.issuer === second.issuer) return `is the issuer of ${first.name} too`;
  return coversEndpoint(first, second) ?? coversEndpoint(second, first);
}

/** An issuer below another one takes away what lies under its path there. */
function coversEndpoint(outer: IssuerPlace, inner: IssuerPlace): string | undefined {
  if (!inner.issuer.startsWith(`${outer.issuer}/`)) return undefined;
  const rest = inner.issuer.slice(outer.issuer.length);
  const covered = Object.values(outer.paths)
    .flat()
    .find((path) => path === rest || path.startsWith(`${rest}/`));
  return covered === undefined
    ? undefined
    : `clashes: ${inner.issuer} covers ${outer.issuer}${covered}, an endpoint of ${outer.name}`;
}
