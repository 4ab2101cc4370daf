import type { Authorization, Grant } from '../model/authorization.ts';
import type { BrowserSession } from '../model/browser-session.ts';
import type { Consent } from '../model/consent.ts';
import type { User } from '../model/user.ts';

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
  /** Row numbers of the clients that were given anything in the session, as long as that is remembered. */
  clientsOfSession(tenant: number, session: { id: number; user_id: number }): Promise<readonly number[]>;
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
