import type { Logger } from 'pino';
import { applyWanted } from '../admin/apply.ts';
import { inHandsOf } from '../admin/audit.ts';
import { applyBuiltInClients } from '../admin/built-in-clients.ts';
import { createFirstClients, type FirstClient } from '../admin/default-clients.ts';
import type { Wanted } from '../admin/plan.ts';
import type { TenantConfig } from '../config/tenant.ts';
import type { Passwords } from '../identity/passwords.ts';
import type { Provider } from '../keys/provider.ts';
import { wantedBy } from './client-file.ts';

/** Makes the stored clients and users of a tenant what the configuration says; tells what was made because there was none. */
export async function applyTenant(
  opened: Provider,
  configured: TenantConfig,
  { passwords, log }: { passwords: Passwords; log: Logger },
): Promise<readonly FirstClient[]> {
  const provider = inHandsOf(opened, { actor: 'configuration file' });
  const first = await createFirstClients(provider, configured.clients);
  await applyBuiltInClients(provider);
  const wanted = await wantedBy(provider, configured, log);
  for (const fault of await applyWanted(provider, passwords, wanted))
    log.warn({ tenant: configured.name }, fault);
  await makeKeys(provider, wanted);
  return first;
}

/** The keys for every algorithm in use are made now, not at the first sign-in. */
export async function makeKeys(provider: Provider, { clients }: Wanted): Promise<void> {
  const algorithms = clients.flatMap(({ metadata }) => [
    metadata.id_token_signed_response_alg,
    metadata.userinfo_signed_response_alg,
  ]);
  for (const alg of new Set([provider.tenant.profile.signing_algorithm, ...algorithms])) {
    if (alg !== undefined) await provider.keyring.current(alg);
  }
}
