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

/** An address at which a provider is served, and what it has there. */
export type IssuerPlace = Readonly<{
  name: string;
  site: string;
  paths: Readonly<Record<Endpoint, readonly string[]>>;
}>;

/** Why providers cannot live on one server, each said of the later place, by its index. */
export function issuerClashes(
  places: readonly IssuerPlace[],
): readonly Readonly<{ index: number; message: string }>[] {
  const first = new Map<string, IssuerPlace>();
  const twice = places.flatMap((place, index) => {
    const earlier = first.get(place.site);
    if (earlier === undefined) first.set(place.site, place);
    return earlier === undefined
      ? []
      : [{ index, message: `is served at ${place.site}, where ${earlier.name} is too` }];
  });
  const covered = places.flatMap((inner, index) => {
    const outer = sitesAround(inner.site).map((site) => first.get(site));
    const messages = outer.map((place) => place && coversEndpoint(place, inner));
    return messages.filter((message) => message !== undefined).map((message) => ({ index, message }));
  });
  return [...twice, ...covered];
}

/** Every address of which that one is a part. */
function sitesAround(site: string): readonly string[] {
  const { origin, pathname } = new URL(site);
  const parts = pathname.split('/').filter((part) => part !== '');
  return parts.map((_, index) => [origin, ...parts.slice(0, index)].join('/'));
}

/** A provider below another one takes away what lies under its path there. */
function coversEndpoint(outer: IssuerPlace, inner: IssuerPlace): string | undefined {
  const rest = inner.site.slice(outer.site.length);
  const covered = Object.values(outer.paths)
    .flat()
    .find((path) => path === rest || path.startsWith(`${rest}/`));
  return covered === undefined
    ? undefined
    : `clashes: ${inner.site} covers ${outer.site}${covered}, an endpoint of ${outer.name}`;
}
