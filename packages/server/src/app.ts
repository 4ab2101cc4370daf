import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { entrancesOf, remembering } from './app/entrances.ts';
import { workLater } from './app/later.ts';
import { lastNotes, maintain } from './app/maintenance.ts';
import { once } from './app/once.ts';
import type { ProviderTools } from './app/open-tenant.ts';
import { type Telemetry, watchedDatabase, watchedPasswords } from './app/telemetry.ts';
import { FEW, type TenantChanges, type TenantEntry, tenantEntry, tenantList } from './app/tenants.ts';
import type { Config } from './config/load.ts';
import { type Passwords, passwordPool } from './identity/passwords.ts';
import type { Provider } from './keys/provider.ts';
import { databaseExists, type MasterSecret, masterSecret } from './master-secret.ts';
import type { Clock } from './model/clock.ts';
import type { SendMail } from './model/mail.ts';
import type { Profile } from './model/profile.ts';
import type { Random } from './model/secret.ts';
import { deliverer } from './outbound/deliver.ts';
import { remoteKeys } from './outbound/remote-keys.ts';
import type { SafeFetch } from './outbound/safe-fetch.ts';
import { PROFILES } from './profiles/profiles.ts';
import { countingChanges } from './store/change-count.ts';
import { cachingClients } from './store/client-cache.ts';
import type { Database } from './store/database.ts';
import { countingDefinitionChanges } from './store/definition-changes.ts';
import { MIGRATIONS, type Migration } from './store/migrations/migrations.ts';
import { sqlStore } from './store/sql/store.ts';
import { openSqlite } from './store/sqlite.ts';
import type { Store } from './store/store.ts';
import { networks } from './web/client-address.ts';
import { openDoor } from './web/door.ts';
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
  /** How mail is sent, when not as the configuration says. */
  sendMail?: SendMail;
  /** How passwords are hashed, when not in threads of this process. */
  passwords?: Passwords;
  /** Processes that share the machine, this one included. */
  processes?: number;
}>;

/** Everything of one configuration, put together by hand and ready to be used by a server or a command. */
export type App = Readonly<{
  config: Config;
  tenants(): readonly TenantEntry[];
  /** Serves the tenants of another configuration from now on, each brought up to date at its first request. Whatever else it says is not heeded. */
  adopt(config: Config): TenantChanges;
  /** The tenants that have been opened. */
  opened(): readonly Provider[];
  passwords: Passwords;
  log: Logger;
  /** Where the master secret came from; `made` when this start generated it. */
  masterSecretOrigin: 'configured' | 'found' | 'made';
  /** Makes the stored clients and users what the configuration says; with many tenants, that of each waits for its first request. */
  apply(): Promise<void>;
  health: Health;
  createServer(): Server;
  /** Rotates keys that are due and deletes a batch of what has expired. */
  maintain(): Promise<void>;
  close(): Promise<void>;
}>;

/** Milliseconds for which the end waits for work that nobody else waits for. */
const LAST_WORK = 3000;

/** Tokens and sessions that are remembered for all tenants together, about a kilobyte each. */
const REMEMBERED = 10_000;

