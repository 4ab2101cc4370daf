import { setTimeout as pause } from 'node:timers/promises';
import type { TenantConfig } from '../config/tenant.ts';
import type { Provider } from '../keys/provider.ts';
import type { Profile } from '../model/profile.ts';
import { tenantOf } from './tenant.ts';

/** Milliseconds after which a store that was away is asked again. */
const ASK_AGAIN = 1000;
/** Milliseconds for which a look holds up those who ask: a request has a patience of its own with the store, and begins with it then. */
const PATIENCE = 300;

/** A provider whose scopes, resources and settings change while it runs. */
export type PresentProvider = Readonly<{
  /** As it is defined at this moment: the same value until that changes. */
  now(): Provider | Promise<Provider>;
  /** As it was found last. */
  last(): Provider;
}>;

/**
 * Follows the definitions of an opened provider. While nobody has changed any, that costs the comparison of two numbers; after a commit
 * of another process, one look at the count of changes; and only when that has grown are they read and is the tenant made anew. While
 * the store is away, or does not answer in good time, the tenant stays as it was.
 */
export function presentProvider(
  opened: Provider,
  configured: TenantConfig,
  profiles: Readonly<Record<string, Profile>>,
  patience = PATIENCE,
): PresentProvider {
  const { store, clock, tenant } = opened;
  let present = opened;
  let changes = -1;
  let seen: number | undefined;
  let askAgainAt = 0;
  let looking: Readonly<{ stamp: number; found: Promise<Provider> }> | undefined;
  let making: Readonly<{ changes: number; made: Promise<Provider> }> | undefined;

  const look = async (stamp: number): Promise<Provider> => {
    const counted = await store.countDefinitionChanges(tenant.id);
    if (counted > changes) {
      // All who notice the same change wait for the same tenant.
      if (making === undefined || making.changes < counted)
        making = { changes: counted, made: asDefined(opened, configured, profiles) };
      const made = await making.made;
      if (counted > changes) {
        present = made;
        changes = counted;
      }
    }
    if (looking?.stamp === stamp) seen = stamp;
    return present;
  };

  const asItWas = (fault: unknown): Provider => {
    // Before the first look there is nothing to go by.
    if (changes < 0) throw fault;
    opened.warn(fault, 'What is defined for a tenant could not be read, so that it stays as it was.');
    making = undefined;
    looking = undefined;
    askAgainAt = clock() + ASK_AGAIN;
    return present;
  };

  const lookInTime = (stamp: number): Promise<Provider> =>
    inGoodTime(look(stamp), changes < 0 ? undefined : patience).catch(asItWas);

  const now = (): Provider | Promise<Provider> => {
    try {
      const stamp = store.definitionChanges();
      if (stamp === seen || clock() < askAgainAt) return present;
      // One look serves all who come before anything else has changed.
      if (looking?.stamp !== stamp) looking = { stamp, found: lookInTime(stamp) };
      return looking.found;
    } catch (fault) {
      return asItWas(fault);
    }
  };

  return { now, last: () => present };
}

/** The provider with what is defined for its tenant now. */
async function asDefined(
  opened: Provider,
  configured: TenantConfig,
  profiles: Readonly<Record<string, Profile>>,
): Promise<Provider> {
  const { id } = opened.tenant;
  const definitions = await opened.store.listDefinitions(id);
  return { ...opened, tenant: tenantOf({ id, configured, definitions }, profiles) };
}

/** What was asked for, or a fault after so many milliseconds, where there is a bound. */
async function inGoodTime<Result>(asked: Promise<Result>, patience: number | undefined): Promise<Result> {
  if (patience === undefined) return asked;
  const waiting = new AbortController();
  const late = pause(patience, undefined, { signal: waiting.signal }).then(() => {
    throw new Error('The store has not answered in good time.');
  });
  return Promise.race([asked, late]).finally(() => waiting.abort());
}
