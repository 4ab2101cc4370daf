import type { IncomingMessage } from 'node:http';
import type { Profile } from '../model/profile.ts';
import { pathOf } from '../model/tenant.ts';
import { PROBES } from './probes.ts';
import type { TenantApp } from './tenant-app.ts';

/** Where a tenant is served, and the way to its HTTP face. */
export type Entrance = Readonly<{
  issuer: string;
  site: string;
  /** Path of the site. */
  path: string;
  paths: Profile['paths'];
  /** Made at the first request, and anew when the tenant is defined otherwise; until then the same. */
  app: () => TenantApp | Promise<TenantApp>;
}>;

/** The entrance that a request is for; undefined when no tenant lives at its address. */
export type FindEntrance = (url: string, incoming: IncomingMessage) => Entrance | undefined;

/** Finds the tenant of a request by the configured issuers alone (rulings 15). */
export function tenantRouter(entrances: readonly Entrance[]): FindEntrance {
  const [only, ...others] = entrances;
  if (only !== undefined && others.length === 0) return () => only;
  const bySite = new Map(entrances.map((entrance) => [placeName(entrance.site, entrance.path), entrance]));
  const byIssuer = new Map(
    entrances.map((entrance) => [placeName(entrance.issuer, pathOf(entrance.issuer)), entrance]),
  );
  return (url, incoming) => {
    const { pathname } = new URL(url);
    const host = (incoming.headers.host ?? '').toLowerCase();
    // RFC 8414 §3 puts the well-known part before the path of the issuer.
    const [, behind] = WELL_KNOWN.exec(pathname) ?? [];
    const named = behind === undefined ? undefined : byIssuer.get(host + behind);
    return named ?? longestBefore(pathname, (path) => bySite.get(host + path));
  };
}

const WELL_KNOWN = /^\/\.well-known\/(?:openid-configuration|oauth-authorization-server)(\/.+)$/;

const placeName = (url: string, path: string): string => new URL(url).host + path;

/** What is found under the path itself, or else under the nearest one above it. */
function longestBefore<Found>(
  pathname: string,
  find: (path: string) => Found | undefined,
): Found | undefined {
  let path = pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
  for (;;) {
    const found = find(path);
    if (found !== undefined || path === '') return found;
    path = path.slice(0, path.lastIndexOf('/'));
  }
}

/** The paths of probes that a tenant has taken for itself. */
export function takenProbes(entrances: readonly Entrance[]): ReadonlySet<string> {
  const probes = [...PROBES.keys()];
  const takes = ({ path: base, paths }: Entrance, probe: string): boolean =>
    probe.startsWith(base) &&
    (probe === base || Object.values(paths).flat().includes(probe.slice(base.length)));
  return new Set(probes.filter((probe) => entrances.some((entrance) => takes(entrance, probe))));
}
