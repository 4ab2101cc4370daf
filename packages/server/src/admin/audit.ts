import { type AuditNote, record, recordFirst } from '../keys/audit.ts';
import type { Provider } from '../keys/provider.ts';
import type { AuditEvent } from '../model/audit-event.ts';
import { isoTime } from '../model/clock.ts';
import type { AuditQuery } from '../store/store.ts';

/** Records what has been done. A record that cannot be stored is told in the log and stops nothing. */
export const audit = (provider: Provider, note: AuditNote): Promise<void> => record(provider, note);

/** Records what is about to be done, or throws: for what must not be done unrecorded. */
export const auditFirst = (provider: Provider, note: AuditNote): Promise<void> => recordFirst(provider, note);

/** An event as it is shown. */
export type AuditView = Readonly<Omit<AuditEvent, 'at'> & { at: string }>;

/** The provider in the hands of somebody: what `admin/` does with it is recorded as theirs. */
export const inHandsOf = (provider: Provider, acting: NonNullable<Provider['acting']>): Provider => ({
  ...provider,
  acting,
});

/** The newest first. The next page begins `before` the id of the last one. */
export async function listAudit(
  { store, tenant }: Provider,
  query: AuditQuery,
): Promise<readonly AuditView[]> {
  const events = await store.listEvents(tenant.id, query);
  return events.map((event) => ({ ...event, at: isoTime(event.at) }));
}
