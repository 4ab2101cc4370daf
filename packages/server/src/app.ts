import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { applyClient } from './admin/clients.ts';
import { applyUser } from './admin/users.ts';
import { type Telemetry, watchedDatabase, watchedPasswords } from './app/telemetry.ts';
import { tenantOf } from './app/tenant.ts';
import type { Config } from './config/load.ts';
import type { TenantConfig } from './config/tenant.ts';
import { type Passwords, passwordPool } from './identity/passwords.ts';
import { epochOf } from './keys/epoch.ts';
import { keyring } from './keys/keyring.ts';
import type { Provider } from './keys/provider.ts';
import { openTenant } from './keys/tenant-secrets.ts';
import { databaseExists, type MasterSecret, masterSecret } from './master-secret.ts';
import type { Clock } from './model/clock.ts';
import type { Profile } from './model/profile.ts';
import type { Random } from './model/secret.ts';
import { refusalRecorder } from './oauth/refusals.ts';
import { remoteKeys } from './outbound/remote-keys.ts';
import type { SafeFetch } from './outbound/safe-fetch.ts';
import { PROFILES } from './profiles/profiles.ts';
import { countingChanges } from './store/change-count.ts';
import { cachingClients } from './store/client-cache.ts';
import { MIGRATIONS, type Migration } from './store/migrations/migrations.ts';
import { sqlStore } from './store/sql/store.ts';
import { openSqlite } from './store/sqlite.ts';
import type { Store } from './store/store.ts';
import { networks } from './web/client-address.ts';
import { openDoor } from './web/door.ts';
import { noteRefusal } from './web/exchange.ts';
import { type Check, type Health, healthOf } from './web/health.ts';
import { requestNames } from './web/request-id.ts';
import { requestLog } from './web/request-log.ts';
import { httpServer } from './web/server.ts';

/** What a process brings along: time, randomness, a place for its log, and the profiles it knows when not those of `PROFILES`. */
export type Surroundings = Readonly<{
  clock: Clock;
  random: Random;
  log: Logger;
  profiles?: Readonly<Record<string, Profile>>;
  /** The shapes of the tables that it knows, when not those of `MIGRATIONS`. */
  migrations?: readonly Migration[];
  /** Who wants to know what is done; nobody when absent. */
  telemetry?: Telemetry;
  /** Processes that share the machine, this one included. */
  processes?: number;
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
  health: Health;
  createServer(): Server;
  /** Rotates keys that are due and deletes a batch of what has expired. */
  maintain(): Promise<void>;
  close(): Promise<void>;
}>;

/** Rows of a kind deleted in one batch: few enough that nobody waits for it. */
const BATCH = 64;
/** A rest between two batches is so many times as long as the batch before it. */
const RESTS = 3;

/** Tokens and sessions that are remembered for all tenants together, about a kilobyte each. */
const REMEMBERED = 10_000;

/** Opens the database and every tenant. The only place that picks a database. */
export async function openApp(config: Config, surroundings: Surroundings): Promise<App> {
  const { clock, random, telemetry, processes = 1 } = surroundings;
  const { store, master } = await openSealed(config, surroundings);
  const passwords = watchedPasswords(passwordPool(hashers(processes), random), telemetry);
  const fetchKeys = remoteKeys(lazySafeFetch(config.outbound.allow_hosts));
  const memories: Memories = {
    verifiedTokens: new LRUCache({ max: REMEMBERED }),
    tokensSeenOnce: new LRUCache({ max: REMEMBERED }),
    recentSessions: new LRUCache({ max: REMEMBERED }),
  };
  const tools = { ...surroundings, master: master.secret, fetchKeys, memories };
  const open = async (tenant: TenantConfig): Promise<Provider> => openProvider(tenant, store, tools);
  const providers = await closingOnFault(store, () => Promise.all(config.tenants.map(open)));
  const health = healthOf(checksOf(store, providers), () => performance.now());
  return {
    config,
    providers,
    passwords,
    masterSecretOrigin: master.origin,
    apply: () => applyConfiguration(config, providers, passwords),
    health,
    createServer: () => serverFor({ config, providers, passwords, health }, surroundings),
    maintain: async () => {
      for (const provider of providers) await provider.keyring.maintain();
      await clean(store, clock);
    },
    close: () => store.close(),
  };
}

type Parts = Pick<App, 'config' | 'providers' | 'passwords' | 'health'>;

