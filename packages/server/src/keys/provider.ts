import type { JWTVerifyGetKey } from 'jose';
import type { Clock } from '../model/clock.ts';
import type { RecordRefusal } from '../model/refusal.ts';
import type { Random } from '../model/secret.ts';
import type { Tenant } from '../model/tenant.ts';
import type { Store } from '../store/store.ts';
import type { Keyring } from './keyring.ts';
import type { TenantSecrets } from './tenant-secrets.ts';

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
  recordRefusal: RecordRefusal;
}>;
