import { useQuery } from '@tanstack/react-query';
import { meQuery } from './queries.ts';
import type { Permission } from './types.ts';

/** Whether the person may do what takes that scope: what they may not is not offered. The server decides by itself. */
export function useMay(scope: Permission): boolean {
  return useQuery(meQuery).data?.permissions.includes(scope) === true;
}
