import type { AuditEvent } from '../model/audit-event.ts';
import type { Client, SigningAlgorithm } from '../model/client.ts';
import type { Source, User, UserClaims, UserRole } from '../model/user.ts';
import type { ConsentVerbs, GrantVerbs, SessionVerbs } from './access-verbs.ts';
import type { AdminVerbs, AuditQuery } from './admin-verbs.ts';
import type { ChangedClient, NewClient } from './client-records.ts';
import type { ChangedDefinition, DefinitionKey, DefinitionVerbs, NewDefinition } from './definition-verbs.ts';
import type { GroupVerbs, PlannedGroup } from './group-verbs.ts';
import type {
  GuardVerbs,
  LockVerbs,
  OneTimeSecretVerbs,
  PersonalTokenVerbs,
  RefusalVerbs,
} from './guard-verbs.ts';
import type { RegistrationVerbs } from './registration-verbs.ts';

/**
 * The verbs of the domain. Each is atomic and durable: when its promise is kept, the change is on disk; when it is broken with
 * `StoreUnavailable`, nothing may be acknowledged. Times are milliseconds. `tenant` is the tenant's row number.
 */
export type Store = Readonly<
  TenantVerbs &
    KeyVerbs &
    ClientVerbs &
    UserVerbs &
    GroupVerbs &
    SessionVerbs &
    GrantVerbs &
    ConsentVerbs &
    GuardVerbs &
    RefusalVerbs &
    LockVerbs &
    PersonalTokenVerbs &
    OneTimeSecretVerbs &
    AuditVerbs &
    PlanVerbs &
    RegistrationVerbs &
    AdminVerbs &
    DefinitionVerbs & {
      /**
       * Equal to an earlier answer only if no other process has committed anything in between; SQLite notices within a turn of the
       * event loop, PostgreSQL within a second.
       */
      foreignChanges(): number;
      /**
       * Equal to an earlier answer only if nothing has been committed since, by anybody, by which a known client, user, session, grant
       * or token may have changed or ended. Undefined where only a look into the database tells (PostgreSQL).
       */
      changes(): number | undefined;
      /**
       * Equal to an earlier answer only if nobody has changed the definitions of any tenant since, as far as `foreignChanges` tells.
       */
      definitionChanges(): number;
      /** Nothing issued before that time counts any more; 0 while nothing was ever cut. */
      readEpoch(): Promise<number>;
      /** Deletes at most that many rows of each kind that expired a while ago, the oldest first; returns how many it dealt with, 0 when nothing is left. */
      deleteExpired(now: number, atMost: number): Promise<number>;
      close(): Promise<void>;
    }
>;

export type StoredTenant = Readonly<{ id: number; name: string; issuer: string; secret_sealed: Uint8Array }>;

export type TenantVerbs = {
  findTenant(name: string): Promise<StoredTenant | undefined>;
  /** Creates the tenant unless the name exists; returns what is stored. Only the first secret counts. */
  saveTenant(tenant: Omit<StoredTenant, 'id'>, now: number): Promise<StoredTenant>;
};

/** A signing key; it is published from `created_at`, signs from `active_from`, and is gone at `retire_at`. */
export type StoredKey = Readonly<{
  kid: string;
  alg: SigningAlgorithm;
  public_jwk: Readonly<Record<string, unknown>>;
  private_sealed: Uint8Array;
  created_at: number;
  active_from: number;
  retire_at: number | null;
}>;

export type KeyVerbs = {
  listKeys(tenant: number): Promise<readonly StoredKey[]>;
  /**
   * Adds a key unless one of the same name, or one of the same algorithm added after `unlessSince`, is there by anybody (two nodes
   * rotating at once), and gives the others of that algorithm their end. True when it was added.
   */
  addKey(
    tenant: number,
    key: StoredKey,
    rotation: { unlessSince: number; retireOthersAt: number },
  ): Promise<boolean>;
  deleteKeys(tenant: number, retiredBefore: number): Promise<void>;
};

export type ClientVerbs = {
  findClient(tenant: number, client_id: string): Promise<Client | undefined>;
  findClientByRow(tenant: number, row: number): Promise<Client | undefined>;
  /** Those that somebody has registered, and none of Signet's own. */
  listClients(tenant: number): Promise<readonly Client[]>;
  createClient(tenant: number, client: NewClient, now: number): Promise<'created' | 'duplicate'>;
  /** Replaces metadata, and the secret when one is given. With `version`, only a client that is still of that version. */
  updateClient(
    tenant: number,
    client: ChangedClient,
    now: number,
    version?: number,
  ): Promise<'updated' | 'unknown' | 'stale'>;
  /** Removes the client with its consents, for a while restorably; its grants are over. */
  deleteClient(
    tenant: number,
    client_id: string,
    now: number,
    event?: NewAuditEvent,
  ): Promise<'deleted' | 'unknown'>;
};

