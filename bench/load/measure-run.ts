import { quantile, sorted } from '../measure/statistics.ts';
import type { ServerProcess } from '../targets/server-process.ts';
import { driveClosed, driveOnce } from './drive.ts';
import { closeLanes } from './lanes.ts';
import { type Lane, mint, type OperationName, type Step, stepOf } from './operations.ts';
import type { Site } from './site.ts';

/** What one run says: rate, latency in milliseconds, and CPU microseconds of the server per operation. */
export type Run = Readonly<{
  count: number;
  perSecond: number;
  p50: number;
  p99: number;
  cpu: number;
  /** CPU of a database beside the server, per operation. */
  databaseCpu: number | undefined;
  residentBytes: number;
  /** Share of its core that the generator used: near 1, it and not the server was the limit of the rate. */
  generator: number;
}>;

/** A server under load with the connections to it. */
export type Target = Readonly<{
  site: Site;
  server: ServerProcess;
  lanes: readonly Lane[];
  /** CPU so far of a database in processes of its own. */
  databaseCpu?: () => number;
}>;

/** Tokens that a lane makes for one run of an operation that shows each of them once. */
const FRESH_PER_LANE = 250;

/** Makes what the operation will use up, and gives its step. */
export async function prepare(name: OperationName, { site, lanes }: Target): Promise<Step> {
  if (name !== 'introspect-once' && name !== 'userinfo-once') return stepOf(name, site);
  const fresh: string[] = [];
  closeLanes(lanes);
  const fill = async (lane: Lane): Promise<void> => {
    for (let index = 0; index < FRESH_PER_LANE; index += 1) fresh.push(await mint(name, lane, site));
  };
  await Promise.all(lanes.map(fill));
  return stepOf(name, site, fresh);
}

/** Runs the operation on all lanes for that long and measures. Throws at the first wrong answer. */
export async function measureRun(name: OperationName, target: Target, milliseconds: number): Promise<Run> {
  return measureStep(await prepare(name, target), target, milliseconds);
}

/** The same for any step. */
export async function measureStep(step: Step, target: Target, milliseconds: number): Promise<Run> {
  // Servers close connections that lie idle, and to open one is no part of an operation.
  closeLanes(target.lanes);
  await driveOnce(target.lanes, stepOf('discovery', target.site));
  const { server, databaseCpu } = target;
  const cpuBefore = server.cpu();
  const databaseBefore = databaseCpu?.();
  const ownBefore = process.cpuUsage();
  const { latencies, milliseconds: took } = await driveClosed(target.lanes, step, milliseconds);
  const own = process.cpuUsage(ownBefore);
  const count = latencies.length;
  const ascending = sorted(latencies);
  return {
    count,
    perSecond: (count * 1000) / took,
    p50: quantile(ascending, 0.5),
    p99: quantile(ascending, 0.99),
    cpu: (server.cpu() - cpuBefore) / count,
    databaseCpu: databaseBefore === undefined ? undefined : ((databaseCpu?.() ?? 0) - databaseBefore) / count,
    residentBytes: server.resident(),
    generator: (own.user + own.system) / (took * 1000),
  };
}
