import type { Server } from 'node:http';
import { flushCompileCache } from 'node:module';
import type { Logger } from 'pino';
import type { Metrics } from '../app/metrics.ts';
import type { App } from '../app.ts';
// Loaded now, while the database is opened, and not at the first request.
import '../web/tenant-app.ts';
import { listen, makeServer } from './listen.ts';
import { keepUp } from './maintenance.ts';
import { openManagement } from './management.ts';
import { type Reread, reloadOnHangup } from './reload.ts';
import { drain, stopOnSignals } from './stop.ts';
import { releaseYoungGeneration } from './young-generation.ts';

type Running = Readonly<{
  app: App;
  log: Logger;
  metrics?: Metrics | undefined;
  reread?: Reread | undefined;
}>;

/** Applies the configuration and serves until a signal ends the process. `announce` is called with the port when connections are accepted. */
export async function runServer(
  { app, log, metrics, reread }: Running,
  announce: (port: number) => Promise<void>,
): Promise<void> {
  const { config, health } = app;
  let server: Server | undefined;
  let management: Server | undefined;
  try {
    management = await openManagement({
      config,
      log,
      report: health.report,
      metrics: async () => {
        const { exposition } = await import('../app/metrics.ts');
        return exposition(metrics === undefined ? [] : [await metrics.snapshot()]);
      },
    });
    await app.apply();
    const made = makeServer(app);
    server = made;
    const port = await listen(made, config.listen);
    health.serving();
    stopOnSignals(config.shutdown, {
      unready: async () => {
        health.stopping();
        return health.isProbed();
      },
      drain: (patience) => drain(made, health, patience),
      close: () => app.close(),
    });
    reloadOnHangup(app, log, reread);
    keepUp(app.maintain, (err) => log.error({ err }, 'Maintenance failed; it is tried again in a minute.'));
    await announce(port);
  } catch (fault) {
    server?.close();
    management?.close();
    await app.close();
    throw fault;
  }
  flushCompileCache();
  releaseYoungGeneration();
}
