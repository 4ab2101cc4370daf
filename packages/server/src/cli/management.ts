import type { Server } from 'node:http';
import type { Logger } from 'pino';
import type { Exposition } from '../app/metrics.ts';
import type { Config } from '../config/load.ts';
import type { Probe, Report } from '../web/health.ts';
import { managementServer } from '../web/management.ts';
import { listen } from './listen.ts';

type Tools = Readonly<{
  config: Config;
  log: Logger;
  report: (probe: Probe) => Promise<Report>;
  metrics: () => Promise<Exposition>;
}>;

/** Opens the management listener when one is configured. */
export async function openManagement({ config, log, report, metrics }: Tools): Promise<Server | undefined> {
  const { host, port } = config.management;
  if (port === undefined) return undefined;
  const server = managementServer({ report, metrics });
  const chosen = await listen(server, { host, port, setting: 'management' });
  log.info({ host, port: chosen }, 'Metrics and health are served to operators.');
  return server;
}
