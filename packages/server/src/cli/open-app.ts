import { inHandsOf } from '../admin/audit.ts';
import type { TenantEntry } from '../app/tenants.ts';
import type { App } from '../app.ts';
import type { Config } from '../config/load.ts';
import type { Provider } from '../keys/provider.ts';
import { databaseExists, databaseFile } from '../master-secret.ts';
import { systemClock } from '../model/clock.ts';
import { systemRandom } from '../model/secret.ts';
import { CommandError } from './command-error.ts';
import { type ConfigOptions, requireConfiguration } from './configuration.ts';
import { someOf } from './terminal.ts';

/** Options of every command that works on a tenant. */
export type TenantOptions = ConfigOptions & Readonly<{ tenant?: string }>;

/** Whether a command may be the first to use a database, and so make it. */
export type DatabaseWish = 'must-exist' | 'may-be-made';

/** Does the work on the configured database, beside the server that may be running on it, and closes it again. */
export async function withApp(
  options: ConfigOptions,
  wish: DatabaseWish,
  work: (app: App) => Promise<void>,
): Promise<void> {
  const { config } = requireConfiguration(options);
  requireDatabase(config.database, wish);
  await withConfiguredApp(config, work);
}

/** The same with a configuration that was read. */
export async function withConfiguredApp(config: Config, work: (app: App) => Promise<void>): Promise<void> {
  const [{ openApp }, { linesTo, openLog }] = await Promise.all([import('../app.ts'), import('./log.ts')]);
  const log = openLog({ level: 'warn', format: 'text' }, linesTo(process.stderr));
  const app = await openApp(config, { clock: systemClock, random: systemRandom, log });
  try {
    await work(app);
  } finally {
    await app.close();
  }
}

/** The same for one tenant: the one there is, or the one named by `--tenant`. */
export async function withProvider(
  options: TenantOptions,
  wish: DatabaseWish,
  work: (provider: Provider, app: App) => Promise<void>,
): Promise<void> {
  await withApp(options, wish, async (app) => {
    const provider = await requireTenant(app, options.tenant).open();
    await work(inHandsOf(provider, { actor: 'command line' }), app);
  });
}

/** Ends the command when the database is in memory, or is to be there and is not. */
export function requireDatabase(database: string, wish: DatabaseWish): void {
  if (database === 'sqlite::memory:') {
    throw new CommandError('fault', 'The database is in memory, where only the running server can see it.');
  }
  if (wish === 'may-be-made' || databaseFile(database) === undefined || databaseExists(database)) return;
  throw new CommandError(
    'fault',
    `There is no database at ${databaseFile(database)} yet. Start the server once, or say with --config which one is meant.`,
  );
}

/** The one named, or all. */
export const tenantsMeant = (app: App, name: string | undefined): readonly TenantEntry[] =>
  name === undefined ? app.tenants() : [requireTenant(app, name)];

const requireTenant = (app: App, name: string | undefined): TenantEntry => tenantNamed(app.tenants(), name);

/** The tenant of that name, or the only one that there is. */
export function tenantNamed<Entry extends Readonly<{ config: { name: string } }>>(
  tenants: readonly Entry[],
  name: string | undefined,
): Entry {
  const [only, ...others] = tenants;
  const found = tenants.find(({ config }) => config.name === name);
  if (found !== undefined) return found;
  if (name === undefined && only !== undefined && others.length === 0) return only;
  const names = tenants.map(({ config }) => config.name);
  throw new CommandError(
    'usage',
    name === undefined
      ? `There are several tenants: say which with --tenant ${someOf(names, ' | ')}.`
      : `There is no tenant ${name}. There is: ${someOf(names, ', ')}.`,
  );
}
