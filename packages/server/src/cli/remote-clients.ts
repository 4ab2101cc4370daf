import { type ClientFlags, readClientFlags } from './client-flags.ts';
import { CLIENT_LISTING } from './client-listing.ts';
import type { ClientOptions, DeleteOptions } from './clients.ts';
import { CommandError } from './command-error.ts';
import { requireConfirmation } from './prompt.ts';
import { callServer, listFrom, type Members, type ServerOptions, serverAt } from './remote.ts';
import { printList, printOne, type ResultOptions } from './result.ts';
import { printable, say } from './terminal.ts';

type At<Options> = Options & ServerOptions;

const addressOf = ({ server = '' }: ServerOptions): string => serverAt(server);
const pathOf = (client_id: string): string => `/clients/${encodeURIComponent(client_id)}`;

/** `signet client list --server`: those that somebody has registered. */
export async function listAll(options: At<ClientOptions>): Promise<void> {
  const clients = await listFrom(addressOf(options), '/clients');
  printList(options, {
    entries: clients.filter(({ source }) => source !== 'built-in'),
    ...CLIENT_LISTING,
  });
}

/** `signet client get --server`. */
export async function get(options: At<ClientOptions>, client_id: string): Promise<void> {
  const { body } = await callServer(addressOf(options), 'GET', pathOf(client_id));
  printOne(options, client_id, body);
}

/** `signet client create --server`. */
export async function create(flags: At<ClientFlags>): Promise<void> {
  const { metadata } = await readClientFlags(flags);
  const { body } = await callServer(addressOf(flags), 'POST', '/clients', { body: metadata });
  printSaved(flags, body);
}

/** `signet client update --server`: a merge patch, of the version that is there now. */
export async function update(flags: At<ClientFlags>, client_id: string): Promise<void> {
  const { metadata } = await readClientFlags(flags);
  if (Object.keys(metadata).length === 0)
    throw new CommandError('usage', 'Nothing to change was given: see signet client update --help.');
  const server = addressOf(flags);
  const { etag } = await callServer(server, 'GET', pathOf(client_id));
  const { body } = await callServer(server, 'PATCH', pathOf(client_id), { patch: metadata, etag });
  printSaved(flags, body);
}

/** `signet client rotate-secret --server`. */
export async function rotateSecret(options: At<ClientOptions>, client_id: string): Promise<void> {
  const { body } = await callServer(addressOf(options), 'POST', `${pathOf(client_id)}/secret`, { body: {} });
  printSaved(options, body);
}

/** `signet client delete --server`. */
export async function remove(options: At<DeleteOptions>, client_id: string): Promise<void> {
  const server = addressOf(options);
  await callServer(server, 'GET', pathOf(client_id));
  const question = `Delete the client ${printable(client_id)} at ${server}? Its codes, refresh tokens and consents end with it.`;
  if (options.yes !== true) await requireConfirmation(question);
  await callServer(server, 'DELETE', pathOf(client_id));
  printOne(options, client_id, { client_id, deleted: true });
}

/** A secret that was made is told this once. */
function printSaved(options: ResultOptions, client: Members): void {
  const { client_id, client_secret } = client;
  printOne(options, String(client_id), client);
  if (typeof client_secret !== 'string') return;
  say(
    options.quiet === true
      ? `client_secret ${client_secret}`
      : 'The client_secret is told this once: keep it now.',
  );
}
