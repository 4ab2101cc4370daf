import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';
import { CLIENT, REDIRECT, RESOURCE } from '../load/site.ts';
import { sqliteAdapter } from './oidc-provider-adapter.ts';

// oidc-provider 9 in a process of its own: node oidc-provider-server.ts PORT ALGORITHM [FILE]. Without a file everything is in memory, by
// its own adapter. It does what Signet does: rotation at each refresh, a refresh token from each code flow, the same client.

const [, , port = '', algorithm = 'ES256', file] = process.argv;

const jwk = (key: { privateKey: { export: (form: { format: 'jwk' }) => object } }, more: object): object => ({
  ...key.privateKey.export({ format: 'jwk' }),
  use: 'sig',
  ...more,
});

const provider = new Provider(`http://127.0.0.1:${port}`, {
  ...(file !== undefined && { adapter: sqliteAdapter(file) }),
  jwks: {
    keys: [
      jwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }), { alg: 'ES256', kid: 'es' }),
      jwk(generateKeyPairSync('rsa', { modulusLength: 2048 }), { alg: 'RS256', kid: 'rs' }),
    ],
  },
  clients: [
    {
      ...CLIENT,
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      redirect_uris: [REDIRECT],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: algorithm,
      scope: 'openid offline_access profile email api',
    },
  ],
  scopes: ['openid', 'offline_access', 'profile', 'email', 'api'],
  claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
  cookies: { keys: ['the-cookie-key-of-the-bench'] },
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256'] },
  features: {
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => undefined,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: 'api',
        audience: RESOURCE,
        accessTokenTTL: 3600,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: algorithm } },
      }),
    },
  },
  // Without a prompt for consent it takes offline_access away; the flow under load gives a refresh token all the same, as Signet's does.
  issueRefreshToken: () => true,
  expiresWithSession: () => false,
  rotateRefreshToken: true,
  findAccount: (_: unknown, id: string) => ({
    accountId: id,
    claims: () => ({ sub: id, name: 'Alice', email: 'alice@example.org' }),
  }),
  ttl: {
    AccessToken: 3600,
    AuthorizationCode: 60,
    ClientCredentials: 3600,
    IdToken: 3600,
    RefreshToken: 86_400,
    Session: 86_400,
    Grant: 86_400,
    Interaction: 600,
  },
});
provider.listen(Number(port), '127.0.0.1');
