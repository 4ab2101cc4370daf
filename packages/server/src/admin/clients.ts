import { eventFor } from '../keys/audit.ts';
import type { Provider } from '../keys/provider.ts';
import { clientSecretDigest, sealClientSecret } from '../keys/tenant-secrets.ts';
import { BUILT_IN_CLIENT_IDS } from '../model/admin-api.ts';
import type { Client, ClientMetadata } from '../model/client.ts';
import { isoTime } from '../model/clock.ts';
import { type Random, randomText } from '../model/secret.ts';
import type { Source } from '../model/user.ts';
import type { ClientSecret } from '../store/client-records.ts';
import type { NewAuditEvent } from '../store/store.ts';
import { type Changes, changesBetween } from './changes.ts';
import type { ParsedClient } from './client-metadata.ts';

/** A client as an operator sees it: everything but the secret. */
export type ClientView = ClientMetadata &
  Readonly<{ source: Source; version: number; created_at: string; updated_at: string }>;

/** A secret is told once, in the answer that made it. */
export type SavedClient = Readonly<{ client: ClientView; client_secret?: string }>;

const SECRET_METHODS = ['client_secret_basic', 'client_secret_post', 'client_secret_jwt'];

/** Bytes of a generated secret. */
export const SECRET_BYTES = 32;

export const usesSecret = (metadata: ClientMetadata): boolean =>
  SECRET_METHODS.includes(metadata.token_endpoint_auth_method);

/** A client_id for a client that brings none: no leading hyphen, so that it can stand in a command. */
export const newClientId = (random: Random): string => random(10).toString('hex');

export async function listClients(provider: Provider): Promise<readonly ClientView[]> {
  return (await provider.store.listClients(provider.tenant.id)).map(viewOf);
}

export async function getClient(provider: Provider, client_id: string): Promise<ClientView | undefined> {
  const client = await provider.store.findClient(provider.tenant.id, client_id);
  return client && viewOf(client);
}

/** Registers a client, making a secret for it if it needs one and brings none. Undefined when the client_id is taken. */
export async function createClient(
  provider: Provider,
  { metadata, client_secret }: ParsedClient,
  source: Source = 'manual',
): Promise<SavedClient | undefined> {
  const made = usesSecret(metadata)
    ? (client_secret ?? randomText(provider.random, SECRET_BYTES))
    : undefined;
  const secret = storedSecret(provider, metadata, made);
  const outcome = await provider.store.createClient(
    provider.tenant.id,
    { metadata, secret, source, event: clientEvent(provider, 'client.created', metadata) },
    provider.clock(),
  );
  if (outcome === 'duplicate') return undefined;
  const client = await requireView(provider, metadata.client_id);
  return made === undefined || client_secret !== undefined ? { client } : { client, client_secret: made };
}

/** Replaces the metadata. A client that turns to secrets gets one; what it no longer uses is forgotten. Undefined when unknown. */
export async function updateClient(
  provider: Provider,
  parsed: ParsedClient,
): Promise<SavedClient | undefined> {
  const saved = await changeClient(provider, parsed);
  return typeof saved === 'string' ? undefined : saved;
}

/** The same; with `version`, only when the client is still of it. */
export async function changeClient(
  provider: Provider,
  parsed: ParsedClient,
  version?: number,
): Promise<SavedClient | 'unknown' | 'stale'> {
  const { store, tenant, clock } = provider;
  const { metadata } = parsed;
  const before = await store.findClient(tenant.id, metadata.client_id);
  if (before === undefined) return 'unknown';
  const fresh = secretAfter(provider, before, parsed);
  const facts = { ...changesOf(before, metadata), ...(fresh && { secret: 'changed' }) };
  const event = clientEvent(provider, 'client.updated', metadata, facts);
  const change = { metadata, ...(fresh && { secret: fresh.stored }), event };
  const outcome = await store.updateClient(tenant.id, change, clock(), version);
  if (outcome !== 'updated') return outcome;
  const client = await requireView(provider, metadata.client_id);
  return fresh?.made === undefined ? { client } : { client, client_secret: fresh.made };
}

type FreshSecret = Readonly<{ stored: StoredSecret; made: string | undefined }>;

