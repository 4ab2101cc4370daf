import type { GivenBody } from './api-flags.ts';
import { CommandError } from './command-error.ts';
import { readMetadata } from './metadata-file.ts';
import type { TenantOptions } from './open-app.ts';
import type { ResultOptions } from './result.ts';
import { readSecret } from './secret-input.ts';

/** What the command line says of a client. */
export type ClientFlags = TenantOptions &
  ResultOptions &
  Readonly<{
    file?: string;
    type?: 'web' | 'spa' | 'native' | 'service';
    id?: string;
    name?: string;
    redirectUri?: readonly string[];
    postLogoutRedirectUri?: readonly string[];
    grantType?: readonly string[];
    responseType?: readonly string[];
    scope?: string;
    authMethod?: string;
    secretFile?: string;
    secretStdin?: boolean;
    secretPrompt?: boolean;
  }>;

const PEOPLE_SIGN_IN = { grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] };

/** What goes with each kind of application. */
const KINDS = {
  web: { ...PEOPLE_SIGN_IN, application_type: 'web', token_endpoint_auth_method: 'client_secret_basic' },
  spa: { ...PEOPLE_SIGN_IN, application_type: 'web', token_endpoint_auth_method: 'none' },
  native: { ...PEOPLE_SIGN_IN, application_type: 'native', token_endpoint_auth_method: 'none' },
  service: {
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'client_secret_basic',
  },
} as const;

/** Members of our own listings that say what the server knows of a client, not what it is. */
const READ_ONLY = ['source', 'version', 'created_at', 'updated_at', 'previous_secret_until'];

/** The metadata of file, flags and secret together: flags are stronger than the file, and the file than the kind. */
export async function readClientFlags(flags: ClientFlags): Promise<GivenBody> {
  if (flags.file === '-' && flags.secretStdin === true) {
    throw new CommandError('usage', 'Standard input cannot be both the metadata and the secret.');
  }
  const file = flags.file === undefined ? undefined : await readMetadata(flags.file);
  const secret = await readSecret('client secret', secretSource(flags));
  const body = {
    ...(flags.type && KINDS[flags.type]),
    ...withoutReadOnly(file?.value ?? {}),
    ...metadataOf(flags),
    ...(secret !== undefined && { client_secret: secret }),
  };
  return { body, ...(file && { whereIs: file.whereIs }) };
}

const secretSource = ({ secretFile, secretStdin, secretPrompt }: ClientFlags) => ({
  file: secretFile,
  stdin: secretStdin,
  prompt: secretPrompt,
});

function metadataOf(flags: ClientFlags): Readonly<Record<string, unknown>> {
  const named = {
    client_id: flags.id,
    client_name: flags.name,
    redirect_uris: flags.redirectUri,
    post_logout_redirect_uris: flags.postLogoutRedirectUri,
    grant_types: flags.grantType,
    response_types: flags.responseType,
    scope: flags.scope,
    token_endpoint_auth_method: flags.authMethod,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

/** Metadata as it can be given back to us. */
const withoutReadOnly = (view: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(view).filter(([key]) => !READ_ONLY.includes(key)));
