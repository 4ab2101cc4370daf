import type { Logger } from 'pino';
import type { ParsedClient } from '../admin/client-metadata.ts';
import { clientRules } from '../admin/client-rules.ts';
import { defaultClients } from '../admin/default-clients.ts';
import type { Wanted } from '../admin/plan.ts';
import type { TenantConfig } from '../config/tenant.ts';
import type { Provider } from '../keys/provider.ts';
import type { Tenant } from '../model/tenant.ts';
import { loadClientFileReader } from '../systems/client-files.ts';

/** What the configuration of a tenant asks for; clients of its profile or of its file of clients are among it. */
export async function wantedBy(provider: Provider, configured: TenantConfig, log: Logger): Promise<Wanted> {
  const { tenant } = provider;
  const { clients: own, users, groups, scopes, resources } = configured;
  const fromFile = await clientsOfFile(tenant, configured, log);
  const clients = [...(fromFile?.clients ?? defaultClients(tenant, own)), ...own];
  const present = [...clients.map(({ metadata }) => metadata.client_id), ...(fromFile?.faulty ?? [])];
  return { scopes, resources, clients, users, groups, replaced: await vanishedClients(provider, present) };
}

/**
 * Where the profile has it so, clients that a configuration file or the profile once brought and that neither has any more. None where
 * nothing is left: that is a mistake, and no reason to end what people have.
 */
async function vanishedClients(
  { tenant, store }: Provider,
  present: readonly string[],
): Promise<readonly string[]> {
  if (tenant.profile.vanished_clients === 'keep' || present.length === 0) return [];
  const stored = await store.listClients(tenant.id);
  return stored
    .filter(({ source, metadata }) => source === 'file' && !present.includes(metadata.client_id))
    .map(({ metadata }) => metadata.client_id);
}

/** Sound clients, and the client_id of faulty ones. */
type FromFile = Readonly<{ clients: readonly ParsedClient[]; faulty: readonly string[] }>;

/** The clients of the tenant's file, which take the place of its profile's. Undefined where there is no such file. */
async function clientsOfFile(
  tenant: Tenant,
  { client_file: file, clients: own }: TenantConfig,
  log: Logger,
): Promise<FromFile | undefined> {
  const reader = tenant.profile.client_file;
  if (file === undefined || reader === undefined) return undefined;
  const read = (await loadClientFileReader(reader))(file.value, clientRules(tenant));
  for (const warning of read.warnings) log.warn({ tenant: tenant.name, client_file: file.path }, warning);
  const named = new Set(own.map(({ metadata }) => metadata.client_id));
  const clients = read.clients.filter(({ metadata }) => !named.has(metadata.client_id));
  return { clients, faulty: read.faulty ?? [] };
}
