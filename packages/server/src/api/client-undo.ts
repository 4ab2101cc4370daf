import * as z from 'zod';
import {
  clientVersion,
  clientVersions,
  deletedClients,
  findDeletedClient,
  restoreClient,
} from '../admin/client-undo.ts';
import { changeClient } from '../admin/clients.ts';
import { parseClient, requireChangeable, requireClient, requireManageable, saved } from './client-input.ts';
import { clientView, savedClient, timestamp } from './client-schema.ts';
import { stale } from './clients.ts';
import { etag, type Operation, ok, operation } from './operation.ts';
import { keyIn, limitOf, listOf, numberIn, numberKey, pageOf, pageShape } from './page.ts';
import { notFound, Problem } from './problem.ts';

const versionView = z
  .object({
    version: z.int(),
    at: timestamp,
    actor: z.string().nullable(),
    changed: z.array(z.string()).meta({ description: 'What is otherwise in the version after it, or now.' }),
    metadata: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'ClientVersion' });

const deletedClient = z
  .object({
    client_id: z.string(),
    client_name: z.string().nullable(),
    deleted_at: timestamp,
    deleted_by: z.string().nullable(),
  })
  .meta({ id: 'DeletedClient' });

const versions = operation<typeof pageShape>({
  method: 'GET',
  path: '/clients/{client_id}/versions',
  id: 'listClientVersions',
  summary: 'What the metadata of an application was, the newest first; for 400 days',
  needs: 'signet:clients:read',
  query: pageShape,
  answers: { status: 200, description: 'A page.', schema: listOf(versionView) },
  problems: [404],
  work: async (call) => {
    const { query } = call;
    const client = await requireClient(call);
    const [before] = keyIn(numberKey, query) ?? [];
    const found = await clientVersions(call.provider, client.metadata.client_id, {
      before,
      atMost: limitOf(query) + 1,
    });
    const { shown, next } = pageOf(found, query, ({ version }) => [version]);
    return ok({ items: shown, next });
  },
});

const revert = operation({
  method: 'POST',
  path: '/clients/{client_id}/versions/{version}/revert',
  id: 'revertClient',
  summary: 'Makes the metadata what it was in that version, which is a new version; the secret stays',
  needs: 'signet:clients:write',
  answers: { status: 200, description: 'The client as it is now.', schema: savedClient },
  problems: [404, 409, 412, 422],
  work: async (call) => {
    const client = await requireChangeable(call);
    const earlier = await clientVersion(
      call.provider,
      client.metadata.client_id,
      numberIn(call.path('version')),
    );
    if (earlier === undefined) throw notFound('version');
    // By the rules of today, for they may have changed since.
    const parsed = parseClient(call, earlier.metadata);
    const outcome = await changeClient(call.provider, parsed, client.version);
    if (typeof outcome === 'string') throw outcome === 'stale' ? stale() : notFound('client');
    return saved(call.site, outcome);
  },
});

const deleted = operation({
  method: 'GET',
  path: '/deleted-clients',
  id: 'listDeletedClients',
  summary: 'Applications that were deleted and can be brought back, the last first; 200 at most',
  needs: 'signet:clients:read',
  answers: { status: 200, description: 'They.', schema: z.object({ items: z.array(deletedClient) }) },
  work: async ({ provider }) => ok({ items: await deletedClients(provider, 200) }),
});

const restore = operation({
  method: 'POST',
  path: '/clients/{client_id}/restore',
  id: 'restoreClient',
  summary:
    'Brings back an application that was deleted in the last 30 days, with its secret; what was issued to it stays over',
  needs: 'signet:clients:write',
  answers: { status: 200, description: 'The client.', schema: clientView },
  problems: [404, 409],
  work: async (call) => {
    const { provider, caller, path } = call;
    const gone = await findDeletedClient(provider, path('client_id'));
    if (gone === undefined) throw notFound('deleted client');
    requireManageable(caller, gone.metadata);
    const client = await restoreClient(provider, path('client_id'));
    if (client === 'taken') throw new Problem('conflict', 'There is another client of that client_id.');
    if (client === 'unknown') throw notFound('deleted client');
    return ok(client, etag(client.version));
  },
});

export const CLIENT_UNDO: readonly Operation[] = [versions, revert, deleted, restore];
