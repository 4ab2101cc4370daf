import type { Server } from 'node:http';
import { flushCompileCache } from 'node:module';
import type { Logger } from 'pino';
import type { App } from '../app.ts';
// Loaded now, while the database is opened, and not at the first request.
import '../web/tenant-app.ts';
import { listen, makeServer } from './listen.ts';
import { keepUp } from './maintenance.ts';
import { stopOnSignals } from './stop.ts';
import { say } from './terminal.ts';

/** Applies the configuration and serves until a signal ends the process. `announce` is called with the port when connections are accepted. */
export async function runServer(
  app: App,
  log: Logger,
  announce: (port: number) => Promise<void>,
): Promise<void> {
  let server: Server | undefined;
  try {
    await app.apply();
    server = makeServer(app);
    const port = await listen(server, app.config.listen);
    stopOnSignals(server, {
      told: (signal) => say(`${signal}: stopping, as soon as requests in flight are answered.`),
      close: () => app.close(),
    });
    keepUp(app.maintain, (err) => log.error({ err }, 'Maintenance failed; it is tried again in a minute.'));
    await announce(port);
  } catch (fault) {
    server?.close();
    await app.close();
    throw fault;
  }
  flushCompileCache();
}
