import type { Authorization, Grant } from '../model/authorization.ts';
import type { BrowserSession } from '../model/browser-session.ts';
import type { Client, ClientMetadata, SigningAlgorithm } from '../model/client.ts';
import type { Consent } from '../model/consent.ts';
import type { Refusal } from '../model/refusal.ts';
import type { Source, User, UserClaims, UserRole } from '../model/user.ts';

/**
 * The verbs of the domain. Each is atomic and durable: when its promise is kept, the change is on disk; when it is broken with
 * `StoreUnavailable`, nothing may be acknowledged. Times are milliseconds. `tenant` is the tenant's row number.
 */
export type Store = Readonly<
  TenantVerbs &
    KeyVerbs &
    ClientVerbs &
    UserVerbs &
    SessionVerbs &
    GrantVerbs &
    ConsentVerbs &
    GuardVerbs &
    RefusalVerbs & {
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
   * Adds a key unless one of the same algorithm was added after `unlessSince` by anybody (two nodes rotating at once), and gives
   * the others of that algorithm their end. True when it was added.
   */
  addKey(
    tenant: number,
    key: StoredKey,
    rotation: { unlessSince: number; retireOthersAt: number },
  ): Promise<boolean>;
  deleteKeys(tenant: number, retiredBefore: number): Promise<void>;
};

export type ClientSecret = Readonly<{ digest: Uint8Array | null; sealed: Uint8Array | null }>;

export type ClientVerbs = {
  findClient(tenant: number, client_id: string): Promise<Client | undefined>;
  findClientByRow(tenant: number, row: number): Promise<Client | undefined>;
  listClients(tenant: number): Promise<readonly Client[]>;
  createClient(
    tenant: number,
    client: { metadata: ClientMetadata; secret: ClientSecret; source: Source },
    now: number,
  ): Promise<'created' | 'duplicate'>;
  /** Replaces metadata, and the secret when one is given. */
  updateClient(
    tenant: number,
    client: { metadata: ClientMetadata; secret?: ClientSecret; source?: Source },
    now: number,
  ): Promise<'updated' | 'unknown'>;
  /** Removes the client with its consents; its grants are over. */
  deleteClient(tenant: number, client_id: string): Promise<'deleted' | 'unknown'>;
};

export type NewUser = Readonly<{
  sub: string;
  username: string;
  password_hash: string | null;
  claims: UserClaims;
  role: UserRole;
  source: Source;
  seed_digest?: string | undefined;
}>;

export type UserVerbs = {
  findUser(tenant: number, id: number): Promise<User | undefined>;
  findUserByName(tenant: number, username: string): Promise<User | undefined>;
  listUsers(tenant: number, page: { afterUsername: string; atMost: number }): Promise<readonly User[]>;
  hasAdministrator(tenant: number): Promise<boolean>;
  createUser(tenant: number, user: NewUser, now: number): Promise<'created' | 'duplicate'>;
  updateUser(
    tenant: number,
    user: { id: number; claims: UserClaims; role: UserRole; source: Source },
    now: number,
  ): Promise<void>;
  /** Stores a hash made anew from the same password, unless there is another password by now; nothing ends. */
  upgradePasswordHash(tenant: number, id: number, hash: { from: string; to: string }): Promise<void>;
  /** Changes the password and ends every session and grant of the user, in one step. */
  setPassword(
    tenant: number,
    id: number,
    password: { hash: string; seed_digest?: string },
    now: number,
  ): Promise<void>;
  /** Disables the user and ends every session and grant, in one step. */
  disableUser(tenant: number, id: number, now: number): Promise<void>;
  enableUser(tenant: number, id: number, now: number): Promise<void>;
  saveSetupLink(tenant: number, secret_hash: Uint8Array, expires_at: number): Promise<void>;
  setupLinkIsGood(tenant: number, secret_hash: Uint8Array, now: number): Promise<boolean>;
  /** Spends the set-up link and creates the first administrator, both or neither. */
  createFirstAdministrator(
    tenant: number,
    setup: { secret_hash: Uint8Array; user: NewUser },
    now: number,
  ): Promise<'created' | 'spent' | 'duplicate'>;
};

export type NewSession = Omit<BrowserSession, 'id' | 'ended_at'>;

