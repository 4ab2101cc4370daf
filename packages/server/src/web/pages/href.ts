/** Stands in for our own origin; only the scheme of the resolved address is looked at. */
const OWN_ORIGIN = 'https://signet.invalid';

const isWeb = (protocol: string | undefined): boolean => protocol === 'https:' || protocol === 'http:';

/** An absolute web address of somebody else's, or undefined: never `javascript:`, `data:` or the like. */
export const webHref = (url: string | undefined): string | undefined =>
  url !== undefined && isWeb(URL.parse(url)?.protocol) ? url : undefined;

/** A web address or a path on this server, or undefined. */
export const ownHref = (url: string | undefined): string | undefined =>
  url !== undefined && isWeb(URL.parse(url, OWN_ORIGIN)?.protocol) ? url : undefined;

/** A web address, or an app's private-use scheme, which is a reversed domain name (RFC 8252 §7.1); else undefined. */
export function returnHref(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  const protocol = URL.parse(url)?.protocol;
  const isPrivateUse = protocol !== undefined && /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(protocol);
  return isWeb(protocol) || isPrivateUse ? url : undefined;
}
