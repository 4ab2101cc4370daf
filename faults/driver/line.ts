import type { ClientName } from './clients.ts';

/** An access token or ID token as a client holds it. Times are milliseconds. */
export type Held = Readonly<{ token: string; issuedAt: number; expiresAt: number }>;

/**
 * What the client knows of a line of tokens:
 * `code` — a code that has not been sent yet; `living` — every promise holds; `revoking` — a revocation was sent and not answered;
 * `revoked` — a revocation was acknowledged; `unsure` — the client did something after which the line may have ended.
 */
export type LineState = 'code' | 'living' | 'revoking' | 'revoked' | 'unsure';

/** One authorization, from its code to the last token: what was asked, what was given, and what must hold now. */
export type Line = {
  readonly id: number;
  readonly user: number;
  readonly client: ClientName;
  readonly nonce: string;
  readonly verifier: string;
  readonly code: string;
  state: LineState;
  /** When the last call of this line was answered. */
  touchedAt: number;
  revokedAt: number;
  access: Held | undefined;
  idToken: Held | undefined;
  /** Refresh tokens in their order; the last one is the living one. */
  refresh: string[];
  /** When the living one ends unless it is used. */
  refreshEndsAt: number;
  /** Whether a call of this line is under way: then nothing is judged. */
  isBusy: boolean;
};
