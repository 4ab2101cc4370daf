import { isPublicClient } from '../model/client.ts';
import { isLoopbackHost, portOf } from './issuer.ts';
import type { ReadFile } from './secret-file.ts';
import { readText } from './secret-file.ts';
import type { ServerConfig } from './server.ts';
import type { TenantConfig } from './tenant.ts';

/** RFC 6749 §4.1.2 recommends that a code live no longer. */
const CODE_SECONDS = 600;

/** 128 bits as base64url: shorter ones can be guessed (RFC 6749 §10.10). */
const SECRET_CHARACTERS = 22;

/** Sentences about what is allowed but seldom meant. */
export function configWarnings(
  config: ServerConfig & { tenants: readonly TenantConfig[] },
  readFile: ReadFile,
): readonly string[] {
  return [
    ...tlsWarnings(config, readFile),
    ...config.tenants.flatMap((tenant) => [...issuerWarnings(tenant, config), ...tenantWarnings(tenant)]),
  ];
}

function tlsWarnings({ tls }: ServerConfig, readFile: ReadFile): readonly string[] {
  return Object.entries(tls ?? {}).flatMap(([key, path]) => {
    const text = readText(path, readFile);
    if ('fault' in text) return [`tls.${key} ${text.fault}. The server cannot start with it.`];
    return text.value.includes('-----BEGIN ') ? [] : [`tls.${key} is not in PEM form: ${path}.`];
  });
}

function issuerWarnings({ issuer }: TenantConfig, { listen, tls }: ServerConfig): readonly string[] {
  const url = new URL(issuer);
  if (!isLoopbackHost(url.hostname)) {
    if (url.protocol === 'https:') return [];
    return [
      `${issuer} is plain http: passwords and tokens can be read and changed on the way. Use this only in a closed test network.`,
    ];
  }
  if (url.protocol === 'http:' && tls !== undefined) {
    return [
      `${issuer} is plain http, but the server itself answers only TLS, as tls is set. The issuer should begin with https://.`,
    ];
  }
  if (listen.port === 0 || portOf(url) === listen.port) return [];
  return [
    `${issuer} names port ${portOf(url)}, but the server listens on port ${listen.port}. Something else must pass requests on.`,
  ];
}

function tenantWarnings(tenant: TenantConfig): readonly string[] {
  const code = tenant.settings.lifetimes.authorization_code ?? 0;
  const late =
    code > CODE_SECONDS
      ? [
          `lifetimes.authorization_code is ${code} seconds; RFC 6749 §4.1.2 recommends at most ${CODE_SECONDS}.`,
        ]
      : [];
  const open = tenant.clients
    .filter(({ metadata }) => isPublicClient(metadata) && metadata.require_pkce === false)
    .map(
      ({ metadata }) =>
        `Client ${metadata.client_id} is public and has require_pkce: false: a stolen code is enough to become its user (RFC 9700 §2.1.1).`,
    );
  const weak = tenant.clients
    .filter(({ client_secret }) => client_secret !== undefined && client_secret.length < SECRET_CHARACTERS)
    .map(
      ({ metadata }) =>
        `Client ${metadata.client_id} has a client_secret of fewer than ${SECRET_CHARACTERS} characters, which can be guessed. ` +
        'Leave it out, and one is made for you.',
    );
  return [...late, ...open, ...weak, ...registrationWarnings(tenant)];
}

function registrationWarnings({ dynamic_registration, registration }: TenantConfig): readonly string[] {
  const { unused_after, expires_after } = registration;
  if (dynamic_registration !== 'open' || unused_after !== undefined || expires_after !== undefined) return [];
  return [
    'dynamic_registration is open, and what anybody registers stays for ever: set registration.unused_after, such as 30d.',
  ];
}
