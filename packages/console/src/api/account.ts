import { queryOptions } from '@tanstack/react-query';
import { ask } from './http.ts';
import { itemsOf } from './queries.ts';
import type { Account, Consent, Session } from './types.ts';

export const accountQuery = queryOptions({
  queryKey: ['/account', 'profile'],
  queryFn: async ({ signal }) => (await ask<Account>('/account', { signal })).body,
});

const own = <Item>(kind: 'sessions' | 'consents') =>
  queryOptions({
    queryKey: ['/account', kind],
    queryFn: async ({ signal }) =>
      itemsOf((await ask<{ items: readonly Item[] }>(`/account/${kind}`, { signal })).body),
  });

export const ownSessionsQuery = own<Session>('sessions');
export const ownConsentsQuery = own<Consent>('consents');
