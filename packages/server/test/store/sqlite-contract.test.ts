import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqlStore } from '../../src/store/sql/store.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { NOW } from './samples.ts';
import { storeContract } from './store-contract.ts';

storeContract('SQLite in memory', async (t) => {
  const store = sqlStore(openSqlite(':memory:', NOW));
  t.after(() => store.close());
  return store;
});

storeContract('an SQLite file', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'signet-store-'));
  const store = sqlStore(openSqlite(join(folder, 'signet.db'), NOW));
  t.after(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  return store;
});
