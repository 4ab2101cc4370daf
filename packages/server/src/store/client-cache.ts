import { LRUCache } from 'lru-cache';
import type { Client } from '../model/client.ts';
import type { Store } from './store.ts';

/** Clients kept ready; more than nearly anybody registers, and a bound for the others. */
const MOST = 10_000;

/**
 * The store, with clients read once and kept. They are forgotten with every change of a client by this process, and with any commit of
 * another one as soon as `foreignChanges` tells of it.
 */
export function cachingClients(store: Store): Store {
  const known = new LRUCache<string, Client>({ max: MOST });
  let seen = store.foreignChanges();
  // Grows with each forgetting, so that what was read before it is not kept after it.
  let round = 0;

  const forget = (): void => {
    round += 1;
    known.clear();
  };
  const find = async (key: string, read: () => Promise<Client | undefined>): Promise<Client | undefined> => {
    const stamp = store.foreignChanges();
    if (stamp !== seen) forget();
    seen = stamp;
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const begun = round;
    const client = await read();
    if (client !== undefined && begun === round) known.set(key, client);
    return client;
  };
  const changing = async <Outcome>(change: Promise<Outcome>): Promise<Outcome> => {
    try {
      return await change;
    } finally {
      // Also after a fault: whether the change was made is not known then.
      forget();
    }
  };

  return {
    ...store,
    findClient: (tenant, client_id) =>
      find(`${tenant} id ${client_id}`, () => store.findClient(tenant, client_id)),
    findClientByRow: (tenant, row) => find(`${tenant} row ${row}`, () => store.findClientByRow(tenant, row)),
    createClient: (tenant, client, now) => changing(store.createClient(tenant, client, now)),
    updateClient: (tenant, client, now, version) =>
      changing(store.updateClient(tenant, client, now, version)),
    deleteClient: (tenant, client_id, now, event) =>
      changing(store.deleteClient(tenant, client_id, now, event)),
    registerClient: (tenant, registration, now) => changing(store.registerClient(tenant, registration, now)),
    updateRegistration: (tenant, own, to, now) => changing(store.updateRegistration(tenant, own, to, now)),
    deleteRegistration: (tenant, own, event, now) =>
      changing(store.deleteRegistration(tenant, own, event, now)),
    removeIdleClient: (tenant, client_id, idle, now) =>
      changing(store.removeIdleClient(tenant, client_id, idle, now)),
    restoreClient: (tenant, client_id, event, now) =>
      changing(store.restoreClient(tenant, client_id, event, now)),
    applyPlan: (tenant, plan, now) => changing(store.applyPlan(tenant, plan, now)),
  };
}
