import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/queries.ts';
import type { Permission } from '../api/types.ts';

type Place = Readonly<{ to: string; label: string; needs?: Permission }>;

/** What operators see, in the order of use, with the scope that each takes. */
const PLACES: readonly Place[] = [
  { to: '/', label: 'Overview' },
  { to: '/applications', label: 'Applications', needs: 'signet:clients:read' },
  { to: '/refusals', label: 'Refusals', needs: 'signet:refusals:read' },
  { to: '/users', label: 'Users', needs: 'signet:users:read' },
  { to: '/groups', label: 'Groups', needs: 'signet:groups:read' },
  { to: '/sessions', label: 'Sessions', needs: 'signet:sessions:read' },
  { to: '/scopes', label: 'Scopes', needs: 'signet:scopes:read' },
  { to: '/resources', label: 'APIs', needs: 'signet:resources:read' },
  { to: '/keys', label: 'Keys', needs: 'signet:keys:read' },
  { to: '/audit', label: 'Audit', needs: 'signet:audit:read' },
  { to: '/settings', label: 'Settings', needs: 'signet:settings:read' },
  { to: '/tenants', label: 'Tenants', needs: 'signet:tenants:read' },
];

/** The places that are open to the person. */
export function usePlaces(): readonly Place[] {
  const permissions = useQuery(meQuery).data?.permissions ?? [];
  return PLACES.filter(({ needs }) => needs === undefined || permissions.includes(needs));
}
