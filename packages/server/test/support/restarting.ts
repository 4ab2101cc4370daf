import { createServer, type Server } from 'node:http';
import type { TestContext } from 'node:test';
import { stringify } from 'yaml';
import type { App, Surroundings } from '../../src/app.ts';
import { listen, openTestApp, type Signet, USERS, WEB_APP } from './signet.ts';

export const MASTER_SECRET = 'the master secret of all programs, forty';

/** A provider whose programs come and go behind one address, each request at the next of them. */
export type Restarting = Readonly<{
  signet: Pick<Signet, 'issuer' | 'url' | 'clock'>;
  /** One more program on that database. */
  start: (database: string, over?: Partial<Surroundings>) => Promise<App>;
  /** Ends all programs. */
  stop: () => Promise<void>;
}>;

export async function restarting(t: TestContext, config: Record<string, unknown> = {}): Promise<Restarting> {
  const front = createServer();
  const issuer = `http://localhost:${await listen(front)}`;
  const running: { app: App; server: Server }[] = [];
  let requests = 0;
  front.on('request', (request, response) => {
    requests += 1;
    running[requests % running.length]?.server.emit('request', request, response);
  });
  let offset = 0;
  const now = (): number => Date.now() + offset;
  const advance = (milliseconds: number): void => {
    offset += milliseconds;
  };
  const stop = async (): Promise<void> => {
    for (const { app } of running.splice(0)) await app.close();
  };
  t.after(async () => {
    front.closeAllConnections();
    front.close();
    await stop();
  });
  return {
    signet: { issuer, url: (path) => issuer + path, clock: { now, advance } },
    start: async (database, over) => {
      const text = stringify({
        issuer,
        database,
        master_secret: MASTER_SECRET,
        clients: [WEB_APP],
        users: USERS,
        ...config,
      });
      const app = await openTestApp(text, now, over);
      running.push({ app, server: app.createServer() });
      return app;
    },
    stop,
  };
}
