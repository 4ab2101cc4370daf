import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { migratePostgres } from '../../src/store/migrations/migrate-postgres.ts';
import { MIGRATIONS, type Migration } from '../../src/store/migrations/migrations.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { temporaryFolder } from '../store/temporary.ts';
import { basic, personAt, post, refresh, request, tokensFor, userinfo } from '../support/person.ts';
import { type Cluster, startPostgres, withoutPostgres } from '../support/postgres.ts';
import { type Restarting, restarting } from '../support/restarting.ts';
import { WEB_APP } from '../support/signet.ts';

/** What a next version might add: columns of tables whose rows are read whole, a table and an index. */
const EXPANDED: readonly Migration[] = [
  ...MIGRATIONS,
  {
    name: 'more to know',
    oldest: MIGRATIONS.length,
    statements: [
      ...['users', 'clients', 'grants', 'browser_sessions', 'consents', 'tenants', 'signing_keys'].map(
        (table) => `ALTER TABLE ${table} ADD COLUMN remark TEXT`,
      ),
      'CREATE TABLE remarks (id {id}, remark TEXT NOT NULL)',
      'CREATE INDEX users_by_remark ON users (remark)',
    ],
  },
];

/** Every kind of flow, twice, so that each step has been at each of two programs. */
async function flowsSucceed(
  signet: Restarting['signet'],
  held: Record<string, string>,
): Promise<Record<string, string>> {
  let tokens = held;
  for (let round = 0; round < 2; round += 1) {
    const { status, body } = await refresh(signet, tokens['refresh_token'] ?? '');
    assert.equal(status, 200, JSON.stringify(body));
    tokens = body as Record<string, string>;
    assert.equal((await userinfo(signet, tokens['access_token'] ?? '')).status, 200);
    const person = personAt(signet);
    const fresh = await tokensFor(signet, {}, person);
    assert.ok(fresh['refresh_token'], JSON.stringify(fresh));
    assert.match((await person.authorize(request({ prompt: 'none' }))).location ?? '', /[?&]code=/);
    assert.equal(
      (await post(signet.url('/revoke'), { token: fresh['refresh_token'] ?? '' }, basic())).status,
      200,
    );
    assert.equal((await userinfo(signet, fresh['access_token'] ?? '')).status, 401);
    const service = await post(
      signet.url('/token'),
      { grant_type: 'client_credentials', scope: '' },
      basic(),
    );
    assert.equal(service.status, 200, JSON.stringify(service.body));
  }
  return tokens;
}

async function expandsBesideTheOldProgram(t: TestContext, database: string, migrate: () => Promise<void>) {
  const { signet, start } = await restarting(t, { clients: [{ ...WEB_APP, consent: 'remember' }] });
  await start(database, { migrations: MIGRATIONS });
  let tokens = await flowsSucceed(signet, await tokensFor(signet));
  await migrate();
  tokens = await flowsSucceed(signet, tokens);
  await start(database, { migrations: EXPANDED });
  tokens = await flowsSucceed(signet, tokens);
  // The old program may also be started again.
  await start(database, { migrations: MIGRATIONS });
  await flowsSucceed(signet, tokens);
}

test('on one SQLite file a program runs on beside a newer one that has only added to the tables', async (t) => {
  const path = join(temporaryFolder(t), 'signet.db');
  await expandsBesideTheOldProgram(t, `sqlite:${path}`, () =>
    openSqlite(path, 0, { migrations: EXPANDED }).close(),
  );
});

describe('on one PostgreSQL', { skip: withoutPostgres }, () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startPostgres();
  });
  after(() => cluster.stop());

  test('a program runs on beside a newer one that has only added to the tables', async (t) => {
    cluster.create('expanded');
    const database = cluster.url('expanded');
    await expandsBesideTheOldProgram(t, database, () => migratePostgres(database, EXPANDED));
  });
});
