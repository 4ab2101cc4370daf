import { type Command, Option } from 'commander';
import { CLIENT_AUTH_METHODS, GRANT_TYPES, RESPONSE_TYPES } from '../model/client.ts';
import { act, withResult, withServer, withTenant } from './action.ts';
import type { ClientFlags } from './client-flags.ts';
import type { ClientOptions, DeleteOptions } from './clients.ts';
import type { ServerOptions } from './remote.ts';

/** Declares `signet client …`. */
export function declareClientCommands(signet: Command): void {
  const client = signet.command('client').description('applications and services that may ask for tokens');
  // The same verbs, on the configured database or at a server elsewhere.
  const work = ({ server }: ServerOptions) =>
    server === undefined ? import('./clients.ts') : import('./remote-clients.ts');
  const declare = (usage: string, description: string): Command =>
    withServer(withResult(withTenant(client.command(usage).description(description))));

  declare('list', 'list all clients').action(
    act<ClientOptions & ServerOptions>(async (options) => (await work(options)).listAll(options)),
  );
  declare('get <id>', 'show one client').action(
    act<ClientOptions & ServerOptions>(async (options, id) => (await work(options)).get(options, id)),
  );
  withMetadata(declare('create', 'register a client; its secret is made and shown once'))
    .option('--id <client_id>', 'client_id (default: made at random)')
    .action(act<ClientFlags & ServerOptions>(async (options) => (await work(options)).create(options)));
  withMetadata(
    declare('update <id>', 'change what is given of a client; in a file, null removes a key'),
  ).action(
    act<ClientFlags & ServerOptions>(async (options, id) => (await work(options)).update(options, id)),
  );
  declare('rotate-secret <id>', 'give a client a new secret; the old one ends at once').action(
    act<ClientOptions & ServerOptions>(async (options, id) =>
      (await work(options)).rotateSecret(options, id),
    ),
  );
  declare('delete <id>', 'remove a client with its codes, refresh tokens and consents')
    .option('--yes', 'do not ask')
    .action(
      act<DeleteOptions & ServerOptions>(async (options, id) => (await work(options)).remove(options, id)),
    );
}

const KINDS = ['web', 'spa', 'native', 'service'];

/** Adds what can be said of a client; flags lie over the file. */
function withMetadata(command: Command): Command {
  return command
    .option('--file <file>', 'RFC 7591 metadata in JSON or YAML; - is standard input')
    .addOption(
      new Option('--type <kind>', 'kind of application, which sets what goes with it').choices(KINDS),
    )
    .option('--name <text>', 'client_name')
    .option('--redirect-uri <uri>', 'one of redirect_uris; may be repeated', collect)
    .option('--post-logout-redirect-uri <uri>', 'one of post_logout_redirect_uris; may be repeated', collect)
    .option('--grant-type <type>', `one of grant_types; may be repeated (${GRANT_TYPES.join(', ')})`, collect)
    .option(
      '--response-type <type>',
      `one of response_types; may be repeated (${RESPONSE_TYPES.join(', ')})`,
      collect,
    )
    .option('--scope <scopes>', 'scope: values separated by blanks')
    .option('--auth-method <method>', `token_endpoint_auth_method (${CLIENT_AUTH_METHODS.join(', ')})`)
    .option('--secret-file <file>', 'take the client secret from a file')
    .option('--secret-stdin', 'take the client secret from standard input')
    .option('--secret-prompt', 'ask for the client secret');
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
