import type { Provider } from '../keys/provider.ts';
import { clientSecretDigest, unsealClientSecret } from '../keys/tenant-secrets.ts';
import { type Client, type ClientMetadata, isPublicClient } from '../model/client.ts';
import {
  definitionsOf,
  type Resource,
  type ScopeDefinition,
  type StoredSettings,
} from '../model/definition.ts';
import type { Group } from '../model/group.ts';
import type { User } from '../model/user.ts';
import type { ParsedClient } from './client-metadata.ts';
import { clientShape } from './client-metadata-schema.ts';
import { changesOf, usesSecret } from './clients.ts';
import { defaultClients } from './default-clients.ts';
import { allGroups } from './group-plan.ts';
import { groupsOfAll } from './groups.ts';
import { allUsers } from './user-changes.ts';

type Members = Readonly<Record<string, unknown>>;

/** What is stored of a tenant as a configuration file describes it, in the order of names. */
export type Exported = Readonly<{
  scopes: readonly ScopeDefinition[];
  resources: readonly Resource[];
  settings: StoredSettings;
  clients: readonly Members[];
  users: readonly Members[];
  groups: readonly Members[];
  /** Files with client secrets that the description names, and that somebody has to supply. */
  secretFiles: readonly string[];
  /** Users with a password that is not in it. */
  withoutPassword: readonly string[];
}>;

/**
 * Describes what is stored. A client secret is a keyed digest and cannot be given: the description names a file for each. With
 * `secrets` it has the hashes of passwords, and those client secrets that are kept sealed.
 */
export async function exportTenant(provider: Provider, { secrets }: { secrets: boolean }): Promise<Exported> {
  const { store, tenant } = provider;
  const usual = new Map(defaultClients(tenant, []).map((client) => [client.metadata.client_id, client]));
  const clients = (await store.listClients(tenant.id)).filter(
    (client) => !isUsual(provider, client, usual.get(client.metadata.client_id)),
  );
  const users = (await allUsers(provider)).toSorted(byName(({ username }) => username));
  const groupsOf = await groupsOfAll(provider, users);
  const described = clients
    .toSorted(byName(({ metadata }) => metadata.client_id))
    .map((client) => describeClient(provider, client, secrets));
  const definitions = await store.listDefinitions(tenant.id);
  const scopes = definitionsOf(definitions, 'scope').map(({ value }) => value);
  const resources = definitionsOf(definitions, 'resource').map(({ value }) => value);
  return {
    scopes: scopes.toSorted(byName(({ scope }) => scope)),
    resources: resources.toSorted(byName(({ resource }) => resource)),
    settings: definitionsOf(definitions, 'settings')[0]?.value ?? {},
    clients: described,
    users: users.map((user) => describeUser(user, groupsOf.get(user.id) ?? [], secrets)),
    groups: (await allGroups(provider)).toSorted(byName(({ name }) => name)).map(describeGroup),
    secretFiles: described.flatMap(({ client_secret_file: file }) =>
      typeof file === 'string' ? [file] : [],
    ),
    withoutPassword: secrets
      ? []
      : users.filter((user) => user.password_hash !== null).map(({ username }) => username),
  };
}

/** The order of code units, the same everywhere. */
const byName =
  <Item>(nameOf: (item: Item) => string) =>
  (left: Item, right: Item): number =>
    nameOf(left) < nameOf(right) ? -1 : 1;

/** Whether the client is what the profile makes it, and needs no word. */
function isUsual(provider: Provider, client: Client, usual: ParsedClient | undefined): boolean {
  if (usual === undefined || client.source !== 'file') return false;
  const secret =
    usual.client_secret === undefined ? undefined : clientSecretDigest(provider.secrets, usual.client_secret);
  return (
    changesOf(client, usual.metadata).changed.length === 0 &&
    Buffer.from(client.secret_digest ?? []).equals(secret ?? Buffer.alloc(0))
  );
}

function describeClient(provider: Provider, client: Client, secrets: boolean): Members {
  const { metadata, secret_sealed } = client;
  const described = inOrder(metadata);
  if (isPublicClient(metadata) || !usesSecret(metadata)) return described;
  const { client_id } = metadata;
  if (secrets && secret_sealed !== null) {
    const secret = unsealClientSecret(provider.secrets, client_id, secret_sealed).toString();
    return { ...described, client_secret: secret };
  }
  return { ...described, client_secret_file: `secrets/client-${encodeURIComponent(client_id)}` };
}

/** The members in the order of the documentation. */
function inOrder(metadata: ClientMetadata): Members {
  const members = new Map(Object.entries(metadata));
  const known = Object.keys(clientShape).filter((name) => members.get(name) !== undefined);
  return Object.fromEntries(known.map((name) => [name, members.get(name)]));
}

const describeUser = (
  { username, sub, claims, role, disabled_at, password_hash }: User,
  groups: readonly string[],
  secrets: boolean,
): Members => ({
  username,
  sub,
  ...(secrets && password_hash !== null && { password_hash }),
  ...(Object.keys(claims).length > 0 && { claims }),
  ...(role !== 'user' && { role }),
  ...(groups.length > 0 && { groups: groups.toSorted() }),
  ...(disabled_at !== null && { disabled: true }),
});

const describeGroup = ({ name, display_name, description }: Group): Members => ({
  name,
  ...(display_name !== null && { display_name }),
  ...(description !== null && { description }),
});
