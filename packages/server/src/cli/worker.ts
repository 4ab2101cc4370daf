import { openTelemetry } from '../app/telemetry.ts';
import { openApp } from '../app.ts';
import { systemClock } from '../model/clock.ts';
import { systemRandom } from '../model/secret.ts';
import { networks } from '../web/client-address.ts';
// Loaded before the first request.
import '../web/tenant-app.ts';
import { type ConfigOptions, readConfiguration, requireConfiguration } from './configuration.ts';
import { listen, makeServer } from './listen.ts';
import { linesTo, openLog } from './log.ts';
import { adopt } from './reload.ts';
import { drain } from './stop.ts';
import { type Question, readToWorker, type ToPrimary } from './worker-messages.ts';

export type WorkerOptions = ConfigOptions &
  Readonly<{ port: string; processes: string; format: 'json' | 'text' }>;

/** One of the processes of `signet serve --workers`: it listens, answers the process that started it, and ends when told to or left alone. */
export async function work(options: WorkerOptions): Promise<void> {
  const { config } = requireConfiguration(options);
  const lines = linesTo(process.stdout);
  const log = openLog({ level: config.log.level, format: options.format }, lines);
  const telemetry = await openTelemetry({
    metrics: config.management.port !== undefined,
    trusted: networks(config.trusted_proxies),
    linesLost: lines.lost,
    warn: (sentence) => log.warn(sentence),
  });
  const surroundings = { clock: systemClock, random: systemRandom, log, telemetry };
  const app = await openApp(config, { ...surroundings, processes: Number(options.processes) });
  const { health } = app;
  const server = makeServer(app);

  const end = async (patience: number): Promise<void> => {
    await drain(server, health, patience);
    await app.close();
    process.exit(0);
  };
  const answers: Readonly<Record<Question, () => Promise<unknown>>> = {
    ready: async () => (await health.report('ready')).status === 'up',
    metrics: async () => telemetry.metrics?.snapshot() ?? [],
    reload: async () => adopt(app, log, () => readConfiguration(options)),
    unready: async () => {
      health.stopping();
      return health.isProbed();
    },
  };
  // The process that started this one decides; a terminal sends its signals to all. When it is gone, node:cluster ends this one.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.on('message', (received) => {
    const message = readToWorker(received);
    if (message?.kind === 'drain') void end(message.patience);
    if (message?.kind === 'ask') {
      const { id, what } = message;
      void answers[what]().then((value) => tell({ kind: 'answer', id, value }));
    }
  });
  await listen(server, {
    host: config.listen.host,
    port: Number(options.port),
    // Elsewhere connections come through the process that started this one.
    reusePort: process.platform === 'linux',
  });
  health.serving();
  tell({ kind: 'listening' });
}

function tell(message: ToPrimary): void {
  if (process.connected) process.send?.(message);
}
