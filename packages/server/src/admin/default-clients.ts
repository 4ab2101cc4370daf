import type { Provider } from '../keys/provider.ts';
import { mac } from '../keys/seal.ts';
import { clientDisplayName } from '../model/client.ts';
import { randomText } from '../model/secret.ts';
import type { Tenant } from '../model/tenant.ts';
import { type ParsedClient, parseClientMetadata } from './client-metadata.ts';
import { clientRules } from './client-rules.ts';
import { createClient } from './clients.ts';

/** The clients of a tenant's profile but for those that the configuration describes itself. */
export function defaultClients(tenant: Tenant, configured: readonly ParsedClient[]): readonly ParsedClient[] {
  const own = new Set(configured.map(({ metadata }) => metadata.client_id));
  return tenant.profile.default_clients
    .filter(({ client_id }) => typeof client_id === 'string' && !own.has(client_id))
    .map((input) => parsed(tenant, input));
}

/** A client that was made of a profile; its secret is told once. */
export type FirstClient = Readonly<{ client_id: string; client_name: string; client_secret: string }>;

/**
 * Where there is no client at all, those that the profile names without a client_id are made, with an id and a secret of their own. The
 * id is the same on every node, so that of several which start at once only one makes it.
 */
export async function createFirstClients(
  provider: Provider,
  configured: readonly ParsedClient[],
): Promise<readonly FirstClient[]> {
  const { tenant, store, secrets, random } = provider;
  const unnamed = tenant.profile.default_clients.filter(({ client_id }) => client_id === undefined);
  if (unnamed.length === 0 || configured.length > 0 || (await store.listClients(tenant.id)).length > 0)
    return [];
  const made = unnamed.map(async (input, index) => {
    const client_id = mac(secrets.clientSecrets, `first client ${index}`).subarray(0, 16).toString('hex');
    const client_secret = randomText(random, 48);
    const client = parsed(tenant, { ...input, client_id, client_secret });
    const saved = await createClient(provider, client);
    const client_name = clientDisplayName(client.metadata);
    return saved === undefined ? [] : [{ client_id, client_name, client_secret }];
  });
  return (await Promise.all(made)).flat();
}

function parsed(tenant: Tenant, input: Readonly<Record<string, unknown>>): ParsedClient {
  const client = parseClientMetadata(input, { ...clientRules(tenant), secretRequired: true });
  if (!('faults' in client)) return client;
  throw new Error(
    `A client of the profile ${tenant.profile.name} is faulty: ${JSON.stringify(client.faults)}`,
  );
}
