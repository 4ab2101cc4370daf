import type { Provider } from '../keys/provider.ts';
import { adminScopesOf } from '../model/admin-api.ts';
import { clientUuid } from '../oauth/subject.ts';
import { type ClientView, viewOf } from './clients.ts';

/** A client with the UUID that is its own for ever, whatever its client_id. */
export type NumberedClient = ClientView & Readonly<{ uuid: string }>;

/** All clients but those that administer Signet: whoever may change these could give himself what he has not got. */
export async function listNumberedClients(provider: Provider): Promise<readonly NumberedClient[]> {
  const clients = await provider.store.listClients(provider.tenant.id);
  return clients
    .filter(({ metadata }) => adminScopesOf(metadata).length === 0)
    .map((client) => ({ ...viewOf(client), uuid: clientUuid(provider, client.row) }));
}

/** The client of that UUID or client_id. */
export const findNumberedClient = async (
  provider: Provider,
  name: string,
): Promise<NumberedClient | undefined> =>
  (await listNumberedClients(provider)).find(({ uuid, client_id }) => uuid === name || client_id === name);
