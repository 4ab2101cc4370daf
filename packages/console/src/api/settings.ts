import { queryOptions, useQuery } from '@tanstack/react-query';
import { ask } from './http.ts';

/** A setting with its value; `origin` is the file or environment variable that fixes it. */
export type Setting = Readonly<{
  name: string;
  value: unknown;
  from: string;
  origin?: string | null;
  /** Nobody has said it for this provider. */
  inherited?: boolean;
  writable?: boolean;
}>;

export const settingsQuery = queryOptions({
  queryKey: ['/settings'],
  queryFn: ({ signal }) => ask<{ items: readonly Setting[] }>('/settings', { signal }),
});

/** What holds where nothing else is said, by the name of the setting; empty as long as it is not known. */
export function useInherited(): (name: string) => string {
  const found = useQuery(settingsQuery);
  return (name) => {
    const value = found.data?.body.items.find((setting) => setting.name === name)?.value;
    return value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  };
}

export type Resource = Readonly<{ resource: string; name: string | null; scope: string }>;

/** The APIs that tokens can be made for. */
export const resourcesQuery = queryOptions({
  queryKey: ['/resources'],
  queryFn: async ({ signal }) =>
    (await ask<{ items: readonly Resource[] }>('/resources', { signal })).body.items,
});

export type Scope = Readonly<{ scope: string; description: string | null; claims: readonly string[] }>;

/** What applications may ask for, with the claims that each opens. */
export const scopesQuery = queryOptions({
  queryKey: ['/scopes'],
  queryFn: async ({ signal }) => (await ask<{ items: readonly Scope[] }>('/scopes', { signal })).body.items,
});
