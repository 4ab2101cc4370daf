import { openTelemetry } from '../app/telemetry.ts';
import { type App, openApp } from '../app.ts';
import { newSetupSecret } from '../identity/setup.ts';
import { databaseFile, masterSecretFile } from '../master-secret.ts';
import { systemClock } from '../model/clock.ts';
import { systemRandom } from '../model/secret.ts';
import { endpointUrl, siteOf } from '../model/tenant.ts';
import { PROFILES } from '../profiles/profiles.ts';
import { standard } from '../profiles/standard.ts';
import { networks } from '../web/client-address.ts';
import {
  type ConfigOptions,
  type Configuration,
  readConfiguration,
  requireConfiguration,
} from './configuration.ts';
import { linesTo, openLog } from './log.ts';
import { runServer } from './run-server.ts';
import { renderRecord } from './table.ts';
import { say } from './terminal.ts';
import { workerCount } from './worker-count.ts';

export type ServeOptions = ConfigOptions & Readonly<{ workers: string }>;

/** `signet serve`: the server of the configuration, until a signal ends it. */
export async function serve(options: ServeOptions): Promise<void> {
  const configuration = requireConfiguration(options);
  const { config } = configuration;
  const count = workerCount(options.workers, config.database);
  // Somebody who looks on reads words, unless the configuration says otherwise.
  const watched = process.stdout.isTTY && !Object.hasOwn(config.origins, 'log.format');
  const format = watched ? 'text' : config.log.format;
  const lines = linesTo(process.stdout);
  const log = openLog({ level: config.log.level, format }, lines);
  const telemetry = await openTelemetry({
    // With workers, these are what is measured.
    metrics: config.management.port !== undefined && count === 1,
    trusted: networks(config.trusted_proxies),
    linesLost: lines.lost,
    warn: (sentence) => log.warn(sentence),
  });
  const app = await openApp(config, { clock: systemClock, random: systemRandom, log, telemetry });
  const ready = async (port: number): Promise<void> => {
    const issuers = app.tenants().map(({ config: tenant }) => tenant.issuer);
    if (!watched)
      log.info(
        { issuers: issuers.slice(0, MOST_ISSUERS), host: config.listen.host, port },
        'Signet is ready.',
      );
    await announce(app, configuration, port);
  };
  // Somebody who closes the terminal means the end.
  const reread = watched ? undefined : () => readConfiguration(options);
  if (count === 1) return runServer({ app, log, metrics: telemetry.metrics, reread }, ready);
  const file = configuration.file === undefined ? [] : ['--config', configuration.file];
  const { runWorkers } = await import('./workers.ts');
  return runWorkers({ app, log, count, reread, args: ['worker', '--format', format, ...file] }, ready);
}

/** So many issuers are named at the start; of more, the rest is counted. */
const MOST_ISSUERS = 16;

async function announce(app: App, configuration: Configuration, port: number): Promise<void> {
  const { config, warnings, file } = configuration;
  const issuers = app.tenants().map(({ config: tenant }) => tenant.issuer);
  const shown = issuers.slice(0, MOST_ISSUERS);
  const more = issuers.length > shown.length ? [`and ${issuers.length - shown.length} more`] : [];
  const facts = {
    Issuer: [...shown, ...more],
    Discovery: [...shown.map((issuer) => `${issuer}/.well-known/openid-configuration`), ...more],
    Console: [...consolesOf(app).slice(0, MOST_ISSUERS), ...more],
    Listening: `${config.listen.host} port ${port}`,
    Database: placeOf(config.database),
    Configuration: file ?? 'no file: the defaults, and what the environment says',
  };
  say(`Signet is ready.\n\n${indented(renderRecord(facts))}\n`);
  for (const warning of [...masterSecretWarnings(app), ...warnings]) say(`Warning: ${warning}\n`);
  for (const { config: tenant, takeFirstClients } of app.tenants()) {
    const whose = app.tenants().length === 1 ? '' : ` of ${tenant.name}`;
    for (const { client_name, client_id, client_secret } of takeFirstClients())
      say(
        `The first application${whose}, ${client_name}. Its secret is told only here:\n\n  client_id      ${client_id}\n  client_secret  ${client_secret}\n`,
      );
  }
  for (const { name, link } of await setupLinks(app)) {
    const whose = app.tenants().length === 1 ? '' : ` of ${name}`;
    say(`Create the first administrator${whose} here. The link works once, for 24 hours:\n\n  ${link}\n`);
  }
}

/** Where administrators and everybody else find their pages. */
const consolesOf = (app: App): readonly string[] =>
  app
    .tenants()
    .map(({ config }) => `${siteOf(config.issuer, PROFILES[config.profile] ?? standard)}/console/`);

/** Where a database is, without the password in its address. */
function placeOf(database: string): string {
  const file = databaseFile(database);
  if (file !== undefined) return file;
  if (!URL.canParse(database) || database.startsWith('sqlite:'))
    return 'in memory: nothing outlives this process';
  const { host, pathname } = new URL(database);
  return `PostgreSQL at ${host}${pathname}`;
}

const indented = (text: string): string => text.replaceAll(/^/gm, '  ');

function masterSecretWarnings({ config, masterSecretOrigin }: App): readonly string[] {
  const file = masterSecretFile(config.database);
  if (masterSecretOrigin !== 'made' || file === undefined) return [];
  return [
    `The master secret was made and written to ${file}. Without it the database is of no use, so keep a copy, ` +
      'and keep it apart from copies of the database: together the two are your signing keys.',
  ];
}

async function setupLinks(app: App): Promise<readonly { name: string; link: string }[]> {
  const links: { name: string; link: string }[] = [];
  for (const provider of app.opened()) {
    const token = await newSetupSecret(provider);
    const link = `${endpointUrl(provider.tenant, 'setup')}?${new URLSearchParams({ token: token ?? '' }).toString()}`;
    if (token !== undefined) links.push({ name: provider.tenant.name, link });
  }
  return links;
}
