import { eventFor } from '../keys/audit.ts';
import type { Provider } from '../keys/provider.ts';

/** Who does what is due, as the audit log names it. */
const ACTOR = 'maintenance';

/**
 * Removes, restorably, at most so many of the clients that registered themselves and that nobody else has changed since: those whose
 * registration is over, and those that were not used for as long as the policy says. Returns how many.
 */
export async function removeIdleClients(provider: Provider, atMost: number): Promise<number> {
  const { store, tenant, clock } = provider;
  const now = clock();
  const { unused_after } = tenant.registration;
  const usedBefore = unused_after === undefined ? undefined : now - 1000 * unused_after;
  const idle = await store.listIdleClients(tenant.id, { usedBefore, atMost }, now);
  for (const client_id of idle) {
    const event = eventFor(provider, {
      action: 'client.expired',
      subject: client_id,
      client_id,
      actor: ACTOR,
    });
    await store.removeIdleClient(tenant.id, client_id, { usedBefore, event }, now);
  }
  return idle.length;
}
