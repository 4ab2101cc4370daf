import { changeCount } from './counted.ts';
import type { Store } from './store.ts';

/**
 * The store with `definitionChanges` counted: each verb by which a tenant may be another one counts one when it is done, as does any
 * commit of another process as soon as `foreignChanges` tells of it.
 */
export function countingDefinitionChanges(store: Store): Store {
  const { count, counted } = changeCount(store.foreignChanges);

  return {
    ...store,
    definitionChanges: count,
    createDefinition: (tenant, created, now) => counted(store.createDefinition(tenant, created, now)),
    changeDefinition: (tenant, changed, now, version) =>
      counted(store.changeDefinition(tenant, changed, now, version)),
    deleteDefinition: (tenant, key, event) => counted(store.deleteDefinition(tenant, key, event)),
    applyPlan: (tenant, plan, now) => counted(store.applyPlan(tenant, plan, now)),
  };
}
