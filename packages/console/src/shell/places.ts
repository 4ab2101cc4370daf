import { useQuery } from '@tanstack/react-query';
import { has } from '../api/permission.ts';
import { meQuery } from '../api/queries.ts';
import type { Permission } from '../api/types.ts';

type Place = Readonly<{ to: string; label: string; needs?: Permission; operation?: string }>;

/** What operators see, in the order of use, with the scope and the operation that each takes. */
const PLACES: readonly Place[] = [
  { to: '/', label: 'Overview' },
  { to: '/applications', label: 'Applications', needs: 'signet:clients:read' },
  { to: '/refusals', label: 'Refusals', needs: 'signet:refusals:read' },
  { to: '/users', label: 'Users', needs: 'signet:users:read' },
  { to: '/groups', label: 'Groups', needs: 'signet:groups:read', operation: 'GET /groups' },
  { to: '/sessions', label: 'Sessions', needs: 'signet:sessions:read' },
  { to: '/scopes', label: 'Scopes', needs: 'signet:scopes:read', operation: 'GET /scopes' },
  { to: '/resources', label: 'APIs', needs: 'signet:resources:read', operation: 'GET /resources' },
  { to: '/keys', label: 'Keys', needs: 'signet:keys:read' },
  { to: '/audit', label: 'Audit', needs: 'signet:audit:read' },
  { to: '/settings', label: 'Settings', needs: 'signet:settings:read' },
  { to: '/tenants', label: 'Tenants', needs: 'signet:tenants:read', operation: 'GET /tenants' },
];

/** The places that are open to the person, and that the interface has. */
export function usePlaces(): readonly Place[] {
  const permissions = useQuery(meQuery).data?.permissions ?? [];
  return PLACES.filter(
    ({ needs, operation }) =>
      (needs === undefined || permissions.includes(needs)) && (operation === undefined || has(operation)),
  );
}
