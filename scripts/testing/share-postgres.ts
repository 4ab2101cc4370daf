import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { startSharedCluster, withoutPostgres } from '../../packages/server/test/support/postgres.ts';

/**
 * Starts one PostgreSQL for the test files that want it, which find it by SIGNET_TEST_POSTGRES, and gives what ends it. It ends with this
 * process in any case.
 */
export async function sharePostgres(files: readonly string[]): Promise<() => void> {
  delete process.env.SIGNET_TEST_POSTGRES;
  const isWanted = files.filter((file) => readFileSync(file, 'utf8').includes('startPostgres(')).length > 1;
  if (withoutPostgres !== false || !isWanted) return () => undefined;
  const cluster = await startSharedCluster();
  process.env.SIGNET_TEST_POSTGRES = String(cluster.port);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  process.once('exit', cluster.stop);
  return () => {
    process.removeListener('exit', cluster.stop);
    cluster.stop();
  };
}
