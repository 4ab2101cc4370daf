import { createServer } from 'node:http';
import { stringify } from 'yaml';
import { type Ending, listen, openTestApp, type Signet } from '../support/signet.ts';

/** Two tenants of one server, told apart by host, each with the keys of its own part of the configuration. */
export async function startTwoTenants(
  t: Ending,
  [one, two]: readonly Readonly<Record<string, unknown>>[],
): Promise<readonly [Signet, Signet]> {
  const front = createServer();
  const port = await listen(front);
  const text = stringify({
    database: 'sqlite::memory:',
    tenants: [
      { name: 'one', issuer: `http://localhost:${port}`, ...one },
      { name: 'two', issuer: `http://127.0.0.1:${port}`, ...two },
    ],
  });
  const app = await openTestApp(text);
  const inner = app.createServer();
  front.on('request', (incoming, outgoing) => inner.emit('request', incoming, outgoing));
  t.after(async () => {
    front.closeAllConnections();
    await new Promise((done) => front.close(done));
    await app.close();
  });
  const clock = { now: Date.now, advance: () => undefined };
  const [first, second] = app.opened().map((provider) => {
    const { issuer, site } = provider.tenant;
    return { issuer, app, provider, clock, url: (path: string) => site + path };
  });
  if (first === undefined || second === undefined) throw new Error('Two tenants were to be opened.');
  return [first, second];
}
