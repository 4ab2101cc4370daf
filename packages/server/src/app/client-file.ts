import type { Logger } from 'pino';
import type { ParsedClient } from '../admin/client-metadata.ts';
import { clientRules } from '../admin/client-rules.ts';
import type { TenantConfig } from '../config/tenant.ts';
import type { Provider } from '../keys/provider.ts';
import { loadClientFileReader } from '../systems/client-files.ts';

/** Sound clients, and the client_id of faulty ones. */
export type FileClients = Readonly<{ clients: readonly ParsedClient[]; faulty: readonly string[] }>;

/**
 * The clients of the tenant's file, which take the place of its profile's. Undefined where there is no such file.
 */
export async function clientsOfFile(
  provider: Provider,
  { client_file: file, clients: own }: TenantConfig,
  log: Logger,
): Promise<FileClients | undefined> {
  const { tenant } = provider;
  const reader = tenant.profile.client_file;
  if (file === undefined || reader === undefined) return undefined;
  const read = (await loadClientFileReader(reader))(file.value, clientRules(tenant));
  for (const warning of read.warnings) log.warn({ tenant: tenant.name, client_file: file.path }, warning);
  const named = new Set(own.map(({ metadata }) => metadata.client_id));
  const clients = read.clients.filter(({ metadata }) => !named.has(metadata.client_id));
  return { clients, faulty: read.faulty ?? [] };
}
