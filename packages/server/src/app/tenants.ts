import { isDeepStrictEqual } from 'node:util';
import type { FirstClient } from '../admin/default-clients.ts';
import type { TenantConfig } from '../config/tenant.ts';
import type { Passwords } from '../identity/passwords.ts';
import type { Provider } from '../keys/provider.ts';
import { applyTenant } from './apply-tenant.ts';
import { once } from './once.ts';
import { openTenantNow, type ProviderTools } from './open-tenant.ts';
import type { PresentProvider } from './present-provider.ts';

/** A configured tenant; one that nobody uses is never opened, and costs next to nothing. */
export type TenantEntry = Readonly<{
  config: TenantConfig;
  open(): Promise<Provider>;
  /** Opens it, and makes its stored clients and users what the configuration says. */
  apply(): Promise<Provider>;
  /** The same before the first request, done once; then the provider as it is defined at this moment, the same value until that changes. */
  ready(): Provider | Promise<Provider>;
  /** The provider, if it has been opened. */
  opened(): Provider | undefined;
  /** The clients that were made because there was none, with their secrets; nobody is told twice. */
  takeFirstClients(): readonly FirstClient[];
}>;

/** The configured tenants of a process, which another configuration may change while it runs. */
export type TenantList = Readonly<{
  /** The same array until they change. */
  all(): readonly TenantEntry[];
  /** From now on the tenants are these; those that are configured as before go on as they are. */
  replace(configs: readonly TenantConfig[]): TenantChanges;
}>;

/** Names of tenants, by what a new configuration has done to them. */
export type TenantChanges = Readonly<Record<'added' | 'changed' | 'removed', readonly string[]>>;

export function tenantList(
  configs: readonly TenantConfig[],
  entry: (config: TenantConfig) => TenantEntry,
): TenantList {
  let all: readonly TenantEntry[] = configs.map(entry);
  return {
    all: () => all,
    replace: (next) => {
      const before = new Map(all.map((tenant) => [tenant.config.name, tenant]));
      const kept = (config: TenantConfig): TenantEntry | undefined => {
        const known = before.get(config.name);
        return known !== undefined && isDeepStrictEqual(known.config, config) ? known : undefined;
      };
      all = next.map((config) => kept(config) ?? entry(config));
      const names = new Set(next.map(({ name }) => name));
      const fresh = next.filter((config) => kept(config) === undefined).map(({ name }) => name);
      return {
        added: fresh.filter((name) => !before.has(name)),
        changed: fresh.filter((name) => before.has(name)),
        removed: [...before.keys()].filter((name) => !names.has(name)),
      };
    },
  };
}

/** So few are opened at the start, where a fault is seen at once; of more, each at its first request. */
export const FEW = 16;

export function tenantEntry(config: TenantConfig, passwords: Passwords, tools: ProviderTools): TenantEntry {
  let present: PresentProvider | undefined;
  let isReady = false;
  let first: readonly FirstClient[] = [];
  const opening = once(async () => {
    present = await openTenantNow(config, tools);
    return present;
  });
  const open = async (): Promise<Provider> => (await opening()).now();
  const apply = async (): Promise<Provider> => {
    first = await applyTenant(await open(), config, { passwords, log: tools.log });
    isReady = true;
    // With what was applied.
    return open();
  };
  const applyOnce = once(apply);
  const ready = (): Provider | Promise<Provider> =>
    isReady && present !== undefined ? present.now() : applyOnce();
  const takeFirstClients = (): readonly FirstClient[] => {
    const taken = first;
    first = [];
    return taken;
  };
  return { config, open, apply, ready, opened: () => present?.last(), takeFirstClients };
}
