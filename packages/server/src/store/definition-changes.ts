import type { Store } from './store.ts';

/**
 * The store with `definitionChanges` counted: each verb by which a tenant may be another one counts one when it is done, as does any
 * commit of another process as soon as `foreignChanges` tells of it.
 */
export function countingDefinitionChanges(store: Store): Store {
  let count = 0;
  let seen = store.foreignChanges();

  const counted = async <Outcome>(change: Promise<Outcome>): Promise<Outcome> => {
    try {
      return await change;
    } finally {
      // Also after a fault: whether the change was made is not known then.
      count += 1;
    }
  };

  return {
    ...store,
    definitionChanges: () => {
      const stamp = store.foreignChanges();
      if (stamp !== seen) count += 1;
      seen = stamp;
      return count;
    },
    createDefinition: (tenant, created, now) => counted(store.createDefinition(tenant, created, now)),
    changeDefinition: (tenant, changed, now, version) =>
      counted(store.changeDefinition(tenant, changed, now, version)),
    deleteDefinition: (tenant, key, event) => counted(store.deleteDefinition(tenant, key, event)),
    applyPlan: (tenant, plan, now) => counted(store.applyPlan(tenant, plan, now)),
  };
}