/** The tenants behind one door, watched by whoever wants to know. */
function serverFor({ config, providers, passwords, health }: Parts, surroundings: Surroundings): Server {
  const { random, log, telemetry } = surroundings;
  const trustedProxies = networks(config.trusted_proxies);
  const site = (provider: Provider) => ({ provider, passwords, log, trustedProxies });
  const entrances = providers.map((provider) => ({
    tenant: provider.tenant,
    // The pages are no part of a command that starts no server.
    app: once(async () => (await import('./web/tenant-app.ts')).tenantApp(site(provider))),
  }));
  const tls = config.tls && {
    cert: readFileSync(config.tls.cert_file),
    key: readFileSync(config.tls.key_file),
  };
  const { most_in_flight: requests, longest_turn_ms: turn } = config.overload;
  const door = openDoor({ requests, turn });
  telemetry?.metrics?.measure({ door, passwords: passwords.load });
  return httpServer(entrances, {
    door,
    health,
    tls,
    naming: requestNames(trustedProxies, random),
    watchers: [
      ...requestLog({ wanted: config.log.requests, log, trusted: trustedProxies }),
      ...(telemetry?.metrics === undefined ? [] : [telemetry.metrics.watch]),
    ],
    around: telemetry?.traces?.request,
  });
}

/** Deletes what has expired, a little at a time, with rests between in which nothing has to wait for it. */
async function clean(store: Store, clock: Clock): Promise<void> {
  for (;;) {
    const began = performance.now();
    if ((await store.deleteExpired(clock(), BATCH)) < BATCH) return;
    await pause(RESTS * (performance.now() - began));
  }
}

/** Threads for hashing: one processor is left to the requests, and processes on one machine share the others. */
const hashers = (processes: number): number =>
  Math.max(1, Math.floor((availableParallelism() - 1) / processes));

const checksOf = (store: Store, providers: readonly Provider[]): Readonly<Record<string, Check>> => ({
  database: async () => (await store.readEpoch()) >= 0,
  keys: async () => {
    const published = await Promise.all(providers.map((provider) => provider.keyring.published()));
    return published.every((keys) => keys.length > 0);
  },
});

type Sealed = Readonly<{ store: Store; master: MasterSecret }>;

/** A database that is there is judged before its master secret is looked for; the secret of a new one is made before there is anything to seal. */
async function openSealed(config: Config, surroundings: Surroundings): Promise<Sealed> {
  const { random } = surroundings;
  if (!databaseExists(config.database)) {
    const master = masterSecret(config, random);
    return { store: await openStore(config.database, surroundings), master };
  }
  const store = await openStore(config.database, surroundings);
  return { store, master: await closingOnFault(store, async () => masterSecret(config, random)) };
}

async function openStore(
  database: string,
  { clock, migrations = MIGRATIONS, telemetry }: Surroundings,
): Promise<Store> {
  const path = /^sqlite:(.*)$/s.exec(database)?.[1];
  if (path !== undefined)
    return countingChanges(
      cachingClients(sqlStore(watchedDatabase(openSqlite(path, clock(), { migrations }), telemetry))),
    );
  const { openPostgres } = await import('./store/postgres.ts');
  return cachingClients(
    sqlStore(watchedDatabase(await openPostgres(database, clock, { migrations }), telemetry)),
  );
}

/** The library for outbound requests is loaded with the first of them: most servers never make one. */
function lazySafeFetch(allowedHosts: readonly string[]): SafeFetch {
  const load = once(async () => (await import('./outbound/safe-fetch.ts')).safeFetch(allowedHosts));
  return async (url) => (await load())(url);
}

type Memories = Pick<Provider, 'verifiedTokens' | 'tokensSeenOnce' | 'recentSessions'>;

type Tools = Surroundings &
  Readonly<{ master: Buffer; fetchKeys: Provider['remoteKeys']; memories: Memories }>;

async function openProvider(configured: TenantConfig, store: Store, tools: Tools): Promise<Provider> {
  const { clock, random, log, master, fetchKeys, memories } = tools;
  const { id, secrets } = await openTenant(store, configured, master, { random, now: clock() });
  const tenant = tenantOf(configured, id, tools.profiles ?? PROFILES);
  const { lifetimes } = tenant.profile;
  const longestToken = 1000 * Math.max(86_400, lifetimes.access_token, lifetimes.id_token) + 3_600_000;
  const record = refusalRecorder({
    store,
    tenant: id,
    clock,
    random,
    onFault: (err) => log.warn({ err }, 'A refusal was not stored.'),
  });
  return {
    tenant,
    store,
    secrets,
    clock,
    random,
    keyring: keyring({ store, tenant: id, sealing: secrets.signingKeys, clock, random, longestToken }),
    remoteKeys: fetchKeys,
    epoch: epochOf(store),
    ...memories,
    recordRefusal: (refusal) => {
      noteRefusal(refusal);
      return record(refusal);
    },
  };
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
