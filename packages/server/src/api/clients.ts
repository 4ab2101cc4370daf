import * as z from 'zod';
import {
  changeClient,
  createClient,
  deleteClient,
  newClientId,
  rotateClientSecret,
} from '../admin/clients.ts';
import { durationSchema } from '../admin/duration.ts';
import { checkFields, isRecord } from '../admin/fault.ts';
import { parseClient, requireChangeable, requireClient, saved } from './client-input.ts';
import { clientPatch, clientShown, clientView, newClient, savedClient } from './client-schema.ts';
import { type Call, done, etag, type Operation, ok, operation } from './operation.ts';
import { keyIn, limitOf, listOf, pageOf, pageShape, textKey, word } from './page.ts';
import { badBody, notFound, Problem } from './problem.ts';
import { mergePatch } from './request.ts';

const listShape = {
  ...pageShape,
  q: word.optional().meta({ description: 'Part of the client_id or of the name.' }),
  source: z.enum(['file', 'manual', 'registration', 'built-in']).optional(),
};

const list = operation<typeof listShape>({
  method: 'GET',
  path: '/clients',
  id: 'listClients',
  summary: 'Registered applications in the order of their client_id',
  needs: 'signet:clients:read',
  query: listShape,
  answers: { status: 200, description: 'A page.', schema: listOf(clientView) },
  work: async ({ provider: { store, tenant }, query }) => {
    const [after = ''] = keyIn(textKey, query) ?? [];
    const found = await store.pageClients(tenant.id, {
      after,
      atMost: limitOf(query) + 1,
      text: query.q,
      source: query.source,
    });
    const { shown, next } = pageOf(found, query, ({ metadata }) => [metadata.client_id]);
    return ok({ items: shown.map(clientShown), next });
  },
});

const read = operation({
  method: 'GET',
  path: '/clients/{client_id}',
  id: 'getClient',
  summary: 'One application',
  needs: 'signet:clients:read',
  answers: { status: 200, description: 'The client.', schema: clientView },
  problems: [404],
  work: async (call) => {
    const client = await requireClient(call);
    return ok(clientShown(client), etag(client.version));
  },
});

const create = operation({
  method: 'POST',
  path: '/clients',
  id: 'createClient',
  summary: 'Registers an application',
  description: 'A secret is made where the client needs one and brings none, and told in this answer alone.',
  needs: 'signet:clients:write',
  body: { kind: 'json', schema: newClient },
  idempotent: true,
  answers: {
    status: 201,
    description: 'The client, and a secret that was made for it.',
    schema: savedClient,
  },
  problems: [409, 422],
  work: async (call) => {
    const { provider, body } = call;
    const named = isRecord(body) && body.client_id === undefined;
    const parsed = parseClient(call, named ? { ...body, client_id: newClientId(provider.random) } : body);
    const made = await createClient(provider, parsed);
    if (made === undefined)
      throw new Problem('conflict', `There is a client ${parsed.metadata.client_id} already.`);
    const { client, ...secret } = made;
    const location = `${call.site.provider.tenant.site}/api/v1/clients/${encodeURIComponent(client.client_id)}`;
    return { status: 201, body: { ...client, ...secret }, headers: { location, ...etag(client.version) } };
  },
});

const change = operation({
  method: 'PATCH',
  path: '/clients/{client_id}',
  id: 'changeClient',
  summary: 'Changes what is named, and leaves the rest',
  needs: 'signet:clients:write',
  body: { kind: 'merge-patch', schema: clientPatch },
  versioned: true,
  answers: { status: 200, description: 'The client as it is now.', schema: savedClient },
  problems: [404, 409, 412, 422],
  work: async (call) => {
    const before = await requireChangeable(call);
    const { body, version, provider, site } = call;
    if (!isRecord(body)) throw badBody([{ path: [], message: 'must be a group of keys with values' }]);
    requireUntouched(body, before.metadata.client_id);
    const parsed = parseClient(call, mergePatch(before.metadata, body));
    const outcome = version === before.version ? await changeClient(provider, parsed, version) : 'stale';
    if (outcome === 'unknown') throw notFound('client');
    if (outcome === 'stale') throw stale();
    return saved(site, outcome);
  },
});

export const stale = (): Problem => new Problem('stale', 'Read it again and make the change anew.');

function requireUntouched(body: Readonly<Record<string, unknown>>, client_id: string): void {
  if (Object.hasOwn(body, 'client_id') && body.client_id !== client_id)
    throw badBody([{ path: ['client_id'], message: 'cannot be changed' }]);
  if (Object.hasOwn(body, 'client_secret'))
    throw badBody([{ path: ['client_secret'], message: 'is changed by POST to /secret alone' }]);
}

const remove = operation({
  method: 'DELETE',
  path: '/clients/{client_id}',
  id: 'deleteClient',
  summary: 'Deletes an application, restorably for 30 days; what was issued to it is over for good',
  needs: 'signet:clients:write',
  answers: { status: 204, description: 'It is gone.' },
  problems: [404, 409],
  work: async (call) => {
    const { client_id } = (await requireChangeable(call)).metadata;
    if ((await deleteClient(call.provider, client_id)) === 'unknown') throw notFound('client');
    return done;
  },
});

const secretShape = {
  keep_previous_for: durationSchema(0).optional().meta({
    description: 'How long the present secret stays good beside the new one: seconds, or a text such as 7d.',
  }),
};

const rotate = operation({
  method: 'POST',
  path: '/clients/{client_id}/secret',
  id: 'rotateClientSecret',
  summary: 'Makes a new secret',
  needs: 'signet:clients:write',
  body: { kind: 'json', schema: z.strictObject(secretShape), optional: true },
  answers: { status: 200, description: 'The client and its new secret.', schema: savedClient },
  problems: [404, 409, 422],
  work: async (call) => {
    const { client_id } = (await requireChangeable(call)).metadata;
    const outcome = await rotateClientSecret(call.provider, client_id, keepFor(call));
    if (outcome === 'unknown') throw notFound('client');
    if (outcome === 'without-secret')
      throw new Problem('conflict', 'The client proves itself without a secret.');
    return saved(call.site, outcome);
  },
});

/** Seconds. */
const LONGEST_OVERLAP = 90 * 86_400;

function keepFor({ body }: Call): number {
  const { complete, faults } = checkFields(secretShape, body ?? {}, []);
  if (complete === undefined) throw badBody(faults);
  const { keep_previous_for = 0 } = complete;
  if (keep_previous_for > LONGEST_OVERLAP)
    throw badBody([{ path: ['keep_previous_for'], message: 'is longer than 90 days' }]);
  return keep_previous_for;
}

export const CLIENTS: readonly Operation[] = [list, create, read, change, remove, rotate];
