import { eventFor } from '../keys/audit.ts';
import type { Provider } from '../keys/provider.ts';
import type { ClientMetadata } from '../model/client.ts';
import { isoTime } from '../model/clock.ts';
import { type ClientView, changesOf, getClient } from './clients.ts';

/** What a client's metadata was, and the names of what is otherwise in the version after it. */
export type ClientVersionView = Readonly<{
  version: number;
  at: string;
  actor: string | null;
  changed: readonly string[];
  metadata: ClientMetadata;
}>;

/** The newest first. */
export async function clientVersions(
  { store, tenant }: Provider,
  client_id: string,
  { before, atMost }: { before?: number | undefined; atMost: number },
): Promise<readonly ClientVersionView[]> {
  const found = await store.listClientVersions(tenant.id, client_id, { before, atMost });
  const after =
    before === undefined ? undefined : await store.findClientVersion(tenant.id, client_id, before);
  return found.map(({ version, at, actor, metadata }, index) => {
    const next = (index === 0 ? after : found[index - 1])?.metadata ?? metadata;
    return { version, at: isoTime(at), actor, changed: changesOf({ metadata }, next).changed, metadata };
  });
}

export const clientVersion = ({ store, tenant }: Provider, client_id: string, version: number) =>
  store.findClientVersion(tenant.id, client_id, version);

export type DeletedClientView = Readonly<{
  client_id: string;
  client_name: string | null;
  deleted_at: string;
  deleted_by: string | null;
}>;

export async function deletedClients(
  { store, tenant, clock }: Provider,
  atMost: number,
): Promise<readonly DeletedClientView[]> {
  const deleted = await store.listDeletedClients(tenant.id, clock(), atMost);
  return deleted.map(({ metadata, deleted_at, deleted_by }) => ({
    client_id: metadata.client_id,
    client_name: metadata.client_name ?? null,
    deleted_at: isoTime(deleted_at),
    deleted_by,
  }));
}

export const findDeletedClient = ({ store, tenant, clock }: Provider, client_id: string) =>
  store.findDeletedClient(tenant.id, client_id, clock());

/** Brings a deleted client back with its secret. What was issued to it before stays over. */
export async function restoreClient(
  provider: Provider,
  client_id: string,
): Promise<ClientView | 'unknown' | 'taken'> {
  const { store, tenant, clock } = provider;
  const event = eventFor(provider, { action: 'client.restored', subject: client_id, client_id });
  const outcome = await store.restoreClient(tenant.id, client_id, event, clock());
  return outcome === 'restored' ? ((await getClient(provider, client_id)) ?? 'unknown') : outcome;
}
