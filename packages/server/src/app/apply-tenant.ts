import type { Logger } from 'pino';
import { inHandsOf } from '../admin/audit.ts';
import { applyClient } from '../admin/clients.ts';
import {
  createFirstClients,
  defaultClients,
  type FirstClient,
  forgetVanishedClients,
} from '../admin/default-clients.ts';
import { applyUser } from '../admin/users.ts';
import type { TenantConfig } from '../config/tenant.ts';
import type { Passwords } from '../identity/passwords.ts';
import type { Provider } from '../keys/provider.ts';
import { clientsOfFile } from './client-file.ts';

/** Makes the stored clients and users of a tenant what the configuration says; tells what was made because there was none. */
export async function applyTenant(
  opened: Provider,
  configured: TenantConfig,
  { passwords, log }: { passwords: Passwords; log: Logger },
): Promise<readonly FirstClient[]> {
  const provider = inHandsOf(opened, { actor: 'configuration file' });
  const { clients: own, users } = configured;
  const first = await createFirstClients(provider, own);
  const fromFile = await clientsOfFile(provider, configured, log);
  const clients = [...(fromFile?.clients ?? defaultClients(provider.tenant, own)), ...own];
  for (const client of clients) await applyClient(provider, client);
  await forgetVanishedClients(provider, [
    ...clients.map(({ metadata }) => metadata.client_id),
    ...(fromFile?.faulty ?? []),
  ]);
  for (const user of users) await applyUser(provider, passwords, user);
  // The keys for every algorithm in use are made now, not at the first sign-in.
  const algorithms = clients.flatMap(({ metadata }) => [
    metadata.id_token_signed_response_alg,
    metadata.userinfo_signed_response_alg,
  ]);
  for (const alg of new Set([provider.tenant.profile.signing_algorithm, ...algorithms])) {
    if (alg !== undefined) await provider.keyring.current(alg);
  }
  return first;
}
