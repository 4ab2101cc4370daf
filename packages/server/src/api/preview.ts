import * as z from 'zod';
import { previewFor } from '../admin/preview.ts';
import { parseScope } from '../model/scope.ts';
import { type Operation, ok, operation } from './operation.ts';
import { word } from './page.ts';
import { badQuery, Problem } from './problem.ts';
import { requireUser } from './user-input.ts';

const claims = z.record(
  z.string(),
  z.object({
    value: z.unknown().meta({ description: 'Null for what is made anew each time, such as jti.' }),
    why: z.string(),
  }),
);

const previewView = z
  .object({
    scope: z.array(z.string()).meta({ description: 'What the access token would be good for.' }),
    access_token_format: z
      .enum(['jwt', 'opaque'])
      .meta({ description: 'An opaque token tells its claims to introspection alone.' }),
    id_token: claims
      .nullable()
      .meta({ description: 'Beside an access token; null without the scope openid.' }),
    userinfo: claims.nullable().meta({ description: 'Null where the access token would not open userinfo.' }),
    access_token: claims,
  })
  .meta({ id: 'Preview' });

const previewShape = {
  client_id: word,
  scope: z.string().max(4096).optional().meta({
    description: 'Scope values separated by blanks; all that the client may ask for when left out.',
  }),
  resource: z.string().max(2048).optional().meta({ description: 'The API that the token would be for.' }),
};

export const PREVIEW: readonly Operation[] = [
  operation<typeof previewShape>({
    method: 'GET',
    path: '/users/{sub}/preview',
    id: 'previewUser',
    summary: 'What an application would be told of a person who signs in now; nothing is issued',
    needs: 'signet:users:read',
    needsToo: ['signet:clients:read'],
    query: previewShape,
    answers: { status: 200, description: 'Every claim with its reason.', schema: previewView },
    problems: [404, 409],
    work: async (call) => {
      const { provider, query } = call;
      const { store, tenant } = provider;
      const user = await requireUser(call);
      const client = await store.findClient(tenant.id, query.client_id);
      if (client === undefined)
        throw badQuery([{ path: ['client_id'], message: 'is no registered application' }]);
      const scope = query.scope === undefined ? undefined : parseScope(query.scope);
      if (query.scope !== undefined && scope === undefined)
        throw badQuery([{ path: ['scope'], message: 'is no scope (RFC 6749 §3.3)' }]);
      const resources = query.resource === undefined ? [] : [query.resource];
      const preview = await previewFor(provider, { user, client }, { scope, resources });
      if (!('says' in preview)) return ok(preview);
      if (preview.part === 'sub') throw new Problem('conflict', `The person ${preview.says}.`);
      throw badQuery([{ path: [preview.part], message: preview.says }]);
    },
  }),
];
