import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, type TestContext, test } from 'node:test';
import { DatabaseRefused } from '../../src/store/database.ts';
import { migratePostgres } from '../../src/store/migrations/migrate-postgres.ts';
import { MIGRATIONS } from '../../src/store/migrations/migrations.ts';
import { moveRows } from '../../src/store/move/move.ts';
import { withPostgresSource, withPostgresTarget } from '../../src/store/move/postgres-side.ts';
import type { Side } from '../../src/store/move/side.ts';
import { withSqliteSource, withSqliteTarget } from '../../src/store/move/sqlite-side.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { withPostgres } from '../../src/store/postgres-connection.ts';
import { sqlStore } from '../../src/store/sql/store.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { type Cluster, startPostgres, withoutPostgres } from '../support/postgres.ts';
import { contents, fullDatabase } from './full-database.ts';
import { household, NOW } from './samples.ts';
import { contentsOf, temporaryFolder } from './temporary.ts';

const quiet = (): void => undefined;

test('a database moves from file to file, row for row', async (t) => {
  const folder = temporaryFolder(t);
  const [from, to] = [join(folder, 'from.db'), join(folder, 'new', 'to.db')];
  await fullDatabase(from);
  await withSqliteSource(from, (source) =>
    withSqliteTarget({ path: to, draft: `${to}.draft`, now: NOW }, (target) =>
      moveRows(source, target, quiet),
    ),
  );
  assert.deepEqual(await withSqliteSource(to, contents), await withSqliteSource(from, contents));
  assert.deepEqual(readdirSync(join(folder, 'new')), ['to.db']);
  assert.equal(statSync(to).mode & 0o777, 0o600);
});

test('a source that a server has open is refused, and one that is locked for the move lets nobody in', async (t) => {
  const path = join(temporaryFolder(t), 'from.db');
  await fullDatabase(path);
  const store = sqlStore(openSqlite(path, NOW));
  await assert.rejects(
    withSqliteSource(path, async () => assert.fail('it is not begun')),
    /is open in another process/,
  );
  await store.close();
  await withSqliteSource(path, async () => {
    const other = new DatabaseSync(path);
    assert.throws(() => other.exec("UPDATE users SET role = 'admin'"), /locked/);
    other.close();
  });
});

test("a source that is not there, is another program's or has another shape is refused", async (t) => {
  const folder = temporaryFolder(t);
  const never = async () => assert.fail('it is not begun');
  await assert.rejects(withSqliteSource(join(folder, 'none.db'), never), /There is no database/);
  const foreign = join(folder, 'foreign.db');
  new DatabaseSync(foreign).exec('CREATE TABLE songs (name TEXT)');
  await assert.rejects(withSqliteSource(foreign, never), /database of another program/);
  const old = join(folder, 'old.db');
  await openSqlite(old, NOW, { migrations: MIGRATIONS.slice(0, 1) }).close();
  const earlier = contentsOf(folder);
  await assert.rejects(withSqliteSource(old, never), /have version 1, .* Run "signet migrate" first/);
  assert.deepEqual(contentsOf(folder)['old.db'], earlier['old.db']);
});

test('a target file that is there is refused and left as it is', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'to.db');
  writeFileSync(path, '');
  await assert.rejects(
    withSqliteTarget({ path, draft: `${path}.draft`, now: NOW }, async () => assert.fail('it is not begun')),
    /There is a file .*to\.db already/,
  );
  assert.deepEqual(readdirSync(folder), ['to.db']);
});

test('a move to a file that fails on the way leaves nothing', async (t) => {
  const [folder, target] = [temporaryFolder(t), temporaryFolder(t)];
  const [from, to] = [join(folder, 'from.db'), join(target, 'to.db')];
  await fullDatabase(from);
  const broken = (source: Side): Side => ({
    ...source,
    lastNumbers: () => Promise.reject(new Error('gone')),
  });
  await assert.rejects(
    withSqliteSource(from, (source) =>
      withSqliteTarget({ path: to, draft: `${to}.draft`, now: NOW }, (side) =>
        moveRows(broken(source), side, quiet),
      ),
    ),
    /gone/,
  );
  assert.deepEqual(readdirSync(target), []);
});

