import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ask, query } from './http.ts';
import type {
  AuditEvent,
  Client,
  DeletedClient,
  DeletedUser,
  InitialToken,
  Me,
  Page,
  Refusal,
  Session,
  SigningKey,
  Tenant,
  User,
} from './types.ts';

const PAGE_SIZE = 50;

/** A list that is read page by page; the key begins with its path, so that a change can have it read anew. */
export const listOf = <Item>(path: string, filter: Readonly<Record<string, string | undefined>> = {}) =>
  infiniteQueryOptions({
    queryKey: [path, 'list', filter],
    queryFn: async ({ pageParam, signal }) => {
      const address = path + query({ limit: PAGE_SIZE, after: pageParam, ...filter });
      return (await ask<Page<Item>>(address, { signal })).body;
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

/** A list of few, which need not come in pages: nothing is said of how many are wanted. */
export const wholeListOf = <Item>(path: string) =>
  infiniteQueryOptions({
    queryKey: [path, 'list', 'whole'],
    queryFn: async ({ pageParam, signal }) =>
      (await ask<Partial<Page<Item>>>(path + query({ after: pageParam }), { signal })).body,
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    select: ({ pages, pageParams }) => ({
      pageParams,
      pages: pages.map(({ items = [], next = null }): Page<Item> => ({ items, next })),
    }),
  });

export const clientsQuery = (q: string | undefined) => listOf<Client>('/clients', { q });
export const usersQuery = (q: string | undefined) => listOf<User>('/users', { q });
export const refusalsQuery = (filter: Readonly<Record<string, string | undefined>>) =>
  listOf<Refusal>('/refusals', filter);
export const auditQuery = (filter: Readonly<Record<string, string | undefined>>) =>
  listOf<AuditEvent>('/audit', filter);
export const initialTokensQuery = () => listOf<InitialToken>('/initial-access-tokens');
export const sessionsQuery = () => listOf<Session>('/sessions');

/** One thing with its version. */
export const oneOf = <Item>(path: string) =>
  queryOptions({
    queryKey: [`/${path.split('/')[1] ?? ''}`, 'one', path],
    queryFn: ({ signal }) => ask<Item>(path, { signal }),
  });

export const clientPath = (clientId: string): string => `/clients/${encodeURIComponent(clientId)}`;
export const userPath = (sub: string): string => `/users/${encodeURIComponent(sub)}`;

export const clientQuery = (clientId: string) => oneOf<Client>(clientPath(clientId));
export const userQuery = (sub: string) => oneOf<User>(userPath(sub));
export const refusalQuery = (reference: string) =>
  oneOf<Refusal>(`/refusals/${encodeURIComponent(reference)}`);
export const meQuery = queryOptions({
  queryKey: ['/me'],
  queryFn: async () => (await ask<Me>('/me')).body,
  staleTime: 60_000,
});

/** What belongs to one user: a short list that comes whole. */
export const belongings = <Item>(sub: string, kind: 'sessions' | 'consents' | 'grants') =>
  queryOptions({
    queryKey: ['/users', kind, sub],
    queryFn: async ({ signal }) =>
      itemsOf((await ask<Listed<Item>>(`${userPath(sub)}/${kind}`, { signal })).body),
  });

export const keysQuery = queryOptions({
  queryKey: ['/keys'],
  queryFn: async ({ signal }) => itemsOf((await ask<Listed<SigningKey>>('/keys', { signal })).body),
});

export const deletedClientsQuery = queryOptions({
  queryKey: ['/clients', 'deleted'],
  queryFn: async ({ signal }) =>
    itemsOf((await ask<Listed<DeletedClient>>('/deleted-clients', { signal })).body),
});

export const listedTenants = queryOptions({
  queryKey: ['/tenants'],
  queryFn: async ({ signal }) => itemsOf((await ask<Listed<Tenant>>('/tenants', { signal })).body),
});

export const deletedUsersQuery = queryOptions({
  queryKey: ['/users', 'deleted'],
  queryFn: async ({ signal }) => itemsOf((await ask<Listed<DeletedUser>>('/deleted-users', { signal })).body),
});

type Listed<Item> = readonly Item[] | Readonly<{ items: readonly Item[] }>;

export const itemsOf = <Item>(listed: Listed<Item>): readonly Item[] =>
  'items' in listed ? listed.items : listed;
