import * as z from 'zod';
import { readStatistics, SPANS } from '../admin/statistics.ts';
import { timestamp } from './client-schema.ts';
import { type Operation, ok, operation } from './operation.ts';
import { time } from './page.ts';
import { badQuery } from './problem.ts';

const tenantView = z
  .object({
    name: z.string(),
    issuer: z.string(),
    site: z.string(),
    sites: z.array(z.string()),
    profile: z.string(),
    display_name: z.string(),
  })
  .meta({ id: 'Tenant' });

const items = (schema: z.ZodType, description: string) =>
  ({ status: 200, description, schema: z.object({ items: z.array(schema) }) }) as const;

const statistics = z
  .object({
    since: timestamp,
    until: timestamp,
    span: z.enum(['hour', 'day']),
    items: z.array(
      z.object({
        at: timestamp.meta({ description: 'When the span begins.' }),
        counts: z.record(z.string(), z.int()).meta({
          description:
            'sign_ins, sign_in_failures, refusals, and access_token, id_token and refresh_token as they were issued.',
        }),
      }),
    ),
  })
  .meta({ id: 'Statistics' });

const statisticsShape = {
  since: time.optional().meta({ description: 'A day ago by hours, 30 days ago by days, when left out.' }),
  span: z.enum(['hour', 'day']).default('hour'),
};

export const PROVIDER: readonly Operation[] = [
  operation({
    method: 'GET',
    path: '/tenants',
    id: 'listTenants',
    summary: 'The provider that this interface is of; others are told of by their own',
    needs: 'signet:tenants:read',
    answers: items(tenantView, 'The one.'),
    work: async ({ provider: { tenant } }) => {
      const { name, issuer, site, sites, profile, display_name } = tenant;
      return ok({ items: [{ name, issuer, site, sites, profile: profile.name, display_name }] });
    },
  }),
  operation<typeof statisticsShape>({
    method: 'GET',
    path: '/statistics',
    id: 'getStatistics',
    summary: 'Sign-ins, failures, refusals and tokens over time',
    needs: 'signet:statistics:read',
    query: statisticsShape,
    answers: { status: 200, description: 'A count for each span.', schema: statistics },
    work: async ({ provider, query: { since, span } }) => {
      const now = provider.clock();
      const begin = since ?? now - SPANS[span].usual;
      if (begin > now || (now - begin) / SPANS[span].milliseconds > SPANS[span].most)
        throw badQuery([{ path: ['since'], message: 'is in the future, or too long ago for that span' }]);
      return ok(await readStatistics(provider, begin, span));
    },
  }),
];
