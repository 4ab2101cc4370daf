import type { Provider } from '../keys/provider.ts';
import { ADMIN_SCOPES, COMMAND_LINE_CLIENT_ID, CONSOLE_CLIENT_ID } from '../model/admin-api.ts';
import type { ClientMetadata } from '../model/client.ts';
import { formatScope } from '../model/scope.ts';
import type { Tenant } from '../model/tenant.ts';
import { inHandsOf } from './audit.ts';
import { applyClient } from './clients.ts';

/** Makes Signet's own clients what this program has them be. */
export async function applyBuiltInClients(opened: Provider): Promise<void> {
  const provider = inHandsOf(opened, { actor: 'Signet' });
  for (const metadata of builtInClients(provider.tenant))
    await applyClient(provider, { metadata }, 'built-in');
}

/** The console, which is served beside everything else, and the command line, which listens on the person's own machine. */
export const builtInClients = (tenant: Tenant): readonly ClientMetadata[] => [
  {
    ...common(tenant),
    client_id: CONSOLE_CLIENT_ID,
    client_name: 'Signet console',
    application_type: 'web',
    redirect_uris: tenant.sites.map((site) => `${site}/console/callback`),
    post_logout_redirect_uris: tenant.sites.map((site) => `${site}/console/`),
  },
  {
    ...common(tenant),
    client_id: COMMAND_LINE_CLIENT_ID,
    client_name: 'Signet command line',
    application_type: 'native',
    redirect_uris: ['http://127.0.0.1/callback'],
    post_logout_redirect_uris: [],
    // Any program on that machine can stand in its place, so that the person has a word (RFC 8252 §8.6).
    consent: 'always',
  },
];

const common = ({ profile }: Tenant) =>
  ({
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    scope: formatScope(['openid', 'profile', 'email', ...profile.offline_scopes, ...ADMIN_SCOPES]),
    token_endpoint_auth_method: 'none',
    subject_type: 'public',
    require_pkce: true,
    consent: 'skip',
  }) satisfies Partial<ClientMetadata>;