/** The secret after a change, and whether it was made for it; undefined where it stays as it is. */
export function secretAfter(
  provider: Provider,
  before: Client,
  { metadata, client_secret }: ParsedClient,
): FreshSecret | undefined {
  const sameMethod = before.metadata.token_endpoint_auth_method === metadata.token_endpoint_auth_method;
  if (sameMethod && client_secret === undefined) return undefined;
  const wanted = usesSecret(metadata);
  const made = wanted && client_secret === undefined ? randomText(provider.random, SECRET_BYTES) : undefined;
  return { stored: storedSecret(provider, metadata, wanted ? (client_secret ?? made) : undefined), made };
}

/** Makes a new secret; the old one is dead at once, or good beside it for so many more seconds. */
export async function rotateClientSecret(
  provider: Provider,
  client_id: string,
  keepPreviousFor = 0,
): Promise<SavedClient | 'unknown' | 'without-secret'> {
  const client = await provider.store.findClient(provider.tenant.id, client_id);
  if (client === undefined) return 'unknown';
  if (!usesSecret(client.metadata)) return 'without-secret';
  const client_secret = randomText(provider.random, SECRET_BYTES);
  const secret = storedSecret(provider, client.metadata, client_secret);
  const now = provider.clock();
  const previousUntil = keepPreviousFor > 0 ? now + 1000 * keepPreviousFor : undefined;
  const facts = previousUntil === undefined ? {} : { previous_until: isoTime(previousUntil) };
  const event = clientEvent(provider, 'client.secret_rotated', client.metadata, facts);
  await provider.store.updateClient(
    provider.tenant.id,
    { metadata: client.metadata, secret, previousUntil, event },
    now,
  );
  return { client: await requireView(provider, client_id), client_secret };
}

/** Removes the client; its codes, refresh tokens and consents end with it. Signet's own are nobody's to remove. */
export async function deleteClient(provider: Provider, client_id: string): Promise<'deleted' | 'unknown'> {
  if (BUILT_IN_CLIENT_IDS.includes(client_id)) return 'unknown';
  const event = eventFor(provider, { action: 'client.deleted', subject: client_id, client_id });
  return provider.store.deleteClient(provider.tenant.id, client_id, provider.clock(), event);
}

/** Makes the stored client what the configuration file says; writes only when something differs. */
export async function applyClient(
  provider: Provider,
  parsed: ParsedClient,
  source: 'file' | 'built-in' = 'file',
): Promise<'created' | 'updated' | 'unchanged'> {
  const { metadata, client_secret } = parsed;
  const before = await provider.store.findClient(provider.tenant.id, metadata.client_id);
  if (before === undefined) {
    await createClient(provider, parsed, source);
    return 'created';
  }
  const secret = storedSecret(provider, metadata, usesSecret(metadata) ? client_secret : undefined);
  const sameSecret = Buffer.from(before.secret_digest ?? []).equals(secret.digest ?? Buffer.alloc(0));
  if (sameSecret && JSON.stringify(before.metadata) === JSON.stringify(metadata)) return 'unchanged';
  await provider.store.updateClient(
    provider.tenant.id,
    {
      metadata,
      secret,
      source,
      event: clientEvent(provider, 'client.updated', metadata, {
        ...changesOf(before, metadata),
        ...(!sameSecret && { secret: 'changed' }),
      }),
    },
    provider.clock(),
  );
  return 'updated';
}

export const clientEvent = (
  provider: Provider,
  action: `client.${string}`,
  { client_id }: ClientMetadata,
  facts: Readonly<Record<string, unknown>> = {},
): NewAuditEvent => eventFor(provider, { action, subject: client_id, client_id, facts });

export const changesOf = ({ metadata: was }: Pick<Client, 'metadata'>, is: ClientMetadata): Changes =>
  changesBetween(was, is);

type StoredSecret = ClientSecret & { digest: Buffer | null };

export function storedSecret(
  provider: Provider,
  metadata: ClientMetadata,
  secret: string | undefined,
): StoredSecret {
  if (secret === undefined) return { digest: null, sealed: null };
  const needsPlain = metadata.token_endpoint_auth_method === 'client_secret_jwt';
  return {
    digest: clientSecretDigest(provider.secrets, secret),
    sealed: needsPlain
      ? sealClientSecret(provider.secrets, metadata.client_id, secret, provider.random)
      : null,
  };
}

async function requireView(provider: Provider, client_id: string): Promise<ClientView> {
  const client = await getClient(provider, client_id);
  if (client === undefined) throw new Error(`The client ${client_id} was deleted by somebody else.`);
  return client;
}

export const viewOf = ({ metadata, source, version, created_at, updated_at }: Client): ClientView => ({
  ...metadata,
  source,
  version,
  created_at: isoTime(created_at),
  updated_at: isoTime(updated_at),
});
