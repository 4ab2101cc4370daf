import type { ClaimsRequest } from './authorization-request.ts';
import type { User } from './user.ts';

/** What a person (or a client for itself) has granted: the one value between deciding and issuing. */
export type Authorization = Readonly<{
  scope: readonly string[];
  resources: readonly string[];
  claims: ClaimsRequest;
  redirect_uri?: string;
  code_challenge?: string;
  nonce?: string;
  /** Where the profile has it remembered. */
  state?: string;
  /** An ID token went out beside the code. */
  id_token_in_front?: true;
  /** Milliseconds. */
  auth_time: number;
  acr: string;
  amr: readonly string[];
  sid: string;
  /** `sub` of an administrator who acts as this person. */
  impersonator?: string;
}>;

/** A stored authorization: one row from the code to the last refresh. Times are milliseconds. */
export type Grant = Readonly<{
  id: number;
  client_row: number;
  user_id: number;
  /** The person as they are now. */
  user: User;
  session_id: number;
  authorization: Authorization;
  /** SHA-256 of the code's secret; null for a grant that had no code (implicit). */
  code_hash: Uint8Array | null;
  code_expires_at: number;
  code_redeemed_at: number | null;
  /** Salt of the refresh tokens, null while there are none. */
  refresh_salt: Uint8Array | null;
  /** Which refresh token of the line is the living one. */
  refresh_generation: number;
  refresh_rotated_at: number;
  refresh_expires_at: number;
  created_at: number;
  /** From then on nothing that rests on the grant can be valid any more. */
  expires_at: number;
  revoked_at: number | null;
}>;
