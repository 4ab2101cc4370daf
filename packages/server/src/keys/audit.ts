import type { NewAuditEvent } from '../store/store.ts';
import type { Provider } from './provider.ts';

/** What was done and to whom or what. What is left out is taken from `provider.acting`. */
export type AuditNote = Readonly<{
  /** A kind of thing and what became of it, such as `user.locked`. */
  action: `${string}.${string}`;
  /** `sub` of a person, client_id, kid or uuid; empty where there is none. */
  subject: string;
  /** `sub` of a person, or a name such as `command line`. */
  actor?: string | undefined;
  client_id?: string | undefined;
  network?: string | undefined;
  request_id?: string | undefined;
  /** Never a secret, and nothing that somebody may have typed in the wrong place. */
  facts?: Readonly<Record<string, unknown>> | undefined;
}>;

/** What an actor is called who has proved nothing. */
const NOBODY = 'nobody';

/** Records what has been done. A record that cannot be stored is told in the log and stops nothing. */
export async function record(provider: Provider, note: AuditNote): Promise<void> {
  try {
    await recordFirst(provider, note);
  } catch (fault) {
    provider.warn(fault, `What was done is not in the audit log: ${note.action}.`);
  }
}

/** Records what is about to be done, or throws: for what must not be done unrecorded. */
export async function recordFirst(provider: Provider, note: AuditNote): Promise<void> {
  const { store, tenant } = provider;
  await store.recordEvent(tenant.id, eventFor(provider, note));
}

/** The record of what is about to be done, for a verb of the store that makes both in one step. */
export function eventFor({ acting, clock }: Provider, note: AuditNote): NewAuditEvent {
  return {
    at: clock(),
    action: note.action,
    actor: note.actor ?? acting?.actor ?? NOBODY,
    subject: note.subject,
    client_id: note.client_id ?? null,
    network: note.network ?? acting?.network ?? null,
    request_id: note.request_id ?? acting?.request_id ?? null,
    facts: note.facts ?? {},
  };
}
