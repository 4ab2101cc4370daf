import { isRecord } from '../admin/fault.ts';
import type { TenantConfig } from '../config/tenant.ts';
import { CommandError, EXIT } from './command-error.ts';
import { requireConfiguration } from './configuration.ts';
import { findHeld } from './credentials.ts';
import { tenantNamed } from './open-app.ts';
import { type ApplyOptions, confirmChanges, type PlanOptions, sayMade, showPlans } from './plan-command.ts';
import { type ToldPlan, viewOfTold } from './plan-text.ts';
import { callServer, type Members, serverAt } from './remote.ts';
import { wordOf } from './terminal.ts';

/** A plan that a server has made of the file of this machine. */
type Planned = Readonly<{ config: TenantConfig; wanted: Members; told: ToldPlan; name: string }>;

/** `signet plan --server`. */
export async function plan(options: PlanOptions, address: string): Promise<void> {
  const { told } = await planAt(options, serverAt(address));
  if (told.steps.length > 0) process.exitCode = EXIT.usage;
}

/** `signet apply --server`: what was shown is done, in one transaction of the server, or nothing. */
export async function apply(options: ApplyOptions, address: string): Promise<void> {
  const server = serverAt(address);
  const { told, wanted, name } = await planAt(options, server);
  await confirmChanges(options, told.steps.length);
  await callServer(server, 'POST', '/apply', { body: { ...wanted, plan: name } });
  sayMade(told.steps.length);
}

async function planAt(options: PlanOptions, server: string): Promise<Planned> {
  const { config: all } = requireConfiguration(options);
  const { config } = tenantNamed(
    all.tenants.map((tenant) => ({ config: tenant })),
    options.tenant,
  );
  const issuer = findHeld(server)?.issuer;
  if (issuer !== undefined && issuer !== config.issuer)
    throw new CommandError('conflict', `The file describes ${config.issuer}, and at ${server} is ${issuer}.`);
  // Secrets that the file refers to are read here, and sent.
  const wanted = {
    scopes: config.scopes,
    resources: config.resources,
    groups: config.groups,
    clients: config.clients.map(({ metadata, ...secret }) => ({ ...metadata, ...secret })),
    users: config.users,
    prune: options.prune === true,
  };
  const { body } = await callServer(server, 'POST', '/plan', { body: wanted });
  const { plan: name, faults } = body;
  if (typeof name !== 'string' || !isPlan(body))
    throw new CommandError('fault', `${server} answers with no plan: is it a Signet of this age?`);
  showPlans(options, [viewOfTold(config, body)]);
  if (Array.isArray(faults) && faults.length > 0)
    throw new CommandError('conflict', faults.map(wordOf).join('\n'));
  return { config, wanted, told: body, name };
}

const isPlan = (body: Members): body is Members & ToldPlan =>
  Array.isArray(body['steps']) && body['steps'].every(isRecord) && isRecord(body['by_hand']);
