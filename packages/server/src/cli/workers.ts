import { createServer } from 'node:http';
import type { Logger } from 'pino';
import type { Exposition, Snapshot } from '../app/metrics.ts';
import type { App } from '../app.ts';
import { healthOf } from '../web/health.ts';
import { listen } from './listen.ts';
import { keepUp } from './maintenance.ts';
import { openManagement } from './management.ts';
import { type Reread, reloadOnHangup } from './reload.ts';
import { stopOnSignals } from './stop.ts';
import { say } from './terminal.ts';
import { type Crew, openCrew } from './worker-crew.ts';

type Running = Readonly<{
  app: App;
  log: Logger;
  count: number;
  reread?: Reread | undefined;
  /** The arguments that make a worker, but for its port. */
  args: readonly string[];
}>;

/**
 * Applies the configuration once, then has `count` processes serve it until a signal ends them all. This process answers no requests: it
 * replaces workers that end, keeps the database in order and speaks for all of them on the management listener.
 */
export async function runWorkers(
  { app, log, count, reread, args }: Running,
  announce: (port: number) => Promise<void>,
): Promise<void> {
  const { config } = app;
  const closing: (() => unknown)[] = [];
  try {
    await app.apply();
    const port = await freePort(config.listen);
    const crew = openCrew({
      count,
      args: [...args, '--port', String(port), '--processes', String(count)],
      log,
      hopeless: () => {
        say('The workers end again and again as soon as they have started: see the log. Signet gives up.');
        crew.kill();
        void app.close().finally(() => process.exit(1));
      },
    });
    closing.push(crew.kill);
    const workers = { workers: () => areReady(crew) };
    const health = healthOf(workers, () => performance.now(), CREWS_PATIENCE);
    const management = await openManagement({
      config,
      log,
      report: health.report,
      metrics: () => metricsOf(crew),
    });
    closing.push(() => management?.close());
    await crew.started;
    health.serving();
    stopOnSignals(config.shutdown, {
      unready: async () => {
        health.stopping();
        return health.isProbed() || (await crew.ask('unready')).includes(true);
      },
      drain: crew.drain,
      close: () => app.close(),
      kill: crew.kill,
    });
    reloadOnHangup(app, log, reread, () => crew.ask('reload'));
    keepUp(app.maintain, (err) => log.error({ err }, 'Maintenance failed; it is tried again in a minute.'));
    await announce(port);
  } catch (fault) {
    for (const close of closing) close();
    await app.close();
    throw fault;
  }
}

/** Milliseconds; workers are asked in their turn, so it takes longer than a look of one's own. */
const CREWS_PATIENCE = { keep: 1000, patience: 2000 };

/** Somebody else's listener does not hinder one that shares its port: so it is looked for first, by a listener that does not share. */
async function freePort(place: App['config']['listen']): Promise<number> {
  const probe = createServer();
  const port = await listen(probe, place);
  await new Promise((done) => probe.close(done));
  return port;
}

async function areReady(crew: Crew): Promise<boolean> {
  const answers = await crew.ask('ready');
  return answers.length > 0 && answers.every((answer) => answer === true);
}

async function metricsOf(crew: Crew): Promise<Exposition> {
  const { exposition, workerMetrics } = await import('../app/metrics.ts');
  const answers = await crew.ask('metrics');
  const snapshots = answers.filter((answer): answer is Snapshot => Array.isArray(answer));
  const own = await workerMetrics({ listening: crew.listening(), restarts: crew.restarts() });
  return exposition([...snapshots, own]);
}
