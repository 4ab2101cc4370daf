import type { User } from './user.ts';

/** Level of a sign-in by password alone, as `acr` tells it. */
export const PASSWORD_ACR = 'urn:signet:acr:password';

/** Levels of authentication that can be reached here, weakest first. */
export const ACR_VALUES: readonly string[] = [PASSWORD_ACR];

/** A signed-in person at one browser. */
export type BrowserSession = Readonly<{
  id: number;
  user_id: number;
  /** SHA-256 of the secret in the cookie. */
  secret_hash: Uint8Array;
  /** Public identifier of the session, in ID tokens as `sid`; gives no access. */
  sid: string;
  /** When the person last proved who they are, in milliseconds. */
  auth_time: number;
  amr: readonly string[];
  acr: string;
  user_agent: string;
  created_at: number;
  last_seen_at: number;
  /** Absolute end, in milliseconds. */
  expires_at: number;
  ended_at: number | null;
  /** `sub` of an administrator who acts as this person; null for the person. */
  impersonator: string | null;
}>;

/** Still good at that time: not ended, neither idle nor old beyond its limits (milliseconds). */
export function sessionIsLive(session: BrowserSession, now: number, idleLimit: number): boolean {
  return session.ended_at === null && now < session.expires_at && now - session.last_seen_at < idleLimit;
}

/** The person at the keyboard, proven by a live session. */
export type SignedIn = Readonly<{ session: BrowserSession; user: User }>;
