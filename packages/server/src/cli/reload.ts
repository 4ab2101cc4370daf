import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { App } from '../app.ts';
import { formatFaults } from '../config/fault.ts';
import type { Config, LoadedConfig } from '../config/load.ts';

/** Reads the configuration of the start again, from the same places. */
export type Reread = () => LoadedConfig;

/** On SIGHUP serves the tenants that the configuration names by then. A faulty one changes nothing. `after` is done when it was adopted. */
export function reloadOnHangup(
  app: App,
  log: Logger,
  reread: Reread | undefined,
  after: () => Promise<unknown> = async () => undefined,
): void {
  if (reread === undefined) return;
  process.on('SIGHUP', () => {
    if (adopt(app, log, reread)) void after();
  });
}

/** Whether the configuration was adopted. */
export function adopt(app: App, log: Logger, reread: Reread): boolean {
  const loaded = tried(reread);
  if (typeof loaded === 'string') {
    log.error({ faults: loaded }, 'The configuration is faulty, so the former one stays.');
    return false;
  }
  const changes = app.adopt(loaded);
  log.info(changes, 'The configuration was read again.');
  if (!isDeepStrictEqual(serverPart(loaded), serverPart(app.config)))
    log.warn('Settings of the server itself have changed: they wait for the next start.');
  return true;
}

/** The configuration, or what is wrong with it in words. */
function tried(reread: Reread): Config | string {
  try {
    const loaded = reread();
    return 'faults' in loaded ? formatFaults(loaded.faults).trimEnd() : loaded.config;
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}

/** The configuration but for its tenants. */
function serverPart({ tenants: _tenants, origins: _origins, ...server }: Config): object {
  return server;
}
