import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import pino from 'pino';
import { stringify } from 'yaml';
import { type App, openApp, type Surroundings } from '../../src/app.ts';
import { formatFaults } from '../../src/config/fault.ts';
import { type Config, loadConfig } from '../../src/config/load.ts';
import type { Provider } from '../../src/keys/provider.ts';
import { RESPONSE_TYPES } from '../../src/model/client.ts';
import { systemRandom } from '../../src/model/secret.ts';
import { PROFILES } from '../../src/profiles/profiles.ts';
import { thriftyPasswords } from './passwords.ts';

/** A clock that a test moves. It starts at the real time, because the libraries under test look at that. */
export type TestClock = { now: () => number; advance: (milliseconds: number) => void };

export type Signet = Readonly<{
  issuer: string;
  app: App;
  provider: Provider;
  clock: TestClock;
  /** Address of an endpoint below the issuer. */
  url: (path: string) => string;
}>;

/** The keys of a configuration file, over a client `web-app` and the user alice. */
export type TestConfig = Readonly<
  {
    issuer_path?: string;
    node_count?: number;
    /** Texts of the files that the configuration names, by name. */
    files?: Readonly<Record<string, string>>;
    /** Answers what stands on the same origin beside Signet; true when it did. */
    beside?: (request: IncomingMessage, response: ServerResponse) => boolean;
  } & Record<string, unknown>
>;

export const REDIRECT = 'http://127.0.0.1:9000/cb';
export const ALICE = { username: 'alice', password: 'wonderland' };
export const BOB = { username: 'bob', password: 'builder-of-things' };
export const SECRET = 'correct-horse-battery-staple';

/** A confidential client that may do everything, with PKCE lifted. */
export const WEB_APP = {
  client_id: 'web-app',
  client_secret: SECRET,
  client_name: 'Web App',
  redirect_uris: [REDIRECT],
  post_logout_redirect_uris: ['http://127.0.0.1:9000/'],
  grant_types: ['authorization_code', 'refresh_token', 'implicit', 'client_credentials'],
  response_types: [...RESPONSE_TYPES],
  scope: 'openid profile email address phone groups offline_access',
  require_pkce: false,
  consent: 'skip',
};

/** A public client, so with PKCE. */
export const SPA = {
  client_id: 'spa',
  redirect_uris: [REDIRECT],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'none',
  scope: 'openid profile email offline_access',
  consent: 'skip',
};

export const USERS = [
  { ...ALICE, claims: { name: 'Alice Example', email: 'alice@example.com', email_verified: true } },
  { ...BOB, claims: { name: 'Bob Builder' } },
];

/** A test, or `{ after }` of node:test for what serves a whole file. */
export type Ending = Readonly<{ after: (end: () => Promise<void>) => void }>;

/** Starts Signet on a free port with an in-memory database; it ends with the test. */
export async function startSignet(
  t: Ending,
  config: TestConfig = {},
  over: Partial<Surroundings> = {},
): Promise<Signet> {
  const front = createServer();
  const nodes: App[] = [];
  t.after(async () => {
    front.closeAllConnections();
    await new Promise((done) => front.close(done));
    for (const node of nodes) await node.close();
  });
  const port = await listen(front);
  const { issuer_path = '', node_count = 1, files = {}, beside, ...keys } = config;
  const issuer = `http://localhost:${port}${issuer_path}`;
  const text = stringify({
    issuer,
    database: 'sqlite::memory:',
    clients: [WEB_APP, SPA],
    users: USERS,
    ...keys,
  });
  let offset = 0;
  const clock = {
    now: () => Date.now() + offset,
    advance: (milliseconds: number) => {
      offset += milliseconds;
    },
  };
  while (nodes.length < node_count) nodes.push(await openTestApp(text, clock.now, over, files));
  const inner = nodes.map((node) => node.createServer());
  let requests = 0;
  // With several nodes, each request lands on the next one.
  front.on('request', (request, response) => {
    if (beside?.(request, response) === true) return;
    requests += 1;
    inner[requests % inner.length]?.emit('request', request, response);
  });
  const [app] = nodes;
  const [provider] = app?.opened() ?? [];
  if (app === undefined || provider === undefined) throw new Error('no tenant');
  return { issuer, app, provider, clock, url: (path) => issuer + path };
}

/** The configuration that a file says, which must be sound; `files` are those it names. */
export function configOf(
  text: string,
  profiles: Surroundings['profiles'] = PROFILES,
  files: Readonly<Record<string, string>> = {},
): Config {
  const loaded = loadConfig({
    file: { path: '/signet-test/signet.yaml', text },
    environment: {},
    readFile: (path) => {
      const found = files[basename(path)];
      if (found === undefined) throw new Error('no such file in this test');
      return found;
    },
    profiles: Object.values(profiles),
  });
  if ('faults' in loaded) throw new Error(formatFaults(loaded.faults));
  return loaded.config;
}

/** Opens an application from the text of a configuration file and applies it. */
export async function openTestApp(
  text: string,
  now: () => number = () => Date.now(),
  over: Partial<Surroundings> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<App> {
  const app = await openApp(configOf(text, over.profiles, files), {
    clock: now,
    random: systemRandom,
    log: pino({ level: 'silent' }),
    passwords: thriftyPasswords,
    ...over,
  });
  await app.apply();
  return app;
}

export const listen = (server: Server): Promise<number> =>
  new Promise((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)));