/** Opens the database and every tenant. The only place that picks a database. */
export async function openApp(config: Config, surroundings: Surroundings): Promise<App> {
  const { clock, random, telemetry, processes = 1 } = surroundings;
  const { store, master } = await openSealed(config, surroundings);
  const hashing = surroundings.passwords ?? passwordPool(hashers(processes), random);
  const passwords = watchedPasswords(hashing, telemetry);
  const fetchSafely = lazySafeFetch(config.outbound.allow_hosts);
  const work = workLater((err) => surroundings.log.warn({ err }, 'Work that nobody waits for was not done.'));
  const tools: ProviderTools = {
    ...surroundings,
    store,
    master: master.secret,
    remoteKeys: remoteKeys(fetchSafely),
    fetchDocument: fetchSafely,
    deliver: deliverer(fetchSafely),
    later: work.later,
    sendMail: surroundings.sendMail ?? (config.mail && lazyMail(config.mail)),
    verifiedTokens: new LRUCache({ max: REMEMBERED }),
    tokensSeenOnce: new LRUCache({ max: REMEMBERED }),
    recentSessions: new LRUCache({ max: REMEMBERED }),
  };
  const tenants = tenantList(config.tenants, (tenant) => tenantEntry(tenant, passwords, tools));
  const few = config.tenants.length <= FEW ? tenants.all() : [];
  await closingOnFault(store, () => Promise.all(few.map((tenant) => tenant.open())));
  const opened = (): readonly Provider[] =>
    tenants
      .all()
      .map((tenant) => tenant.opened())
      .filter((provider) => provider !== undefined);
  const health = healthOf(checksOf(store, opened), () => performance.now());
  return {
    config,
    tenants: tenants.all,
    adopt: (next) => tenants.replace(next.tenants),
    opened,
    passwords,
    log: surroundings.log,
    masterSecretOrigin: master.origin,
    apply: async () => {
      for (const tenant of few) await tenant.apply();
    },
    health,
    createServer: () => serverFor({ config, tenants: tenants.all, passwords, health }, surroundings),
    maintain: () => maintain(opened(), store, clock),
    close: async () => {
      await lastNotes(opened());
      await work.done(LAST_WORK);
      await store.close();
    },
  };
}

type Parts = Pick<App, 'config' | 'tenants' | 'passwords' | 'health'>;

/** The tenants behind one door, watched by whoever wants to know. */
function serverFor({ config, tenants, passwords, health }: Parts, surroundings: Surroundings): Server {
  const { random, log, telemetry } = surroundings;
  const trustedProxies = networks(config.trusted_proxies);
  const { profiles = PROFILES } = surroundings;
  const siteOf = (provider: Provider) => ({ provider, passwords, log, trustedProxies });
  const tls = config.tls && {
    cert: readFileSync(config.tls.cert_file),
    key: readFileSync(config.tls.key_file),
  };
  const { most_in_flight: requests, longest_turn_ms: turn } = config.overload;
  const door = openDoor({ requests, turn });
  telemetry?.metrics?.measure({ door, passwords: passwords.load });
  const entrances = remembering(tenants, (tenant) => entrancesOf(tenant, profiles, siteOf));
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

/** Threads for hashing: one processor is left to the requests, and processes on one machine share the others. */
const hashers = (processes: number): number =>
  Math.max(1, Math.floor((availableParallelism() - 1) / processes));

const checksOf = (store: Store, opened: () => readonly Provider[]): Readonly<Record<string, Check>> => ({
  database: async () => (await store.readEpoch()) >= 0,
  keys: async () => {
    const published = await Promise.all(opened().map((provider) => provider.keyring.published()));
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
  const storeOver = (opened: Database): Store =>
    countingDefinitionChanges(cachingClients(sqlStore(watchedDatabase(opened, telemetry))));
  const path = /^sqlite:(.*)$/s.exec(database)?.[1];
  if (path !== undefined) return countingChanges(storeOver(openSqlite(path, clock(), { migrations })));
  const { openPostgres } = await import('./store/postgres.ts');
  return storeOver(await openPostgres(database, clock, { migrations }));
}

/** The library for mail is loaded with the first one. */
function lazyMail(mail: NonNullable<Config['mail']>): SendMail {
  const load = once(async () => (await import('./outbound/mail.ts')).smtpMail(mail));
  return async (message) => (await load())(message);
}

/** The library for outbound requests is loaded with the first of them: most servers never make one. */
function lazySafeFetch(allowedHosts: readonly string[]): SafeFetch {
  const load = once(async () => (await import('./outbound/safe-fetch.ts')).safeFetch(allowedHosts));
  return async (url, form) => (await load())(url, form);
}

async function closingOnFault<Result>(store: Store, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (fault) {
    await store.close();
    throw fault;
  }
}
