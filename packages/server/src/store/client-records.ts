import type { ClientMetadata } from '../model/client.ts';
import type { Source } from '../model/user.ts';
import type { ChangeEvent } from './admin-verbs.ts';

/** A secret as it is kept. */
export type ClientSecret = Readonly<{ digest: Uint8Array | null; sealed: Uint8Array | null }>;

export type NewClient = Readonly<{
  metadata: ClientMetadata;
  secret: ClientSecret;
  source: Source;
  /** Recorded in the same step. */
  event?: ChangeEvent | undefined;
}>;
export type ChangedClient = Readonly<{
  metadata: ClientMetadata;
  secret?: ClientSecret;
  /** Until when the secret before a new one is good beside it (milliseconds). */
  previousUntil?: number | undefined;
  /** Whether the client's registration ends when it did; else it ends no more. */
  keepsEnd?: true;
  source?: Source | undefined;
  /** Recorded in the same step. */
  event?: ChangeEvent | undefined;
}>;
