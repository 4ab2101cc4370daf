import { after, before } from 'node:test';
import { openPostgres } from '../../src/store/postgres.ts';
import { sqlStore } from '../../src/store/sql/store.ts';
import { type Cluster, startPostgres, withoutPostgres } from '../support/postgres.ts';
import { NOW } from './samples.ts';
import { storeContract } from './store-contract.ts';

/** Has every table already, so that not each test makes them anew. */
const SHAPED = 'shaped';

let cluster: Cluster;
let databases = 0;

if (withoutPostgres === false) {
  before(async () => {
    cluster = await startPostgres();
    cluster.create(SHAPED);
    await (await openPostgres(cluster.url(SHAPED), () => NOW)).close();
  });
  after(() => cluster.stop());
}

storeContract(
  'PostgreSQL',
  async (t) => {
    databases += 1;
    const name = `store_${databases}`;
    cluster.create(name, SHAPED);
    const store = sqlStore(await openPostgres(cluster.url(name), () => NOW));
    t.after(() => store.close());
    return store;
  },
  withoutPostgres,
);
