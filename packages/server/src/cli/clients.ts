import { type ParsedClient, parseClientMetadata } from '../admin/client-metadata.ts';
import { clientRules } from '../admin/client-rules.ts';
import {
  type ClientView,
  createClient,
  deleteClient,
  getClient,
  listClients,
  newClientId,
  rotateClientSecret,
  type SavedClient,
  updateClient,
} from '../admin/clients.ts';
import { isRecord } from '../admin/fault.ts';
import type { App } from '../app.ts';
import type { Provider } from '../keys/provider.ts';
import { type ClientFlags, type GivenMetadata, readClientFlags, withoutReadOnly } from './client-flags.ts';
import { CLIENT_LISTING } from './client-listing.ts';
import { CommandError } from './command-error.ts';
import { invalid } from './metadata-file.ts';
import { type TenantOptions, withProvider } from './open-app.ts';
import { requireConfirmation } from './prompt.ts';
import { printList, printOne, type ResultOptions } from './result.ts';
import { say } from './terminal.ts';

export type ClientOptions = TenantOptions & ResultOptions;
export type DeleteOptions = ClientOptions & Readonly<{ yes?: boolean }>;

/** `signet client list`. */
export const listAll = (options: ClientOptions): Promise<void> =>
  withProvider(options, 'must-exist', async (provider) =>
    printList(options, {
      entries: await listClients(provider),
      ...CLIENT_LISTING,
    }),
  );

/** `signet client get`. */
export const get = (options: ClientOptions, client_id: string): Promise<void> =>
  withProvider(options, 'must-exist', async (provider) => {
    printOne(options, client_id, await requireClient(provider, client_id));
  });

/** `signet client create`: registers a client from file and flags, and tells a secret that was made. */
export async function create(flags: ClientFlags): Promise<void> {
  const given = await readClientFlags(flags);
  await withProvider(flags, 'may-be-made', async (provider, app) => {
    const metadata = { client_id: newClientId(provider.random), ...given.metadata };
    const client = requireSound({ provider, app }, metadata, given.whereIs);
    const saved = await createClient(provider, client);
    if (saved === undefined) {
      throw new CommandError('conflict', `There is a client ${client.metadata.client_id} already.`);
    }
    printSaved(flags, saved);
  });
}

/** `signet client update`: lays file and flags over what is registered (JSON merge patch, RFC 7396). */
export async function update(flags: ClientFlags, client_id: string): Promise<void> {
  const given = await readClientFlags(flags);
  if (Object.keys(given.metadata).length === 0) {
    throw new CommandError('usage', 'Nothing to change was given: see signet client update --help.');
  }
  await withProvider(flags, 'must-exist', async (provider, app) => {
    const before = withoutReadOnly(await requireClient(provider, client_id));
    if ((given.metadata['client_id'] ?? client_id) !== client_id) {
      throw new CommandError(
        'usage',
        'A client_id cannot be changed: create another client and delete this one.',
      );
    }
    const client = requireSound({ provider, app }, mergePatch(before, given.metadata), given.whereIs);
    const saved = await updateClient(provider, client);
    if (saved === undefined) throw unknownClient(client_id);
    printSaved(flags, saved);
    warnOfFile(
      app,
      provider,
      client_id,
      'stands in the configuration file, which is applied again at the next start.',
    );
  });
}

/** `signet client rotate-secret`. */
export const rotateSecret = (options: ClientOptions, client_id: string): Promise<void> =>
  withProvider(options, 'must-exist', async (provider, app) => {
    const rotated = await rotateClientSecret(provider, client_id);
    if (rotated === 'unknown') throw unknownClient(client_id);
    if (rotated === 'without-secret') {
      throw new CommandError('conflict', `${client_id} has no secret: it proves itself in another way.`);
    }
    printSaved(options, rotated);
    warnOfFile(
      app,
      provider,
      client_id,
      'stands in the configuration file: its secret there is no longer good.',
    );
  });

/** `signet client delete`. */
export const remove = (options: DeleteOptions, client_id: string): Promise<void> =>
  withProvider(options, 'must-exist', async (provider, app) => {
    await requireClient(provider, client_id);
    const question = `Delete the client ${client_id}? Its codes, refresh tokens and consents end with it.`;
    if (options.yes !== true) await requireConfirmation(question);
    if ((await deleteClient(provider, client_id)) === 'unknown') throw unknownClient(client_id);
    printOne(options, client_id, { client_id, deleted: true });
    warnOfFile(
      app,
      provider,
      client_id,
      'stands in the configuration file, which brings it back at the next start.',
    );
  });

async function requireClient(provider: Provider, client_id: string): Promise<ClientView> {
  const client = await getClient(provider, client_id);
  if (client === undefined) throw unknownClient(client_id);
  return client;
}

const unknownClient = (client_id: string): CommandError =>
  new CommandError('unknown', `There is no client ${client_id}.`);

/** The metadata complete and checked, also against the resources that there are. */
function requireSound(
  { provider, app }: Readonly<{ provider: Provider; app: App }>,
  metadata: unknown,
  whereIs: GivenMetadata['whereIs'],
): ParsedClient {
  // Those of the file are stored with the next start, if they are not yet.
  const configured = app.config.tenants.find(({ name }) => name === provider.tenant.name)?.resources ?? [];
  const resources = [...provider.tenant.resources, ...configured];
  const parsed = parseClientMetadata(metadata, clientRules(provider.tenant));
  if ('faults' in parsed) throw invalid('The client', parsed.faults, whereIs);
  const known = resources.map(({ resource }) => resource);
  const strange = (parsed.metadata.resources ?? []).filter((resource) => !known.includes(resource));
  const faults = strange.map((resource) => ({
    path: ['resources'],
    message: `names ${resource}, which is not among the resources of the provider`,
  }));
  if (faults.length > 0) throw invalid('The client', faults, whereIs);
  return parsed;
}

type Members = Readonly<Record<string, unknown>>;

/** Lays a patch over a group: null removes a member, groups are merged, all else is replaced (RFC 7396 §2). */
function mergePatch(target: unknown, patch: Members): Members {
  const before = isRecord(target) ? target : {};
  const changed = Object.entries(patch)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => [key, isRecord(value) ? mergePatch(before[key], value) : value] as const);
  const kept = Object.entries(before).filter(([key]) => !Object.hasOwn(patch, key));
  const merged: readonly (readonly [string, unknown])[] = [...kept, ...changed];
  return Object.fromEntries(merged);
}

/** Prints the client, and a secret that was made, which is told this once. */
function printSaved(options: ResultOptions, { client, client_secret }: SavedClient): void {
  printOne(options, client.client_id, { ...client, client_secret });
  if (client_secret === undefined) return;
  say(
    options.quiet === true
      ? `client_secret ${client_secret}`
      : 'The client_secret is told this once: keep it now.',
  );
}

function warnOfFile(app: App, { tenant }: Provider, client_id: string, clause: string): void {
  const written = app.config.tenants.find(({ name }) => name === tenant.name)?.clients ?? [];
  if (written.some(({ metadata }) => metadata.client_id === client_id)) say(`Note: ${client_id} ${clause}`);
}
