import * as z from 'zod';
import { words } from '../admin/client-metadata-fields.ts';
import { durationSchema } from '../admin/duration.ts';
import { checkFields } from '../admin/fault.ts';
import { createInitialToken, deleteInitialToken, listInitialTokens } from '../admin/initial-access-tokens.ts';
import { timestamp } from './client-schema.ts';
import { done, type Operation, ok, operation } from './operation.ts';
import { keyIn, limitOf, listOf, numberKey, pageOf, pageShape } from './page.ts';
import { badBody, notFound } from './problem.ts';

const DAY = 86_400;
const LONGEST = 366 * DAY;
const MOST_USES = 100_000;

const tokenView = z
  .object({
    id: z.string(),
    description: z.string().nullable(),
    uses: z.int().meta({ description: 'Applications that it was made for.' }),
    uses_left: z.int(),
    created_at: timestamp,
    created_by: z.string(),
    expires_at: timestamp,
  })
  .meta({ id: 'InitialAccessToken' });

const wishShape = {
  description: words(200).optional().meta({ description: 'For whom it is.' }),
  uses: z
    .int()
    .min(1)
    .max(MOST_USES)
    .optional()
    .meta({ description: 'How many applications may be registered with it; one when left out.' }),
  expires_in: durationSchema(1).optional().meta({
    description: 'How long it is good: seconds, or a text such as 7d; a day when left out, a year at most.',
  }),
};

const list = operation<typeof pageShape>({
  method: 'GET',
  path: '/initial-access-tokens',
  id: 'listInitialAccessTokens',
  summary: 'Tokens with which applications may be registered, the newest first',
  description: 'Those that are over are told for a week.',
  needs: 'signet:clients:read',
  query: pageShape,
  answers: { status: 200, description: 'A page.', schema: listOf(tokenView) },
  work: async ({ provider, query }) => {
    const [before] = keyIn(numberKey, query) ?? [];
    const found = await listInitialTokens(provider, { before, atMost: limitOf(query) + 1 });
    const { shown, next } = pageOf(found, query, ({ row }) => [row]);
    return ok({ items: shown.map(({ view }) => view), next });
  },
});

const create = operation({
  method: 'POST',
  path: '/initial-access-tokens',
  id: 'createInitialAccessToken',
  summary: 'Makes a token with which applications may be registered',
  description: 'It is told in this answer alone. Applications bring it where dynamic_registration is on.',
  needs: 'signet:clients:write',
  body: { kind: 'json', schema: z.strictObject(wishShape), optional: true },
  idempotent: true,
  answers: {
    status: 201,
    description: 'What is known of it, and the token.',
    schema: z.object({
      ...tokenView.shape,
      initial_access_token: z.string().meta({ description: 'Told here and never again.' }),
    }),
  },
  problems: [422],
  work: async ({ provider, body }) => {
    const { complete, faults } = checkFields(wishShape, body ?? {}, []);
    if (complete === undefined) throw badBody(faults);
    const { description, uses = 1, expires_in = DAY } = complete;
    if (expires_in > LONGEST)
      throw badBody([{ path: ['expires_in'], message: `is longer than ${LONGEST / DAY} days` }]);
    const { token, text } = await createInitialToken(provider, { description, uses, expires_in });
    return { status: 201, body: { ...token, initial_access_token: text } };
  },
});

const remove = operation({
  method: 'DELETE',
  path: '/initial-access-tokens/{id}',
  id: 'deleteInitialAccessToken',
  summary: 'Ends such a token; what was registered with it stays',
  needs: 'signet:clients:write',
  answers: { status: 204, description: 'It is over.' },
  problems: [404],
  work: async ({ provider, path }) => {
    if ((await deleteInitialToken(provider, path('id'))) === 'unknown') throw notFound('token');
    return done;
  },
});

export const INITIAL_ACCESS_TOKENS: readonly Operation[] = [list, create, remove];
