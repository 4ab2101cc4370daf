import type { AuditEvent } from '../model/audit-event.ts';
import type { ChangedClient, NewClient } from './client-records.ts';

/** What an administrator gives away so that somebody may register applications (RFC 7591 §3). */
export type InitialAccessToken = Readonly<{
  id: number;
  /** Its public name. */
  uuid: string;
  secret_hash: Uint8Array;
  description: string | null;
  /** Registrations that it was made for, and those that are left. */
  uses: number;
  uses_left: number;
  created_at: number;
  created_by: string;
  expires_at: number;
}>;
export type NewInitialAccessToken = Omit<InitialAccessToken, 'id' | 'uses_left'>;

/** How a client that registered itself manages its registration (RFC 7592 §2). */
export type Registration = Readonly<{
  client_row: number;
  token_hash: Uint8Array;
  /** When the token was made. */
  token_at: number;
  /** The version in which the client left itself: with any other one, somebody else has changed it since. */
  version: number;
  software_statement: string | null;
  used_at: number;
}>;

export type NewRegistration = Readonly<{
  client: NewClient;
  token_hash: Uint8Array;
  software_statement: string | null;
  /** When the client's registration is over. */
  expires_at: number | null;
  /** The initial access token of which this takes one use. */
  spend?: Readonly<{ id: number; secret_hash: Uint8Array }> | undefined;
}>;

/** The registration as it was seen by whoever changes it. */
export type SeenRegistration = Pick<Registration, 'client_row' | 'token_hash' | 'version'>;

/** Since when a client must have been used, where that matters. */
export type Idle = Readonly<{ usedBefore: number | undefined }>;

type Event = Omit<AuditEvent, 'id'>;

/** Applications that register themselves. */
export type RegistrationVerbs = {
  /** Returns the row number. */
  createInitialAccessToken(tenant: number, token: NewInitialAccessToken, event: Event): Promise<number>;
  findInitialAccessToken(tenant: number, id: number): Promise<InitialAccessToken | undefined>;
  /** The newest first. */
  listInitialAccessTokens(
    tenant: number,
    page: { before?: number | undefined; atMost: number },
  ): Promise<readonly InitialAccessToken[]>;
  deleteInitialAccessToken(tenant: number, uuid: string, event: Event): Promise<'deleted' | 'unknown'>;
  /**
   * Creates the client with its registration, and takes one use of the initial access token, all or nothing: of any number at once, no
   * more are `registered` than it has uses. `refused` when the token is over or the client_id is taken.
   */
  registerClient(
    tenant: number,
    registration: NewRegistration,
    now: number,
  ): Promise<'registered' | 'refused'>;
  findRegistration(tenant: number, client_row: number): Promise<Registration | undefined>;
  /** Replaces metadata and token of a client that is as it was seen: of any number at once, exactly one is `updated`. */
  updateRegistration(
    tenant: number,
    seen: SeenRegistration,
    to: Readonly<{ client: ChangedClient; token_hash: Uint8Array; software_statement: string | null }>,
    now: number,
  ): Promise<'updated' | 'stale'>;
  /** Removes a client that is as it was seen, as `deleteClient` does. */
  deleteRegistration(
    tenant: number,
    seen: SeenRegistration & Readonly<{ client_id: string }>,
    event: Event,
    now: number,
  ): Promise<'deleted' | 'stale'>;
  /** Notes that these clients were used, as far as they registered themselves. */
  noteClientUses(tenant: number, client_rows: readonly number[], now: number): Promise<void>;
  /** Names of clients that nobody else has changed, whose registration is over or which were not used since. */
  listIdleClients(tenant: number, idle: Idle & { atMost: number }, now: number): Promise<readonly string[]>;
  /** Removes a client if it is still such a one, as `deleteClient` does. */
  removeIdleClient(
    tenant: number,
    client_id: string,
    idle: Idle & { event: Event },
    now: number,
  ): Promise<'deleted' | 'unchanged'>;
};
