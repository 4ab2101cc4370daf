import * as oauth from 'oauth4webapi';
import type { Provider } from '../keys/provider.ts';
import type { ClientMetadata } from '../model/client.ts';
import { CommandError } from './command-error.ts';
import type { TenantOptions } from './open-app.ts';
import { printable } from './terminal.ts';
import { readClientKey } from './try-key.ts';
import type { TryStep } from './try-text.ts';

export type TryOptions = TenantOptions &
  Readonly<{
    output: 'text' | 'json';
    scope?: string;
    prompt?: string;
    responseType?: string;
    /** False for `--no-browser`. */
    browser: boolean;
    raw?: boolean;
    secretFile?: string;
    secretStdin?: boolean;
    secretPrompt?: boolean;
    /** File of the private key, of a client that proves itself with one. */
    key?: string;
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
export async function clientAuthentication(
  metadata: ClientMetadata,
  { secret, key }: { secret: string | undefined; key: string | undefined },
): Promise<oauth.ClientAuth> {
  const { client_id, token_endpoint_auth_method: method } = metadata;
  if (method === 'none') return oauth.None();
  if (method === 'private_key_jwt') {
    if (key !== undefined) return oauth.PrivateKeyJwt(await readClientKey(key, metadata));
    throw new CommandError(
      'usage',
      `${printable(client_id)} proves itself with a key of its own: give the private one with --key FILE, in PEM or as a JWK.`,
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
