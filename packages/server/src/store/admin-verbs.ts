import type { AuditEvent } from '../model/audit-event.ts';
import type { Grant } from '../model/authorization.ts';
import type { BrowserSession } from '../model/browser-session.ts';
import type { Client, ClientMetadata } from '../model/client.ts';
import type { Consent } from '../model/consent.ts';
import type { Refusal } from '../model/refusal.ts';
import type { Source, User, UserClaims, UserRole } from '../model/user.ts';

/** The record of a change: both are stored, or neither. */
export type ChangeEvent = Omit<AuditEvent, 'id'>;

/** What a client's metadata was from one change to the next. */
export type ClientVersion = Readonly<{
  version: number;
  at: number;
  actor: string | null;
  metadata: ClientMetadata;
}>;

/** A client or user that is gone, as long as it can be brought back. */
export type DeletedClient = Readonly<{
  metadata: ClientMetadata;
  deleted_at: number;
  deleted_by: string | null;
}>;
export type DeletedUser = Readonly<{
  sub: string;
  username: string;
  role: UserRole;
  deleted_at: number;
  deleted_by: string | null;
}>;

/** Milliseconds for which what was deleted can be brought back. */
export const RESTORABLE_FOR = 30 * 86_400_000;

export type ClientPage = Readonly<{
  after: string;
  atMost: number;
  /** Part of the client_id or of the name, capitals aside. */
  text?: string | undefined;
  source?: Source | undefined;
}>;

export type UserPage = Readonly<{
  afterUsername: string;
  atMost: number;
  /** Part of the username, the name or the address, capitals aside. */
  text?: string | undefined;
  role?: UserRole | undefined;
  disabled?: boolean | undefined;
  locked?: boolean | undefined;
}>;

/**
 * What was found of a page. Only so many rows are looked at for one, whosever they are; `until` is the key below which nothing was
 * looked at yet, a number where nothing else is said, null when all was.
 */
export type Sought<Row, Key = number> = Readonly<{ found: readonly Row[]; until: Key | null }>;

/** Of a page of which only so many rows are looked at: how many; 20 000 when left out. */
export type LookAt = Readonly<{ lookAt?: number | undefined }>;

/** Rows of a page with the newest first: those with a number below `before`, of one user or client when one is named. */
export type OwnedPage = Readonly<{
  before?: number | undefined;
  user_id?: number | undefined;
  client_row?: number | undefined;
  atMost: number;
}> &
  LookAt;

export type RefusalKey = Readonly<{ at: number; reference: string }>;

export type RefusalQuery = Readonly<{
  /** The last one of the page before. */
  before?: RefusalKey | undefined;
  since?: number | undefined;
  client_id?: string | undefined;
  rule?: string | undefined;
  endpoint?: string | undefined;
  atMost: number;
}> &
  LookAt;

/** Which events are wanted: those older than the event `before`, not older than the time `since`, with these values. */
export type AuditQuery = Readonly<{
  before?: number | undefined;
  since?: number | undefined;
  action?: string | undefined;
  subject?: string | undefined;
  actor?: string | undefined;
  /** Part of what was done, by whom, to whom, or for which client; capitals aside. */
  text?: string | undefined;
  atMost: number;
}>;

