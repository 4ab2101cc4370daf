import { type AuditNote, record, recordFirst } from '../keys/audit.ts';
import type { Provider } from '../keys/provider.ts';
import type { AuditEvent } from '../model/audit-event.ts';
import { isoTime } from '../model/clock.ts';
import type { AuditQuery, LookAt, Sought } from '../store/admin-verbs.ts';

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
  return (await store.listEvents(tenant.id, query)).map(viewOf);
}

/** The same of as many as are looked at for one page: others may follow where it is short. */
export async function seekAudit(
  { store, tenant }: Provider,
  query: AuditQuery & LookAt,
): Promise<Sought<AuditView>> {
  const { found, until } = await store.seekEvents(tenant.id, query);
  return { found: found.map(viewOf), until };
}

const viewOf = (event: AuditEvent): AuditView => ({ ...event, at: isoTime(event.at) });
