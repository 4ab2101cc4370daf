import { after, before } from 'node:test';
import { openPostgres } from '../../src/store/postgres.ts';
import { sqlStore } from '../../src/store/sql/store.ts';
import { type Cluster, startPostgres, withoutPostgres } from '../support/postgres.ts';
import { NOW } from './samples.ts';
import { storeContract } from './store-contract.ts';

let cluster: Cluster;
let databases = 0;

if (withoutPostgres === false) {
  before(async () => {
    cluster = await startPostgres();
  });
  after(() => cluster.stop());
}

storeContract(
  'PostgreSQL',
  async (t) => {
    databases += 1;
    const name = `store_${databases}`;
    cluster.create(name);
    const store = sqlStore(await openPostgres(cluster.url(name), () => NOW));
    t.after(() => store.close());
    return store;
  },
  withoutPostgres,
);
