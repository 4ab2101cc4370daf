import { queryOptions } from '@tanstack/react-query';
import { ask } from './http.ts';

export type Setting = Readonly<{ name: string; value: unknown; from: 'profile' | 'configuration' }>;

export const settingsQuery = queryOptions({
  queryKey: ['/settings'],
  queryFn: async ({ signal }) =>
    (await ask<{ items: readonly Setting[] }>('/settings', { signal })).body.items,
});

export type Resource = Readonly<{ resource: string; name: string | null; scope: string }>;

/** The APIs that tokens can be made for. */
export const resourcesQuery = queryOptions({
  queryKey: ['/resources'],
  queryFn: async ({ signal }) =>
    (await ask<{ items: readonly Resource[] }>('/resources', { signal })).body.items,
});
