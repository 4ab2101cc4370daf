import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import { applyClient } from './admin/clients.ts';
import { applyUser } from './admin/users.ts';
import type { Config } from './config/load.ts';
import type { TenantConfig } from './config/tenant.ts';
import { type Passwords, passwordPool } from './identity/passwords.ts';
import { keyring } from './keys/keyring.ts';
import type { Provider } from './keys/provider.ts';
import { openTenant } from './keys/tenant-secrets.ts';
import { databaseExists, type MasterSecret, masterSecret } from './master-secret.ts';
import type { Clock } from './model/clock.ts';
import type { Profile } from './model/profile.ts';
import type { Random } from './model/secret.ts';
import type { Tenant } from './model/tenant.ts';
import { refusalRecorder } from './oauth/refusals.ts';
import { remoteKeys } from './outbound/remote-keys.ts';
import type { SafeFetch } from './outbound/safe-fetch.ts';
import { PROFILES } from './profiles/profiles.ts';
import { sqlStore } from './store/sql/store.ts';
import { openSqlite } from './store/sqlite.ts';
import type { Store } from './store/store.ts';
import { networks } from './web/client-address.ts';
import { httpServer } from './web/server.ts';

/** What a process brings along: time, randomness, a place for its log, and the profiles it knows when not those of `PROFILES`. */
export type Surroundings = Readonly<{
  clock: Clock;
  random: Random;
  log: Logger;
  profiles?: Readonly<Record<string, Profile>>;
}>;

/** Everything of one configuration, put together by hand and ready to be used by a server or a command. */
export type App = Readonly<{
  config: Config;
  providers: readonly Provider[];
  passwords: Passwords;
  /** Where the master secret came from; `made` when this start generated it. */
  masterSecretOrigin: 'configured' | 'found' | 'made';
  /** Makes the stored clients and users what the configuration says. */
  apply(): Promise<void>;
  createServer(): Server;
  /** Rotates keys that are due and deletes a batch of what has expired. */
  maintain(): Promise<void>;
  close(): Promise<void>;
}>;

/** Rows deleted in one batch: few enough that nobody waits for it. */
const BATCH = 500;

/** Opens the database and every tenant. The only place that picks a database. */
export async function openApp(config: Config, surroundings: Surroundings): Promise<App> {
  const { clock, random, log } = surroundings;
  const { store, master } = await openSealed(config, surroundings);
  const passwords = passwordPool(Math.max(1, availableParallelism() - 1), random);
  const fetchKeys = remoteKeys(lazySafeFetch(config.outbound.allow_hosts));
  const open = async (tenant: TenantConfig): Promise<Provider> =>
    openProvider(tenant, store, { ...surroundings, master: master.secret, fetchKeys });
  const providers = await closingOnFault(store, () => Promise.all(config.tenants.map(open)));
  const site = (provider: Provider) => ({
    provider,
    passwords,
    log,
    trustedProxies: networks(config.trusted_proxies),
  });
  return {
    config,
    providers,
    passwords,
    masterSecretOrigin: master.origin,
    apply: () => applyConfiguration(config, providers, passwords),
    createServer: () => {
      const entrances = providers.map((provider) => ({
        tenant: provider.tenant,
        // The pages are no part of a command that starts no server.
        app: once(async () => (await import('./web/tenant-app.ts')).tenantApp(site(provider))),
      }));
      const tls = config.tls && {
        cert: readFileSync(config.tls.cert_file),
        key: readFileSync(config.tls.key_file),
      };
      return httpServer(entrances, tls);
    },
    maintain: async () => {
      for (const provider of providers) await provider.keyring.maintain();
      while ((await store.deleteExpired(clock(), BATCH)) >= BATCH);
    },
    close: () => store.close(),
  };
}

type Sealed = Readonly<{ store: Store; master: MasterSecret }>;

