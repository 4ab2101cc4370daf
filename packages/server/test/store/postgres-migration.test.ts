import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import pg from 'pg';
import { DatabaseRefused } from '../../src/store/database.ts';
import { migratePostgres, shapeOfPostgres } from '../../src/store/migrations/migrate-postgres.ts';
import { MIGRATIONS, type Migration } from '../../src/store/migrations/migrations.ts';
import { demandOf } from '../../src/store/migrations/shape.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { withPostgres } from '../../src/store/postgres-connection.ts';
import { sqlStore } from '../../src/store/sql/store.ts';
import { type Cluster, startPostgres, withoutPostgres } from '../support/postgres.ts';
import { startMigrator } from './migrator.ts';
import { BEFORE_ADDRESSES, household, NOW } from './samples.ts';

const KNOWN = MIGRATIONS.length;
/** The oldest program that these tables allow. */
const OLDEST = demandOf(MIGRATIONS);
const FRUIT: Migration = {
  name: 'fruit',
  statements: ['CREATE TABLE fruit (name TEXT)', "INSERT INTO fruit VALUES ('fig')"],
};
const REMARK: Migration = { name: 'remark', statements: ['ALTER TABLE users ADD COLUMN remark TEXT'] };

describe('migrations on PostgreSQL', { skip: withoutPostgres }, () => {
  let cluster: Cluster;
  let databases = 0;
  before(async () => {
    cluster = await startPostgres();
  });
  after(() => cluster.stop());

  const emptyDatabase = (): string => {
    databases += 1;
    cluster.create(`migrated_${databases}`);
    return cluster.url(`migrated_${databases}`);
  };
  const open = (t: TestContext, url: string, migrations: readonly Migration[] = MIGRATIONS) =>
    openPostgres(url, () => NOW, { migrations }).then((database) => {
      t.after(() => database.close());
      return database;
    });
  /** A database of today's shape with a tenant in it. */
  const usedDatabase = async (): Promise<string> => {
    const url = emptyDatabase();
    const store = sqlStore(await openPostgres(url, () => NOW));
    await household(store);
    await store.close();
    return url;
  };
  const shapeOf = (url: string) => withPostgres(url, 'test', shapeOfPostgres);
  const tablesOf = async (url: string): Promise<readonly unknown[]> =>
    withPostgres(url, 'test', async (client) => {
      const { rows } = await client.query(
        'SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1, 2',
      );
      return rows;
    });

  test('an empty database gets its tables at the first start', async (t) => {
    const url = emptyDatabase();
    await open(t, url);
    assert.deepEqual(await shapeOf(url), { version: KNOWN, oldest: OLDEST });
  });

  test('of many nodes that start at once on an empty database each one starts', async (t) => {
    for (let round = 0; round < 5; round += 1) {
      const url = emptyDatabase();
      const stores = await Promise.all(Array.from({ length: 8 }, async () => sqlStore(await open(t, url))));
      const tenants = await Promise.all(
        stores.map((store, index) =>
          store.saveTenant(
            { name: 'one', issuer: 'https://one.example', secret_sealed: Buffer.alloc(16, index) },
            NOW,
          ),
        ),
      );
      for (const tenant of tenants) assert.deepEqual(tenant, tenants[0]);
    }
  });

  test('an older database is refused with the command that helps, and nothing is changed', async (t) => {
    const url = await usedDatabase();
    const earlier = await tablesOf(url);
    await assert.rejects(
      open(t, url, [...MIGRATIONS, FRUIT]),
      (fault) =>
        fault instanceof DatabaseRefused &&
        fault.message.includes(`version ${KNOWN} of ${KNOWN + 1}`) &&
        /"signet migrate".*"signet migrate --check"/.test(fault.message),
    );
    assert.deepEqual(await tablesOf(url), earlier);
  });

  test('a migration is told, done once, and the database opens with what it held', async (t) => {
    const url = await usedDatabase();
    const told: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      await migratePostgres(url, [...MIGRATIONS, FRUIT], (sentence) => told.push(sentence));
    }
    assert.deepEqual(told, [`Migration ${KNOWN + 1} of ${KNOWN + 1}: fruit.`]);
    const store = sqlStore(await open(t, url, [...MIGRATIONS, FRUIT]));
    assert.equal((await store.findTenant('default'))?.name, 'default');
    assert.deepEqual(await shapeOf(url), { version: KNOWN + 1, oldest: KNOWN + 1 });
  });

  test('two migrations at once do the work once', async () => {
    const url = await usedDatabase();
    const next = [...MIGRATIONS, FRUIT, REMARK];
    const told: string[] = [];
    const tell = (sentence: string) => void told.push(sentence);
    await Promise.all([1, 2, 3].map(() => migratePostgres(url, next, tell)));
    assert.equal(told.filter((sentence) => sentence.startsWith('Migration')).length, 2);
  });

  test('a database of the first shape, which tells nothing of the oldest program, is brought up to date', async (t) => {
    const url = emptyDatabase();
    const first = MIGRATIONS.slice(0, 1);
    await migratePostgres(url, first);
    await assert.rejects(open(t, url), /version 1 of/);
    await migratePostgres(url);
    const store = sqlStore(await open(t, url));
    assert.equal((await household(store)).tenant > 0, true);
    await assert.rejects(open(t, url, first), /newer Signet/);
  });

  test('people who were there before addresses were looked for are found by theirs', async (t) => {
    const url = emptyDatabase();
    await migratePostgres(url, MIGRATIONS.slice(0, 3));
    await withPostgres(url, 'test', async (client) => {
      for (const sql of BEFORE_ADDRESSES) await client.query(sql);
    });
    await migratePostgres(url);
    const store = sqlStore(await open(t, url));
    const found = await store.findUsersByEmail(1, 'alice@example.com', 9);
    assert.deepEqual(
      found.map(({ username, locked_at }) => [username, locked_at]),
      [['alice', null]],
    );
  });

  test('a newer database refuses a program that it cannot do with, and takes one that it can', async (t) => {
    const [url, kind] = [await usedDatabase(), await usedDatabase()];
    await migratePostgres(url, [...MIGRATIONS, FRUIT]);
    const sentence = new RegExp(
      `written by a newer Signet \\(tables version ${KNOWN + 1}, this program knows ${KNOWN}\\)`,
    );
    await assert.rejects(open(t, url), sentence);
    await assert.rejects(migratePostgres(url), sentence);
    await migratePostgres(kind, [...MIGRATIONS, { ...FRUIT, oldest: KNOWN }]);
    const store = sqlStore(await openPostgres(kind, () => NOW));
    assert.equal((await store.findTenant('default'))?.name, 'default');
    await migratePostgres(kind);
    await store.close();
    // What a later migration demands is not taken back by one that would demand less.
    await migratePostgres(kind, [
      ...MIGRATIONS,
      { ...FRUIT, oldest: KNOWN },
      REMARK,
      { ...REMARK, statements: [], oldest: 1 },
    ]);
    await assert.rejects(open(t, kind), /newer Signet/);
  });

  test('servers that could not live with the new tables keep a migration from being made, others do not', async () => {
    const url = await usedDatabase();
    const store = sqlStore(await openPostgres(url, () => NOW));
    await store.readEpoch();
    const earlier = await tablesOf(url);
    await assert.rejects(
      migratePostgres(url, [...MIGRATIONS, FRUIT]),
      /A Signet server is connected .* cannot work with the new tables\. Stop the servers/,
    );
    assert.deepEqual(await tablesOf(url), earlier);
    await migratePostgres(url, [...MIGRATIONS, { ...FRUIT, oldest: KNOWN }]);
    await store.readEpoch();
    await store.close();
    await migratePostgres(url, [...MIGRATIONS, { ...FRUIT, oldest: KNOWN }, REMARK]);
  });

  test('a migration that fails changes nothing', async (t) => {
    const url = await usedDatabase();
    const earlier = await tablesOf(url);
    const broken = [
      ...MIGRATIONS,
      FRUIT,
      { name: 'broken', statements: ['DROP TABLE users', 'CREATE TABLE'] },
    ];
    await assert.rejects(migratePostgres(url, broken), DatabaseRefused);
    assert.deepEqual(await tablesOf(url), earlier);
    assert.equal((await sqlStore(await open(t, url)).findTenant('default'))?.name, 'default');
  });

  test('a database with tables of another program is refused and left as it is', async (t) => {
    const url = emptyDatabase();
    await withPostgres(url, 'test', (client) => client.query('CREATE TABLE books (title TEXT)'));
    const earlier = await tablesOf(url);
    for (const attempt of [() => open(t, url), () => migratePostgres(url)]) {
      await assert.rejects(attempt, /tables of another program/);
    }
    assert.deepEqual(await tablesOf(url), earlier);
  });

  /** Somebody who holds a table for long, as a report or a dump does. */
  async function holdUsers(t: TestContext, url: string): Promise<() => Promise<unknown>> {
    const client = new pg.Client(url);
    await client.connect();
    t.after(() => client.end());
    await client.query('BEGIN; LOCK TABLE users IN ACCESS SHARE MODE');
    return () => client.query('COMMIT');
  }

  const waitsForLock = (url: string): Promise<void> =>
    withPostgres(url, 'test', async (client) => {
      for (;;) {
        const { rows } = await client.query(
          `SELECT 1 FROM pg_stat_activity
           WHERE datname = current_database() AND application_name = 'signet migrate' AND wait_event_type = 'Lock'`,
        );
        if (rows.length > 0) return;
      }
    });

  test('a table that is in use for long is not waited for, so that servers are not kept waiting', async (t) => {
    const url = await usedDatabase();
    const earlier = await tablesOf(url);
    const letGo = await holdUsers(t, url);
    await assert.rejects(
      migratePostgres(url, [...MIGRATIONS, FRUIT, REMARK]),
      /in use .* Try again; nothing was changed/,
    );
    assert.deepEqual(await tablesOf(url), earlier);
    await letGo();
    await migratePostgres(url, [...MIGRATIONS, FRUIT, REMARK]);
  });

  test('a process killed in the middle of a migration leaves nothing of it, and the next one does it', async (t) => {
    const url = await usedDatabase();
    const earlier = await tablesOf(url);
    const letGo = await holdUsers(t, url);
    const migrator = await startMigrator(t, { database: url, next: [FRUIT, REMARK] });
    await waitsForLock(url);
    await migrator.kill();
    await letGo();
    // The next one waits until PostgreSQL has noticed and undone it.
    await migratePostgres(url, [...MIGRATIONS]);
    assert.deepEqual(await tablesOf(url), earlier);
    await migratePostgres(url, [...MIGRATIONS, FRUIT, REMARK]);
    assert.equal((await shapeOf(url)).version, KNOWN + 2);
  });
});
