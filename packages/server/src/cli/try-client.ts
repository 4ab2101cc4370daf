import * as oauth from 'oauth4webapi';
import type { Provider } from '../keys/provider.ts';
import type { ClientMetadata } from '../model/client.ts';
import { CommandError } from './command-error.ts';
import type { TenantOptions } from './open-app.ts';
import { printable } from './terminal.ts';
import type { TryStep } from './try-text.ts';

export type TryOptions = TenantOptions &
  Readonly<{
    output: 'text' | 'json';
    scope?: string;
    prompt?: string;
    /** False for `--no-browser`. */
    browser: boolean;
    raw?: boolean;
    secretFile?: string;
    secretStdin?: boolean;
    secretPrompt?: boolean;
  }>;

/** A client that is tried, and whom each step is told. */
export type Tried = Readonly<{
  provider: Provider;
  metadata: ClientMetadata;
  auth: oauth.ClientAuth;
  options: TryOptions;
  tell: (step: TryStep) => void;
}>;

/** How the client proves itself; ends the command where what it needs is not at hand. */
export function clientAuthentication(
  { client_id, token_endpoint_auth_method: method }: ClientMetadata,
  secret: string | undefined,
): oauth.ClientAuth {
  if (method === 'none') return oauth.None();
  if (method === 'private_key_jwt') {
    throw new CommandError(
      'conflict',
      `${printable(client_id)} proves itself with a key of its own, which only the application has.`,
    );
  }
  if (secret === undefined) {
    throw new CommandError(
      'usage',
      `${printable(client_id)} has a secret, of which only a digest is stored: give it with --secret-file, --secret-stdin or --secret-prompt.`,
    );
  }
  if (method === 'client_secret_post') return oauth.ClientSecretPost(secret);
  return method === 'client_secret_jwt' ? oauth.ClientSecretJwt(secret) : oauth.ClientSecretBasic(secret);
}