/** A database that is there is judged before its master secret is looked for; the secret of a new one is made before there is anything to seal. */
async function openSealed(config: Config, { clock, random }: Surroundings): Promise<Sealed> {
  if (!databaseExists(config.database)) {
    const master = masterSecret(config, random);
    return { store: await openStore(config.database, clock), master };
  }
  const store = await openStore(config.database, clock);
  return { store, master: await closingOnFault(store, async () => masterSecret(config, random)) };
}

async function openStore(database: string, clock: Clock): Promise<Store> {
  const path = /^sqlite:(.*)$/s.exec(database)?.[1];
  if (path !== undefined) return sqlStore(openSqlite(path, clock()));
  const { openPostgres } = await import('./store/postgres.ts');
  return sqlStore(await openPostgres(database, clock));
}

/** The library for outbound requests is loaded with the first of them: most servers never make one. */
function lazySafeFetch(allowedHosts: readonly string[]): SafeFetch {
  const load = once(async () => (await import('./outbound/safe-fetch.ts')).safeFetch(allowedHosts));
  return async (url) => (await load())(url);
}

type Tools = Surroundings & Readonly<{ master: Buffer; fetchKeys: Provider['remoteKeys'] }>;

async function openProvider(configured: TenantConfig, store: Store, tools: Tools): Promise<Provider> {
  const { clock, random, log, master, fetchKeys } = tools;
  const { id, secrets } = await openTenant(store, configured, master, { random, now: clock() });
  const tenant = tenantOf(configured, id, tools.profiles ?? PROFILES);
  const { lifetimes } = tenant.profile;
  const longestToken = 1000 * Math.max(86_400, lifetimes.access_token, lifetimes.id_token) + 3_600_000;
  return {
    tenant,
    store,
    secrets,
    clock,
    random,
    keyring: keyring({ store, tenant: id, sealing: secrets.signingKeys, clock, random, longestToken }),
    remoteKeys: fetchKeys,
    recordRefusal: refusalRecorder({
      store,
      tenant: id,
      clock,
      random,
      onFault: (err) => log.warn({ err }, 'A refusal was not stored.'),
    }),
  };
}

/** The tenant's profile with the operator's settings laid over it. */
function tenantOf(configured: TenantConfig, id: number, profiles: Readonly<Record<string, Profile>>): Tenant {
  const profile = profiles[configured.profile];
  if (profile === undefined) throw new Error(`There is no profile ${configured.profile}.`);
  const { lifetimes, ...settings } = configured.settings;
  return {
    id,
    name: configured.name,
    issuer: configured.issuer,
    display_name: configured.display_name,
    profile: {
      ...profile,
      ...given(settings),
      lifetimes: { ...profile.lifetimes, ...given(lifetimes) },
      scope_claims: {
        ...profile.scope_claims,
        ...Object.fromEntries(configured.scopes.map(({ scope, claims }) => [scope, claims])),
      },
    },
    resources: configured.resources,
    scope_descriptions: Object.fromEntries(
      configured.scopes.map(({ scope, description }) => [scope, description ?? scope]),
    ),
  };
}

/** The members that have a value. */
function given<Settings extends object>(
  settings: Settings,
): { [Name in keyof Settings]?: Exclude<Settings[Name], undefined> } {
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof Settings]?: Exclude<Settings[Name], undefined> };
}

async function applyConfiguration(
  config: Config,
  providers: readonly Provider[],
  passwords: Passwords,
): Promise<void> {
  for (const [index, provider] of providers.entries()) {
    const { clients = [], users = [] } = config.tenants[index] ?? {};
    for (const client of clients) await applyClient(provider, client);
    for (const user of users) await applyUser(provider, passwords, user);
    // The keys for every algorithm in use are made now, not at the first sign-in.
    const algorithms = clients.flatMap(({ metadata }) => [
      metadata.id_token_signed_response_alg,
      metadata.userinfo_signed_response_alg,
    ]);
    for (const alg of new Set([provider.tenant.profile.signing_algorithm, ...algorithms])) {
      if (alg !== undefined) await provider.keyring.current(alg);
    }
  }
}

async function closingOnFault<Result>(store: Store, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (fault) {
    await store.close();
    throw fault;
  }
}

function once<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let made: Promise<Result> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
