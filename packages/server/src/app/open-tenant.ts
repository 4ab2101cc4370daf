import type { Logger } from 'pino';
import type { TenantConfig } from '../config/tenant.ts';
import { clientUsesOf } from '../keys/client-uses.ts';
import { epochOf } from '../keys/epoch.ts';
import { keyring } from '../keys/keyring.ts';
import type { Provider } from '../keys/provider.ts';
import { tallyOf } from '../keys/tally.ts';
import { openTenant } from '../keys/tenant-secrets.ts';
import type { Clock } from '../model/clock.ts';
import type { Profile } from '../model/profile.ts';
import type { Random } from '../model/secret.ts';
import { refusalRecorder } from '../oauth/refusals.ts';
import { PROFILES } from '../profiles/profiles.ts';
import type { Store } from '../store/store.ts';
import { noteRefusal } from '../web/exchange.ts';
import { type PresentProvider, presentProvider } from './present-provider.ts';
import { tenantOf } from './tenant.ts';

/** What every provider of a process is made with. */
export type ProviderTools = Readonly<{
  store: Store;
  master: Buffer;
  clock: Clock;
  random: Random;
  log: Logger;
  profiles?: Readonly<Record<string, Profile>>;
}> &
  Pick<
    Provider,
    | 'remoteKeys'
    | 'fetchDocument'
    | 'deliver'
    | 'later'
    | 'sendMail'
    | 'verifiedTokens'
    | 'tokensSeenOnce'
    | 'recentSessions'
  >;

/** Opens a tenant; its row and secrets are made at the first time. */
export async function openTenantNow(
  configured: TenantConfig,
  tools: ProviderTools,
): Promise<PresentProvider> {
  const opened = await openProvider(configured, tools);
  const present = presentProvider(opened, configured, tools.profiles ?? PROFILES);
  await present.now();
  return present;
}

/** Without what is defined in the store. */
async function openProvider(configured: TenantConfig, tools: ProviderTools): Promise<Provider> {
  const { store, clock, random, log, master } = tools;
  const { remoteKeys, fetchDocument, deliver, later, sendMail } = tools;
  const { verifiedTokens, tokensSeenOnce, recentSessions } = tools;
  const { id, secrets } = await openTenant(store, configured, master, { random, now: clock() });
  const tenant = tenantOf({ id, configured, definitions: [] }, tools.profiles ?? PROFILES);
  const { lifetimes, first_kid: kid, signing_algorithm: alg } = tenant.profile;
  const longestToken = 1000 * Math.max(86_400, lifetimes.access_token, lifetimes.id_token) + 3_600_000;
  const record = refusalRecorder({
    store,
    tenant: id,
    clock,
    random,
    onFault: (err) => log.warn({ err }, 'A refusal was not stored.'),
  });
  const tally = tallyOf(store, id, clock);
  return {
    tenant,
    store,
    secrets,
    clock,
    random,
    keyring: keyring({
      store,
      tenant: id,
      sealing: secrets.signingKeys,
      clock,
      random,
      first: kid === undefined ? undefined : { kid, alg },
      longestToken,
    }),
    remoteKeys,
    fetchDocument,
    deliver,
    later,
    sendMail,
    epoch: epochOf(store),
    verifiedTokens,
    tokensSeenOnce,
    recentSessions,
    tally,
    clientUses: clientUsesOf(store, id, clock),
    recordRefusal: (refusal) => {
      noteRefusal(refusal);
      tally.note('refusals');
      return record(refusal);
    },
    warn: (err, sentence) => log.warn({ err }, sentence),
  };
}