describe('moving between SQLite and PostgreSQL', { skip: withoutPostgres }, () => {
  let cluster: Cluster;
  let databases = 0;
  before(async () => {
    cluster = await startPostgres();
  });
  after(() => cluster.stop());
  const emptyDatabase = (): string => {
    databases += 1;
    cluster.create(`moved_${databases}`);
    return cluster.url(`moved_${databases}`);
  };
  const isEmpty = (url: string): Promise<boolean> =>
    withPostgres(url, 'test', async (client) => {
      const { rows } = await client.query("SELECT 1 FROM pg_class WHERE relname = 'users'");
      if (rows.length === 0) return true;
      return (await client.query('SELECT 1 FROM users UNION ALL SELECT 1 FROM tenants')).rows.length === 0;
    });
  const file = async (t: TestContext, people = 0): Promise<string> => {
    const path = join(temporaryFolder(t), 'signet.db');
    await fullDatabase(path, people);
    return path;
  };
  const toPostgres = (path: string, url: string, progress = quiet as Parameters<typeof moveRows>[2]) =>
    withSqliteSource(path, (source) =>
      withPostgresTarget(url, (target) => moveRows(source, target, progress)),
    );

  test('there and back again every row, number and last number is the same', async (t) => {
    const [path, url] = [await file(t, 1200), emptyDatabase()];
    const earlier = await withSqliteSource(path, contents);
    assert.ok(
      Object.values(earlier).every((rows) => rows.length > 0),
      JSON.stringify(Object.keys(earlier)),
    );
    const shown: string[] = [];
    const rows = await toPostgres(
      path,
      url,
      (done, total, table) => void shown.push(`${done}/${total} ${table}`),
    );
    assert.deepEqual(await withPostgresSource(url, contents), earlier);
    assert.equal(shown.at(-1)?.split(' ')[0], `${rows}/${rows}`);
    const back = join(temporaryFolder(t), 'back.db');
    await withPostgresSource(url, (source) =>
      withSqliteTarget({ path: back, draft: `${back}.draft`, now: NOW }, (target) =>
        moveRows(source, target, quiet),
      ),
    );
    assert.deepEqual(await withSqliteSource(back, contents), earlier);
  });

  test('new rows on the other database get numbers that were never given', async (t) => {
    const [path, url] = [await file(t), emptyDatabase()];
    await toPostgres(path, url);
    const store = sqlStore(await openPostgres(url, () => NOW));
    t.after(() => store.close());
    const { tenant, user, session, grant } = await household(store);
    assert.ok(session > 2, 'the second one was given to a session that is gone');
    assert.equal(await grant(), 2);
    assert.equal(user, (await store.findUserByName(tenant, 'alice'))?.id);
    assert.equal(await store.readEpoch(), 7000);
  });

  test('tables that are there and empty are filled too', async (t) => {
    const [path, url] = [await file(t), emptyDatabase()];
    await migratePostgres(url);
    await toPostgres(path, url);
    assert.deepEqual(await withPostgresSource(url, contents), await withSqliteSource(path, contents));
  });

  test("a target that holds anything, or is another program's, is refused and left as it is", async (t) => {
    const [path, used, foreign] = [await file(t), emptyDatabase(), emptyDatabase()];
    const store = sqlStore(await openPostgres(used, () => NOW));
    await household(store, 'other');
    await store.close();
    await assert.rejects(toPostgres(path, used), /holds something already \(table .*Give an empty one/);
    const { tenants } = await withPostgresSource(used, contents);
    assert.equal(tenants?.length, 1);
    await withPostgres(foreign, 'test', (client) => client.query('CREATE TABLE books (title TEXT)'));
    await assert.rejects(toPostgres(path, foreign), /tables of another program/);
  });

  test('a move that fails on the way leaves the target empty, and can be made again', async (t) => {
    const [path, url] = [await file(t, 1200), emptyDatabase()];
    const broken = (source: Side): Side => ({
      ...source,
      async *batches(table) {
        yield* source.batches(table);
        if (table.name === 'users') throw new Error('the disk is gone');
      },
    });
    await assert.rejects(
      withSqliteSource(path, (source) =>
        withPostgresTarget(url, (target) => moveRows(broken(source), target, quiet)),
      ),
      /the disk is gone/,
    );
    assert.equal(await isEmpty(url), true);
    await toPostgres(path, url);
  });

  test('rows that arrive otherwise than they were are noticed, and nothing is kept', async (t) => {
    const [path, url] = [await file(t), emptyDatabase()];
    await migratePostgres(url);
    await withPostgres(url, 'test', (client) =>
      client.query(`CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN NEW.role = ''admin''; RETURN NEW; END';
        CREATE TRIGGER meddle BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION meddle()`),
    );
    await assert.rejects(
      toPostgres(path, url),
      (fault) =>
        fault instanceof DatabaseRefused && /table users did not arrive as it was/.test(fault.message),
    );
    assert.equal(await isEmpty(url), true);
  });

  test('a database to which a server is connected is neither moved nor filled', async (t) => {
    const [path, url, target] = [await file(t), emptyDatabase(), join(temporaryFolder(t), 'to.db')];
    await toPostgres(path, url);
    const database = await openPostgres(url, () => NOW);
    t.after(() => database.close());
    await sqlStore(database).readEpoch();
    const never = async () => assert.fail('it is not begun');
    await assert.rejects(withPostgresSource(url, never), /A Signet server is connected/);
    await assert.rejects(withPostgresTarget(url, never), /A Signet server is connected/);
    assert.ok(!existsSync(target));
  });

  test('while a database is moved nobody changes it', async (t) => {
    const [path, url] = [await file(t), emptyDatabase()];
    await toPostgres(path, url);
    await withPostgresSource(url, () =>
      withPostgres(url, 'test', async (client) => {
        await client.query("SET lock_timeout = '50ms'");
        await assert.rejects(client.query("UPDATE users SET role = 'admin'"), /lock timeout/);
      }),
    );
  });

  test("a database without Signet's tables, or with older ones, is not moved", async () => {
    const [empty, old] = [emptyDatabase(), emptyDatabase()];
    await migratePostgres(old, MIGRATIONS.slice(0, 1));
    const never = async () => assert.fail('it is not begun');
    await assert.rejects(withPostgresSource(empty, never), /nothing of Signet in the database/);
    await assert.rejects(withPostgresSource(old, never), /older than this program.*signet migrate/);
  });
});
