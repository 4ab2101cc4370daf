import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../../scripts/launch/build.mjs';
import type { Algorithm } from '../limit/primitives.ts';
import { CLIENT, PERSON, REDIRECT, RESOURCE } from '../load/site.ts';
import { freePort, type ServerProcess, startServer } from './server-process.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type SignetStart = Readonly<{
  /** Where its configuration file goes. */
  folder: string;
  database: string;
  algorithm?: Algorithm;
  prefix?: readonly string[];
  /** Arguments of `serve` besides the configuration, and of Node before the program. */
  serveArgs?: readonly string[];
  nodeArgs?: readonly string[];
  environment?: Readonly<Record<string, string>>;
  /** Keys of the configuration over those of the bench. */
  settings?: Readonly<Record<string, unknown>>;
}>;

/** Configuration of a Signet with the bench's client and person, on a port of this machine. */
export const signetConfiguration = (
  port: number,
  { database, algorithm = 'ES256', settings = {} }: Pick<SignetStart, 'database' | 'algorithm' | 'settings'>,
): Readonly<Record<string, unknown>> => ({
  issuer: `http://127.0.0.1:${port}`,
  listen: { host: '127.0.0.1', port },
  database,
  signing_algorithm: algorithm,
  // The peers' lifetime, so that hot tokens stay good for the whole run.
  lifetimes: { access_token: 3600, id_token: 3600 },
  master_secret: 'the-master-secret-of-the-bench-that-guards-nothing',
  log: { level: 'warn' },
  scopes: [{ scope: 'api' }],
  resources: [{ resource: RESOURCE, scope: 'api' }],
  clients: [
    {
      ...CLIENT,
      redirect_uris: [REDIRECT],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      scope: 'openid offline_access profile email api',
      id_token_signed_response_alg: algorithm,
      consent: 'skip',
    },
  ],
  users: [{ ...PERSON, claims: { name: 'Alice', email: 'alice@example.org' } }],
  ...settings,
});

/** Starts `signet serve` as `npm start` does, from the built server. */
export async function startSignet(start: SignetStart): Promise<ServerProcess> {
  const program = await ensureBuilt(ROOT);
  const port = await freePort();
  const file = join(start.folder, `signet-${port}.yaml`);
  writeFileSync(file, JSON.stringify(signetConfiguration(port, start)));
  return startServer({
    ...(start.prefix && { prefix: start.prefix }),
    ...(start.environment && { environment: start.environment }),
    args: [...(start.nodeArgs ?? []), program, 'serve', '--config', file, ...(start.serveArgs ?? [])],
    port,
  });
}
