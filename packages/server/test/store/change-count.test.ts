import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { countingChanges } from '../../src/store/change-count.ts';
import { sqlStore } from '../../src/store/sql/store.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { DAY, household, NOW } from './samples.ts';
import { temporaryFolder } from './temporary.ts';

test('that no token is revoked is known without a look, until this process or another one revokes one', async (t) => {
  const path = join(temporaryFolder(t), 'signet.db');
  const databases = [openSqlite(path, NOW), openSqlite(path, NOW)] as const;
  t.after(() => Promise.all(databases.map((database) => database.close())));
  const reads = t.mock.method(databases[0], 'read');
  const [here, elsewhere] = [countingChanges(sqlStore(databases[0])), sqlStore(databases[1])];
  const { tenant } = await household(here);
  const revokedHere = async (jti: string): Promise<boolean> => {
    await nextTurn();
    return here.accessTokenIsRevoked(tenant, jti);
  };
  assert.equal(await revokedHere('one'), false);
  const looks = reads.mock.callCount();
  assert.equal(await revokedHere('two'), false);
  assert.equal(reads.mock.callCount(), looks);

  await elsewhere.revokeAccessToken(tenant, 'one', NOW + DAY);
  assert.deepEqual([await revokedHere('one'), await revokedHere('two')], [true, false]);
  await here.revokeAccessToken(tenant, 'two', NOW + DAY);
  assert.equal(await here.accessTokenIsRevoked(tenant, 'two'), true, 'in the very same turn');

  await elsewhere.deleteExpired(NOW + 9 * DAY, 10);
  assert.equal(await revokedHere('one'), false);
});
