import { type ParsedClient, parseClientMetadata } from '../admin/client-metadata.ts';
import { type ClientRules, clientRules } from '../admin/client-rules.ts';
import type { SavedClient } from '../admin/clients.ts';
import type { Fault } from '../admin/fault.ts';
import { adminScopesOf } from '../model/admin-api.ts';
import type { Client, ClientMetadata } from '../model/client.ts';
import type { Tenant } from '../model/tenant.ts';
import type { Site } from '../web/site.ts';
import { type Caller, holdsEverything } from './caller.ts';
import { clientShown, isBuiltIn } from './client-schema.ts';
import { type Answer, type Call, etag, ok } from './operation.ts';
import { badBody, notFound, Problem } from './problem.ts';

/** The metadata that a body means, with every fault of it told; and nothing that the caller could not give away. */
export function parseClient({ site, caller }: Pick<Call, 'site' | 'caller'>, input: unknown): ParsedClient {
  const { tenant } = site.provider;
  const parsed = readClient(tenant, input, clientRules(tenant));
  if ('faults' in parsed) throw badBody(parsed.faults);
  requireManageable(caller, parsed.metadata);
  return parsed;
}

/** The metadata that an input means, or every fault of it. */
export function readClient(
  { resources }: Pick<Tenant, 'resources'>,
  input: unknown,
  rules: ClientRules,
): ParsedClient | { faults: readonly Fault[] } {
  const parsed = parseClientMetadata(input, rules);
  if ('faults' in parsed) return parsed;
  const known = resources.map(({ resource }) => resource);
  const strange = [parsed.metadata.resources ?? []].flat().filter((resource) => !known.includes(resource));
  const faults: readonly Fault[] = strange.map((resource) => ({
    path: ['resources'],
    message: `names ${resource}, which is not among the resources of the provider`,
  }));
  return faults.length > 0 ? { faults } : parsed;
}

/** Whoever changes a client can act as it: so nobody changes one that may do what they may not. */
export function requireManageable(caller: Caller, metadata: ClientMetadata): void {
  const beyond = adminScopesOf(metadata).filter((scope) => !caller.powers.includes(scope));
  const mayToo = metadata.may_administer !== true || holdsEverything(caller);
  if (beyond.length === 0 && mayToo) return;
  throw new Problem('forbidden', `The client may do what you may not: ${beyond[0] ?? 'may_administer'}.`, {
    headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' },
  });
}

export const requireClient = ({ site, path }: Pick<Call, 'site' | 'path'>): Promise<Client> =>
  clientNamed(site, path('client_id'));

export async function clientNamed({ provider: { store, tenant } }: Site, client_id: string): Promise<Client> {
  const client = await store.findClient(tenant.id, client_id);
  if (client === undefined) throw notFound('client');
  return client;
}

/** The client, if it is one that the caller may change. */
export async function requireChangeable(call: Call): Promise<Client> {
  const client = await requireClient(call);
  if (isBuiltIn(client.metadata.client_id))
    throw new Problem('conflict', 'A client of Signet itself is what Signet makes it.');
  requireManageable(call.caller, client.metadata);
  return client;
}

/** What a change has made of a client, with a secret that it made. */
export async function saved(site: Site, { client, client_secret }: SavedClient): Promise<Answer> {
  const now = await clientNamed(site, client.client_id);
  const secret = client_secret === undefined ? {} : { client_secret };
  return ok({ ...clientShown(now), ...secret }, etag(now.version));
}
