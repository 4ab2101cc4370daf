import type { JWTVerifyGetKey } from 'jose';
import type { LivingAccessToken } from '../model/access-token.ts';
import type { SignedIn } from '../model/browser-session.ts';
import type { Clock } from '../model/clock.ts';
import type { SendMail } from '../model/mail.ts';
import type { RecordRefusal } from '../model/refusal.ts';
import type { Random } from '../model/secret.ts';
import type { Tenant } from '../model/tenant.ts';
import type { Store } from '../store/store.ts';
import type { ClientUses } from './client-uses.ts';
import type { Keyring } from './keyring.ts';
import type { SigningKey } from './signing-key.ts';
import type { Tally } from './tally.ts';
import type { TenantSecrets } from './tenant-secrets.ts';

/** What was found of a token, under which published keys, and when as the store counts changes. */
export type VerifiedToken = Readonly<{
  found: LivingAccessToken;
  keys: readonly SigningKey[];
  changes: number | undefined;
}>;

/** Who was found signed in, and when as the store counts changes. */
export type RecentSession = Readonly<{ signedIn: SignedIn; changes: number | undefined }>;

/** A bounded memory: what was not used for the longest time goes first. */
export type Memory<Value> = Readonly<{
  get(key: string): Value | undefined;
  set(key: string, value: Value): unknown;
  delete(key: string): unknown;
}>;

/** What the work for one tenant is done with: values and verbs put together once, by hand, in `app.ts`. */
export type Provider = Readonly<{
  tenant: Tenant;
  store: Store;
  keyring: Keyring;
  secrets: TenantSecrets;
  clock: Clock;
  random: Random;
  /** Keys behind a client's jwks_uri, fetched under the rules for outbound requests and kept for a while. */
  remoteKeys: (jwks_uri: string) => JWTVerifyGetKey;
  /** Posts a form to an application's server under the same rules, a few times if need be; rejected when it was not taken. */
  deliver: (url: string, form: Readonly<Record<string, string>>) => Promise<void>;
  /** Does what nobody waits for; a fault of it is logged. */
  later: (work: () => Promise<void>) => void;
  /** Sends mail to a person; undefined where none can be sent. */
  sendMail: SendMail | undefined;
  /** Nothing issued before that time counts any more (milliseconds). */
  epoch: () => Promise<number>;
  /** Access tokens seen lately, of all tenants, by tenant and hash, so that a signature is checked once. */
  verifiedTokens: Memory<VerifiedToken>;
  /** Those seen once: most tokens are never seen again, and only what comes back is worth its place. */
  tokensSeenOnce: Memory<true>;
  /** Sessions used lately, of all tenants, by tenant and number. */
  recentSessions: Memory<RecentSession>;
  recordRefusal: RecordRefusal;
  /** A small document of another server, fetched under those rules; rejected when they forbid it. */
  fetchDocument: (url: string) => Promise<Readonly<{ status: number; body: string }>>;
  /** Which clients were used. */
  clientUses: ClientUses;
  /** Counts for statistics. */
  tally: Tally;
  /** For whom changes are made, as the audit log tells it; absent where nobody has proved who they are. */
  acting?: Acting;
  /** Tells in the log of a fault that stops nothing. */
  warn: (fault: unknown, sentence: string) => void;
}>;

/** Who has something done: the `sub` of a person, or a name such as `command line`; from where, and in which request. */
export type Acting = Readonly<{ actor: string; network?: string; request_id?: string }>;