export type NewUser = Readonly<{
  sub: string;
  username: string;
  password_hash: string | null;
  claims: UserClaims;
  role: UserRole;
  source: Source;
  seed_digest?: string | undefined;
  /** Names of groups; one that is no group's is left out. */
  groups?: readonly string[] | undefined;
}>;

export type UserVerbs = {
  findUser(tenant: number, id: number): Promise<User | undefined>;
  findUserByName(tenant: number, username: string): Promise<User | undefined>;
  findUserBySub(tenant: number, sub: string): Promise<User | undefined>;
  /** Whose claim `email` is that address, in the spelling of `normalizeEmail`. */
  findUsersByEmail(tenant: number, email: string, atMost: number): Promise<readonly User[]>;
  listUsers(tenant: number, page: { afterUsername: string; atMost: number }): Promise<readonly User[]>;
  hasAdministrator(tenant: number): Promise<boolean>;
  /** An event here and below is recorded in the same step. */
  createUser(
    tenant: number,
    user: NewUser,
    now: number,
    event?: NewAuditEvent,
  ): Promise<'created' | 'duplicate'>;
  updateUser(
    tenant: number,
    user: { id: number; claims: UserClaims; role: UserRole; source: Source },
    now: number,
    event?: NewAuditEvent,
  ): Promise<void>;
  /** Stores a hash made anew from the same password, unless there is another password by now; nothing ends. */
  upgradePasswordHash(tenant: number, id: number, hash: { from: string; to: string }): Promise<void>;
  /** Changes the password, ends every session and grant of the user and voids what was sent to reset it, in one step. Tokens of people stay. */
  setPassword(
    tenant: number,
    id: number,
    password: { hash: string; seed_digest?: string; event?: NewAuditEvent },
    now: number,
  ): Promise<void>;
  /** Disables the user and ends every session and grant, in one step. */
  disableUser(tenant: number, id: number, now: number, event?: NewAuditEvent): Promise<void>;
  enableUser(tenant: number, id: number, now: number, event?: NewAuditEvent): Promise<void>;
  /** Removes the user with sessions, consents and all that they could use, for a while restorably; their grants and tokens are over. */
  deleteUser(tenant: number, id: number, now: number, event?: NewAuditEvent): Promise<'deleted' | 'unknown'>;
  saveSetupLink(tenant: number, secret_hash: Uint8Array, expires_at: number): Promise<void>;
  setupLinkIsGood(tenant: number, secret_hash: Uint8Array, now: number): Promise<boolean>;
  /** Spends the set-up link and creates the first administrator, both or neither. */
  createFirstAdministrator(
    tenant: number,
    setup: { secret_hash: Uint8Array; user: NewUser },
    now: number,
  ): Promise<'created' | 'spent' | 'duplicate'>;
};

export type NewAuditEvent = Omit<AuditEvent, 'id'>;

export type AuditVerbs = {
  recordEvent(tenant: number, event: NewAuditEvent): Promise<void>;
  /** The newest first. */
  listEvents(tenant: number, query: AuditQuery): Promise<readonly AuditEvent[]>;
};

/** One change of a plan with the events that tell of it, and the version that was seen when it was planned. */
export type PlannedChange = Readonly<{ events: readonly NewAuditEvent[] }> &
  Readonly<
    | { what: 'create client'; client: NewClient }
    | { what: 'change client'; client: ChangedClient; version: number }
    | { what: 'delete client'; client_id: string; version: number }
    | { what: 'create user'; user: NewUser; disabled: boolean }
    | {
        what: 'change user';
        user: { id: number; claims: UserClaims; role: UserRole; source: Source };
        version: number;
        /** Sets the password, or disables or enables, with all that ends by it. */
        password?: { hash: string; seed_digest: string } | undefined;
        disabled?: boolean | undefined;
        /** As they are when left out. */
        groups?: readonly string[] | undefined;
      }
    | { what: 'delete user'; id: number; version: number }
    | { what: 'create definition'; created: NewDefinition }
    | { what: 'change definition'; changed: ChangedDefinition; version: number }
    | { what: 'delete definition'; key: DefinitionKey; version: number }
    | PlannedGroup
  >;

export type PlanVerbs = {
  /** Makes all of the changes or none: `stale` when one of them rests on what is no more. */
  applyPlan(tenant: number, changes: readonly PlannedChange[], now: number): Promise<'applied' | 'stale'>;
};
