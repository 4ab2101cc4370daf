import { join } from 'node:path';
import { callLog } from '../driver/log.ts';
import { type Tally, tally } from '../driver/tally.ts';
import { verifier } from '../driver/verifier.ts';
import type { World } from '../driver/world.ts';
import type { Bench } from '../experiment.ts';
import { type HttpOptions, httpClient } from './http.ts';
import type { Cluster } from './postgres.ts';
import { startProxy, type TcpProxy } from './proxy.ts';
import { type Deployment, type DeploymentOptions, deploy } from './signet.ts';

/** A deployment with a driver before it. */
export type Stage = Readonly<{ deployment: Deployment; world: World; tally: Tally }>;

export type StageOptions = Partial<Omit<DeploymentOptions, 'folder'>> &
  Readonly<{
    /** Milliseconds until a client gives up. */
    patience?: number;
    http?: Partial<HttpOptions>;
    /** The ports that are driven, where they are not the nodes'. */
    ports?: () => readonly number[];
    /** Whether verifiers look for a key that they do not know before their copy of the key set is too old. */
    asksAgain?: boolean;
    /** Milliseconds for which a refresh token is good, where the configuration says something else than the profile. */
    refreshLife?: number;
    /** Milliseconds between the clock of the server and this one. */
    now?: () => number;
  }>;

/** Lays out a provider over the bench's kind of database, started and ready to be driven. */
export async function setStage(bench: Bench, options: StageOptions = {}): Promise<Stage> {
  const {
    patience = 30_000,
    asksAgain = true,
    refreshLife = 30 * 86_400_000,

    http,
    ports,
    now,
    ...rest
  } = options;
  const counts = tally();
  const deployment = await deploy({
    ...rest,
    onCrash: (what) => counts.violate('I5', what),
    folder: join(bench.folder, 'provider'),
    program: options.program ?? bench.program,
    database: options.database ?? (await databaseOf(bench)),
  });
  bench.after(() => deployment.stop());
  await deployment.start();
  const client = httpClient({ host: deployment.host, ...http });
  bench.after(() => client.close());
  const log = callLog(bench.folder);
  bench.after(() => log.close());
  const open = ports ?? (() => deployment.nodes.map((node) => node.port));
  const world: World = {
    target: { issuer: deployment.issuer, ports: open },
    http: client,
    dice: bench.dice,
    log,
    tally: counts,
    verifier: verifier({ http: client, ports: open }, { asksAgain, ...(now && { now }) }),
    patience,
    refreshLife,
    politeness: 0,
  };
  return { deployment, world, tally: counts };
}

/** The address of a new database: a file in the bench's folder, or one on the cluster. */
export async function databaseOf(bench: Bench): Promise<string> {
  if (bench.database === 'sqlite') return `sqlite:${join(bench.folder, 'provider', 'signet.db')}`;
  const cluster = await bench.cluster();
  const name = bench.databaseName();
  cluster.create(name);
  return cluster.url(name);
}

/** A new database of PostgreSQL, the proxy before it, and its address `direct` and `through` the proxy. */
export async function proxiedDatabase(
  bench: Bench,
): Promise<Readonly<{ cluster: Cluster; proxy: TcpProxy; direct: string; through: string }>> {
  const cluster = await bench.cluster();
  const proxy = await startProxy(cluster.port);
  bench.after(() => proxy.close());
  const direct = await databaseOf(bench);
  return { cluster, proxy, direct, through: direct.replace(`:${cluster.port}/`, `:${proxy.port}/`) };
}