export type SessionVerbs = {
  /** Returns the row number. A session whose user has been disabled meanwhile is ended from the start. */
  startSession(tenant: number, session: NewSession): Promise<number>;
  findSession(tenant: number, id: number): Promise<(BrowserSession & Readonly<{ user: User }>) | undefined>;
  /** Gives a session a new secret after the person has proved who they are again; the old cookie is dead. */
  renewSession(
    tenant: number,
    id: number,
    renewed: Pick<BrowserSession, 'secret_hash' | 'auth_time' | 'amr' | 'acr' | 'expires_at'>,
  ): Promise<'renewed' | 'ended'>;
  touchSession(tenant: number, id: number, now: number): Promise<void>;
  listSessions(tenant: number, user_id: number): Promise<readonly BrowserSession[]>;
  /** Ends the session and every grant that was not given for offline use. */
  endSession(tenant: number, id: number, now: number): Promise<void>;
  endSessionsOfUser(tenant: number, user_id: number, now: number): Promise<number>;
};

export type NewGrant = Readonly<{
  client_row: number;
  user_id: number;
  session_id: number;
  authorization: Authorization;
  code: { hash: Uint8Array; expires_at: number } | null;
  created_at: number;
  expires_at: number;
}>;

/** How a code's redemption changes its grant: the first refresh token's salt and end, when there is to be one. */
export type Redemption = Readonly<{
  refresh: { salt: Uint8Array; expires_at: number } | null;
  /** When the grant's row may go: after the last token. */
  grant_expires_at: number;
}>;

export type GrantVerbs = {
  /** Returns the row number. A grant whose session has been ended meanwhile, or is gone, is revoked from the start. */
  saveGrant(tenant: number, grant: NewGrant): Promise<number>;
  findGrant(tenant: number, id: number): Promise<Grant | undefined>;
  /** Spends the code: of any number of attempts at once, exactly one is `redeemed`. */
  redeemCode(
    tenant: number,
    id: number,
    redemption: Redemption,
    now: number,
  ): Promise<'redeemed' | 'replayed' | 'over'>;
  /** Moves the line from that generation to the next: of any number of attempts at once, exactly one is `rotated`. */
  rotateRefreshToken(
    tenant: number,
    id: number,
    line: { generation: number; refresh_expires_at: number; grant_expires_at: number },
    now: number,
  ): Promise<'rotated' | 'stale'>;
  /** Ends the grant with all that rests on it. */
  revokeGrant(tenant: number, id: number, now: number): Promise<void>;
};

export type ConsentVerbs = {
  findConsent(tenant: number, user_id: number, client_row: number): Promise<Consent | undefined>;
  saveConsent(tenant: number, consent: Consent): Promise<void>;
};

/**
 * `free` failures in a row cost nothing. The next one costs a wait of `unit`, which doubles with each further one, `doublings`
 * times at most. A count whose last failure is older than `forgetAfter` begins anew. Times are milliseconds.
 */
export type DelayRule = Readonly<{ free: number; unit: number; doublings: number; forgetAfter: number }>;

/** Whether an attempt may be made now; `until` is when the next one may. */
export type Attempt = Readonly<{ allowed: true } | { allowed: false; until: number }>;

export type GuardVerbs = {
  /** Remembers an assertion's identifier for its lifetime: of any number of uses at once, exactly one is `fresh`. */
  useAssertion(
    tenant: number,
    client_row: number,
    assertion: { jti_hash: Uint8Array; expires_at: number },
  ): Promise<'fresh' | 'replayed'>;
  revokeAccessToken(tenant: number, jti: string, expires_at: number): Promise<void>;
  accessTokenIsRevoked(tenant: number, jti: string): Promise<boolean>;
  /**
   * Counts a failure before the attempt is made, so that attempts made at once cannot outrun the count; a success takes it
   * back with `clearAttempts`.
   */
  beginAttempt(tenant: number, subject: string, rule: DelayRule, now: number): Promise<Attempt>;
  /** Takes back the one failure that `beginAttempt` counted. */
  forgiveAttempt(tenant: number, subject: string): Promise<void>;
  clearAttempts(tenant: number, subject: string): Promise<void>;
};

export type RefusalVerbs = {
  saveRefusal(tenant: number, refusal: Refusal): Promise<void>;
  findRefusal(tenant: number, reference: string): Promise<Refusal | undefined>;
};
