import type { DelayRule } from '../model/attempt-rules.ts';
import type { PersonalToken } from '../model/personal-token.ts';
import type { Refusal } from '../model/refusal.ts';
import type { User } from '../model/user.ts';

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
  /** Whether any was revoked that may not have expired yet. */
  hasRevokedAccessTokens(tenant: number): Promise<boolean>;
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

/** Failures in a row, counted by name so that names that are nobody's behave alike, and locks of accounts. */
export type LockVerbs = {
  /**
   * Counts a failure before a password is checked, unless there are so many already: of any number of attempts at once, no more than
   * `most` are `counted`.
   */
  countFailure(tenant: number, username: string, most: number, now: number): Promise<'counted' | 'too-many'>;
  /** Takes back one counted failure: the password was not checked. */
  forgiveFailure(tenant: number, username: string): Promise<void>;
  clearFailures(tenant: number, username: string): Promise<void>;
  /** Locks the account if there are so many failures, or more. `locked` when this call did it. */
  lockAfterFailures(
    tenant: number,
    username: string,
    failures: number,
    now: number,
  ): Promise<'locked' | 'unchanged'>;
  lockUser(tenant: number, id: number, now: number): Promise<'locked' | 'unchanged'>;
  /** Removes the lock and the count of failures, in one step. */
  unlockUser(tenant: number, id: number): Promise<'unlocked' | 'unchanged'>;
};

export type NewPersonalToken = Omit<PersonalToken, 'id'> & Readonly<{ secret_hash: Uint8Array }>;
export type FoundPersonalToken = PersonalToken & Readonly<{ secret_hash: Uint8Array; user: User }>;

export type PersonalTokenVerbs = {
  /** Returns the row number. */
  createPersonalToken(tenant: number, token: NewPersonalToken): Promise<number>;
  findPersonalToken(tenant: number, id: number): Promise<FoundPersonalToken | undefined>;
  /** In the order in which they were made; of one user when one is named. */
  listPersonalTokens(
    tenant: number,
    page: { user_id?: number | undefined; afterId: number; atMost: number },
  ): Promise<readonly FoundPersonalToken[]>;
  /** Notes a use and the end that follows from it, unless the token is over or a later use was noted. */
  usePersonalToken(tenant: number, id: number, use: { used_at: number; expires_at: number }): Promise<void>;
  /** Of that user only, when one is named. */
  deletePersonalToken(tenant: number, uuid: string, user_id?: number): Promise<'deleted' | 'unknown'>;
  /** Returns how many there were. */
  deletePersonalTokensOfUser(tenant: number, user_id: number): Promise<number>;
};

export type NewOneTimeSecret = Readonly<{
  user_id: number;
  purpose: string;
  secret_hash: Uint8Array;
  created_at: number;
  expires_at: number;
}>;

export type OneTimeSecretVerbs = {
  /** Returns the row number. An earlier secret of the user for that purpose is void. */
  saveOneTimeSecret(tenant: number, secret: NewOneTimeSecret): Promise<number>;
  /** Whose a living secret is. */
  findOneTimeSecret(
    tenant: number,
    secret: { id: number; purpose: string; secret_hash: Uint8Array },
    now: number,
  ): Promise<User | undefined>;
  /**
   * Spends a secret for the purpose `password_reset`, sets the password of its user and ends every session and grant, all or nothing: of
   * any number of attempts at once, exactly one is `reset`. A disabled user's is spent for nothing.
   */
  resetPassword(
    tenant: number,
    reset: { id: number; secret_hash: Uint8Array; password_hash: string },
    now: number,
  ): Promise<'reset' | 'spent'>;
};
