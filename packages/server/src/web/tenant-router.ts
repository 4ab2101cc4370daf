import type { IncomingMessage } from 'node:http';
import { ENDPOINTS } from '../model/profile.ts';
import type { Tenant } from '../model/tenant.ts';
import type { TenantApp } from './tenant-app.ts';

/** A tenant and the way to its HTTP face, which is made at the first request. */
export type Entrance = Readonly<{ tenant: Tenant; app: () => Promise<TenantApp> }>;

/** The entrance that a request is for; undefined when no tenant lives at its address. */
export type FindEntrance = (url: string, incoming: IncomingMessage) => Entrance | undefined;

/** Finds the tenant of a request by the configured issuers alone (rulings 15). */
export function tenantRouter(entrances: readonly Entrance[]): FindEntrance {
  const [only, ...others] = entrances;
  if (only !== undefined && others.length === 0) return () => only;
  const byLongestPath = entrances.toSorted((a, b) => b.tenant.path.length - a.tenant.path.length);
  const byHost = Map.groupBy(byLongestPath, ({ tenant }) => new URL(tenant.issuer).host);
  return (url, incoming) => {
    const { pathname } = new URL(url);
    const host = (incoming.headers.host ?? '').toLowerCase();
    return byHost.get(host)?.find(({ tenant }) => isBelow(pathname, tenant.path));
  };
}

/** Every path at which an endpoint of a tenant lives. */
export const pathsOfTenants = (entrances: readonly Entrance[]): ReadonlySet<string> =>
  new Set(
    entrances.flatMap(({ tenant }) => {
      const { path: base, profile } = tenant;
      return [base, ...ENDPOINTS.flatMap((endpoint) => profile.paths[endpoint].map((path) => base + path))];
    }),
  );

/** The issuer's own paths, and the well-known ones that RFC 8414 §3 puts before its path. */
function isBelow(pathname: string, base: string): boolean {
  if (pathname === base || pathname.startsWith(`${base}/`)) return true;
  return (
    /^\/\.well-known\/(openid-configuration|oauth-authorization-server)(?=\/)/.test(pathname) &&
    pathname.endsWith(base)
  );
}
