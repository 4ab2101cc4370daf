import { applyPlan } from '../admin/apply.ts';
import { inHandsOf } from '../admin/audit.ts';
import { type Plan, planOf } from '../admin/plan.ts';
import { makeKeys } from '../app/apply-tenant.ts';
import { wantedBy } from '../app/client-file.ts';
import type { TenantEntry } from '../app/tenants.ts';
import type { App } from '../app.ts';
import type { Provider } from '../keys/provider.ts';
import { databaseExists, databaseFile } from '../master-secret.ts';
import { CommandError, EXIT } from './command-error.ts';
import { requireConfiguration } from './configuration.ts';
import { requireDatabase, tenantsMeant, withApp, withConfiguredApp } from './open-app.ts';
import { type ApplyOptions, confirmChanges, type PlanOptions, sayMade, showPlans } from './plan-command.ts';
import { countChanges, planView } from './plan-text.ts';
import { say } from './terminal.ts';

/** What is to be done in one tenant. */
type Planned = Readonly<{ entry: TenantEntry; provider: Provider; plan: Plan }>;

/** `signet plan`: ends with 0 when nothing would change, with 2 when something would. */
export async function plan(options: PlanOptions): Promise<void> {
  if (options.server !== undefined) return (await import('./apply-remote.ts')).plan(options, options.server);
  const { config } = requireConfiguration(options);
  const file = databaseFile(config.database);
  const isNew = file !== undefined && !databaseExists(config.database);
  if (isNew) say(`There is no database at ${file} yet: all of it would be made.`);
  // Nothing is made by looking.
  const looked = isNew ? { ...config, database: 'sqlite::memory:' } : config;
  const work = async (app: App): Promise<void> => {
    const planned = await planAll(app, options);
    show(options, planned);
    requirePossible(planned);
    if (countChanges(planned.map((one) => one.plan)) > 0) process.exitCode = EXIT.usage;
  };
  if (!isNew) requireDatabase(config.database, 'must-exist');
  await withConfiguredApp(looked, work);
}

/** `signet apply`: asks, then does all that was shown, or nothing, in each tenant. */
export async function apply(options: ApplyOptions): Promise<void> {
  if (options.server !== undefined) return (await import('./apply-remote.ts')).apply(options, options.server);
  return applyHere(options);
}

const applyHere = (options: ApplyOptions): Promise<void> =>
  withApp(options, 'may-be-made', async (app) => {
    const planned = await planAll(app, options);
    show(options, planned);
    requirePossible(planned);
    const count = countChanges(planned.map((one) => one.plan));
    await confirmChanges(options, count);
    for (const { entry, provider, plan: shown } of planned) {
      if ((await applyPlan(provider, app.passwords, shown)) === 'stale') {
        throw new CommandError(
          'conflict',
          `Somebody has changed in ${entry.config.name} what the plan rests on, so nothing was done there: look at it again.`,
        );
      }
      await makeKeys(provider, await wantedBy(provider, entry.config, app.log));
    }
    sayMade(count);
  });

async function planAll(app: App, options: PlanOptions): Promise<readonly Planned[]> {
  const planned: Planned[] = [];
  for (const entry of tenantsMeant(app, options.tenant)) {
    const provider = inHandsOf(await entry.open(), { actor: 'configuration file' });
    const wanted = await wantedBy(provider, entry.config, app.log);
    planned.push({
      entry,
      provider,
      plan: await planOf(provider, wanted, { prune: options.prune === true }),
    });
  }
  return planned;
}

const show = (options: PlanOptions, planned: readonly Planned[]): void =>
  showPlans(
    options,
    planned.map(({ entry, plan: shown }) => planView(entry.config, shown)),
  );

function requirePossible(planned: readonly Planned[]): void {
  const faults = planned.flatMap((one) => one.plan.faults);
  if (faults.length > 0) throw new CommandError('conflict', faults.join('\n'));
}
