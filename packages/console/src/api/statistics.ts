import { queryOptions } from '@tanstack/react-query';
import { ask, query } from './http.ts';
import type { Statistics } from './types.ts';

export type Span = 'hour' | 'day';

export type Series = Readonly<{
  name: string;
  label: string;
  kind: 'good' | 'bad';
  points: readonly Readonly<{ at: string; value: number }>[];
}>;

/** What is plotted, in this order; the first ones also when there was none. */
const KINDS = [
  { name: 'sign_ins', label: 'Sign-ins', kind: 'good' },
  { name: 'sign_in_failures', label: 'Failed sign-ins', kind: 'bad' },
  { name: 'refusals', label: 'Refusals', kind: 'bad' },
  { name: 'access_token', label: 'Access tokens', kind: 'good' },
  { name: 'id_token', label: 'ID tokens', kind: 'good' },
  { name: 'refresh_token', label: 'Refresh tokens', kind: 'good' },
] as const;

const seriesOf = ({ items }: Statistics): readonly Series[] =>
  KINDS.map(({ name, ...kind }) => ({
    name,
    ...kind,
    points: items.map(({ at, counts }) => ({ at, value: counts[name] ?? 0 })),
  }));

export const statisticsQuery = (span: Span) =>
  queryOptions({
    queryKey: ['/statistics', span],
    queryFn: async ({ signal }) =>
      seriesOf((await ask<Statistics>(`/statistics${query({ span })}`, { signal })).body),
    refetchInterval: 30_000,
  });
