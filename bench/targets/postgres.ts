import { startCluster, withoutPostgres } from '../../packages/server/test/support/postgres.ts';
import { cpuMicroseconds, processTree, processWith } from '../measure/process-usage.ts';
import { sum } from '../measure/statistics.ts';

/** A throw-away PostgreSQL for the bench, with its defaults, so durable at each commit. */
export type Postgres = Readonly<{
  newDatabase: (name: string) => string;
  /** CPU microseconds that all its processes have used so far. */
  cpu: () => number;
  stop: () => void;
}>;

/** Starts a cluster with its files below `folder`, or says why there is none. */
export async function benchPostgres(folder: string): Promise<Postgres | { reason: string }> {
  if (withoutPostgres !== false) return { reason: withoutPostgres };
  // The cluster of the tests puts itself where temporary files go; here that has to be the disk that is measured.
  const usual = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    const cluster = await startCluster();
    const postmaster = processWith('-p', new URL(cluster.url('any')).port, '-k');
    if (postmaster === undefined) throw new Error('The process of PostgreSQL was not found.');
    return {
      newDatabase: (name) => {
        cluster.create(name);
        return cluster.url(name);
      },
      cpu: () => sum(processTree(postmaster).map(cpuMicroseconds)),
      stop: () => cluster.stop(),
    };
  } finally {
    if (usual === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual;
  }
}
