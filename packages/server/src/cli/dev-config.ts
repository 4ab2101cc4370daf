import { resolve } from 'node:path';
import { formatFaults } from '../config/fault.ts';
import { isLoopbackHost } from '../config/issuer.ts';
import { type Config, loadConfig } from '../config/load.ts';
import { dev as profile } from '../profiles/dev.ts';
import { CommandError } from './command-error.ts';

export type DevOptions = Readonly<{ port?: string; issuer?: string; data?: string; config?: string }>;

/** Good for nothing but this machine, and so no secret. */
export const PEOPLE = [
  { username: 'alice', password: 'wonderland', name: 'Alice Example', role: 'admin' },
  { username: 'bob', password: 'can-we-fix-it', name: 'Bob Builder', role: 'user' },
] as const;

export const REDIRECT = 'http://127.0.0.1:9000/cb';

const APPLICATION = {
  redirect_uris: [REDIRECT],
  post_logout_redirect_uris: ['http://127.0.0.1:9000/'],
  grant_types: ['authorization_code', 'refresh_token'],
};

export const SPA = {
  client_id: 'dev-spa',
  client_name: 'Example in the browser',
  token_endpoint_auth_method: 'none',
  ...APPLICATION,
} as const;

export const WEB = {
  client_id: 'dev-web',
  client_name: 'Example on a server',
  client_secret: 'dev-web-secret',
  ...APPLICATION,
} as const;

export const SERVICE = {
  client_id: 'dev-service',
  client_name: 'Example service',
  client_secret: 'dev-service-secret',
  grant_types: ['client_credentials'],
} as const;

/** The configuration of `signet dev`: nothing of it comes from a file or the environment. */
export function devConfig(options: DevOptions): Config {
  if (options.config !== undefined) {
    throw new CommandError('usage', 'dev has a configuration of its own: use serve for one from a file.');
  }
  const port = parsePort(options.port);
  const issuer = options.issuer ?? `http://localhost:${port ?? USUAL_PORT}`;
  requireThisMachine(issuer);
  const tree = {
    issuer,
    profile: profile.name,
    display_name: 'Signet for developing',
    ...(port !== undefined && { listen: { port } }),
    database: options.data === undefined ? 'sqlite::memory:' : `sqlite:${resolve(options.data, 'signet.db')}`,
    log: { format: 'text' },
    clients: [SPA, WEB, SERVICE],
    users: PEOPLE.map(({ username, password, role, name }) => ({
      username,
      password,
      role,
      claims: { name, email: `${username}@example.com`, email_verified: true },
    })),
  };
  const loaded = loadConfig({
    file: { path: 'dev', text: JSON.stringify(tree) },
    environment: {},
    readFile: () => '',
    profiles: [profile],
  });
  if ('faults' in loaded) throw new CommandError('usage', formatFaults(loaded.faults).trimEnd());
  return loaded.config;
}

const USUAL_PORT = 8080;

function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new CommandError('usage', `--port ${text} must be a number from 1 to 65535.`);
}

/** Passwords that everybody knows must not be served to others. */
function requireThisMachine(issuer: string): void {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url?.protocol === 'http:' && isLoopbackHost(url.hostname)) return;
  throw new CommandError(
    'usage',
    `dev is for this machine alone, because its passwords are known to everybody: --issuer ${issuer} must begin with ` +
      'http://localhost, http://127.0.0.1 or http://[::1]. For others, use serve.',
  );
}
