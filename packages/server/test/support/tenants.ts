import { createServer } from 'node:http';
import { stringify } from 'yaml';
import type { App } from '../../src/app.ts';
import type { Provider } from '../../src/keys/provider.ts';
import { type Ending, listen, openTestApp, type Signet } from './signet.ts';

/** The part of a configuration file that speaks of one tenant. */
export type TenantKeys = Readonly<{ name: string; issuer: string } & Record<string, unknown>>;

/** The configuration file of a server of these tenants. */
export const textOf = (tenants: readonly TenantKeys[]): string =>
  stringify({ database: 'sqlite::memory:', tenants });

/** Starts a server of several tenants, which are told where it listens; it ends with the test. */
export async function startTenants(
  t: Ending,
  tenantsAt: (port: number) => readonly TenantKeys[],
): Promise<App> {
  const front = createServer();
  const port = await listen(front);
  const app = await openTestApp(textOf(tenantsAt(port)));
  const inner = app.createServer();
  front.on('request', (incoming, outgoing) => inner.emit('request', incoming, outgoing));
  t.after(async () => {
    front.closeAllConnections();
    await new Promise((done) => front.close(done));
    await app.close();
  });
  return app;
}

/** A tenant as the helpers of tests know it; paths are taken from `base`. */
export const tenantSignet = (
  app: App,
  provider: Provider,
  base: string = provider.tenant.issuer,
): Signet => ({
  issuer: provider.tenant.issuer,
  app,
  provider,
  clock: { now: Date.now, advance: () => undefined },
  url: (path) => base + path,
});

/** Two tenants of one server, told apart by host, each with the keys of its own part of the configuration. */
export async function startTwoTenants(
  t: Ending,
  [one, two]: readonly Readonly<Record<string, unknown>>[],
): Promise<readonly [Signet, Signet]> {
  const app = await startTenants(t, (port) => [
    { name: 'one', issuer: `http://localhost:${port}`, ...one },
    { name: 'two', issuer: `http://127.0.0.1:${port}`, ...two },
  ]);
  return both(app, ({ site }) => site);
}

/** The tenants of a server that has two. */
export function both(
  app: App,
  baseOf: (tenant: Provider['tenant']) => string = ({ issuer }) => issuer,
): readonly [Signet, Signet] {
  const [first, second] = app
    .opened()
    .map((provider) => tenantSignet(app, provider, baseOf(provider.tenant)));
  if (first === undefined || second === undefined) throw new Error('Two tenants were to be opened.');
  return [first, second];
}
