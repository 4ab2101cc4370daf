import { type Command, Option } from 'commander';
import { CLIENT_AUTH_METHODS, GRANT_TYPES, RESPONSE_TYPES } from '../model/client.ts';
import { collect } from './api-flags.ts';
import type { Special } from './api-special.ts';
import { type ClientFlags, readClientFlags } from './client-flags.ts';
import { CommandError } from './command-error.ts';
import type { Members } from './remote.ts';

const read = (options: Members) => readClientFlags(options as ClientFlags);

/** `signet client create`: registers a client from file and flags. */
export const CLIENT_CREATION: Special = {
  flags: (command) =>
    withMetadata(command)
      .option('--id <client_id>', 'client_id (default: made at random)')
      .option('--secret-file <file>', 'take the client secret from a file')
      .option('--secret-stdin', 'take the client secret from standard input')
      .option('--secret-prompt', 'ask for the client secret'),
  body: read,
};

/** `signet client update`: lays file and flags over what is registered (JSON merge patch, RFC 7396). */
export const CLIENT_UPDATE: Special = {
  flags: withMetadata,
  body: async (options) => {
    const given = await read(options);
    if (Object.keys(given.body).length > 0) return given;
    throw new CommandError('usage', 'Nothing to change was given: see signet client update --help.');
  },
};

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
    .option('--auth-method <method>', `token_endpoint_auth_method (${CLIENT_AUTH_METHODS.join(', ')})`);
}