/** What an administrator looks for and undoes. */
export type AdminVerbs = {
  /** In the order of their client_id, Signet's own among them. */
  pageClients(tenant: number, page: ClientPage): Promise<readonly Client[]>;
  /** The newest first; of a client that is registered. */
  listClientVersions(
    tenant: number,
    client_id: string,
    page: { before?: number | undefined; atMost: number },
  ): Promise<readonly ClientVersion[]>;
  findClientVersion(tenant: number, client_id: string, version: number): Promise<ClientVersion | undefined>;
  /** The newest first, those alone that can still be brought back. */
  listDeletedClients(tenant: number, now: number, atMost: number): Promise<readonly DeletedClient[]>;
  /** The one deleted last under that client_id. */
  findDeletedClient(tenant: number, client_id: string, now: number): Promise<DeletedClient | undefined>;
  /** Brings back the client deleted last under that client_id, as a new row: what was issued to it before stays over. */
  restoreClient(
    tenant: number,
    client_id: string,
    event: ChangeEvent,
    now: number,
  ): Promise<'restored' | 'unknown' | 'taken'>;
  /** Replaces name, claims and role of the user who is still of that version. */
  replaceUser(
    tenant: number,
    user: {
      id: number;
      username: string;
      claims: UserClaims;
      role: UserRole;
      /** As they are when left out. */
      groups?: readonly string[] | undefined;
      version: number;
      event: ChangeEvent;
    },
    now: number,
  ): Promise<'changed' | 'stale' | 'taken'>;
  pageUsers(tenant: number, page: UserPage): Promise<readonly User[]>;
  /** How many living accounts have the role. */
  countUsersWithRole(tenant: number, role: UserRole): Promise<number>;
  listDeletedUsers(tenant: number, now: number, atMost: number): Promise<readonly DeletedUser[]>;
  findDeletedUser(tenant: number, sub: string, now: number): Promise<DeletedUser | undefined>;
  /** Brings back the user with the same `sub`, as a new row: what was issued before stays over. */
  restoreUser(
    tenant: number,
    sub: string,
    event: ChangeEvent,
    now: number,
  ): Promise<'restored' | 'unknown' | 'taken'>;
  /** Living sessions of everybody. */
  pageSessions(
    tenant: number,
    page: OwnedPage,
    now: number,
  ): Promise<Sought<BrowserSession & Readonly<{ user: User }>>>;
  /** Grants that something living may rest on. */
  pageGrants(tenant: number, page: OwnedPage, now: number): Promise<Sought<Grant>>;
  /** In the order of user and client; `after` is the last of the page before. */
  pageConsents(
    tenant: number,
    page: {
      after?: Pick<Consent, 'user_id' | 'client_row'> | undefined;
      user_id?: number | undefined;
      client_row?: number | undefined;
      atMost: number;
    },
  ): Promise<readonly (Consent & Readonly<{ user: User }>)[]>;
  /** Forgets what the user has allowed the client, and ends what it was given on the strength of it. */
  deleteConsent(
    tenant: number,
    consent: Pick<Consent, 'user_id' | 'client_row'>,
    now: number,
  ): Promise<'deleted' | 'unknown'>;
  /** The newest first. */
  listRefusals(tenant: number, query: RefusalQuery): Promise<Sought<Refusal, RefusalKey>>;
  /** The newest first, of as many as are looked at. */
  seekEvents(tenant: number, query: AuditQuery & LookAt): Promise<Sought<AuditEvent>>;
  /** How often each of these was done in each span of that many milliseconds, which are numbered since 1970. */
  countEvents(
    tenant: number,
    query: { actions: readonly string[]; since: number; span: number },
  ): Promise<readonly Readonly<{ name: string; span: number; count: number }>[]>;
  /** Adds to what was counted under a name in an hour (milliseconds of its beginning). */
  addCounts(
    tenant: number,
    counts: readonly Readonly<{ name: string; hour: number; count: number }>[],
  ): Promise<void>;
  listCounts(
    tenant: number,
    query: { since: number; span: number },
  ): Promise<readonly Readonly<{ name: string; span: number; count: number }>[]>;
  /**
   * Takes a key for a request that is to be done once: of any number at once exactly one is `claimed`, also again after
   * `abandonedAfter` milliseconds without an answer. An `answer` is the sealed answer of the one that was done.
   */
  claimIdempotencyKey(
    tenant: number,
    claim: { key_hash: Uint8Array; request_hash: Uint8Array; abandonedAfter: number; keptFor: number },
    now: number,
  ): Promise<
    Readonly<{ kind: 'claimed' } | { kind: 'known'; request_hash: Uint8Array; answer: string | null }>
  >;
  /** Stores the answer under the key, or gives the key back where there is none. */
  settleIdempotencyKey(tenant: number, key_hash: Uint8Array, answer: string | null): Promise<void>;
};
