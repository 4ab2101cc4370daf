import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { mock, type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Database, type Statement, StoreUnavailable, statement } from '../../src/store/database.ts';
import { sqlStore } from '../../src/store/sql/store.ts';
import { openSqlite, type SqliteOptions } from '../../src/store/sqlite.ts';
import { DAY, household, metadata, NOW, offlineGrant, REDEMPTION, SECRET } from './samples.ts';
import { temporaryFolder } from './temporary.ts';

/** A database in a file, with a connection of a stranger to the same file. */
function openBoth(t: TestContext, options: SqliteOptions = {}) {
  const path = join(temporaryFolder(t), 'signet.db');
  const database = openSqlite(path, NOW, options);
  const stranger = new DatabaseSync(path, { timeout: 0 });
  t.after(async () => {
    stranger.close();
    await database.close();
  });
  return { path, database, stranger };
}

const insert = (jti: string): Statement =>
  statement('INSERT INTO revoked_access_tokens (tenant_id, jti, expires_at) VALUES (1, ?, ?)', jti, NOW);
const found = (connection: DatabaseSync): unknown[] =>
  connection
    .prepare('SELECT jti FROM revoked_access_tokens ORDER BY jti')
    .all()
    .map((row) => row['jti']);
const read = async (database: Database): Promise<unknown[]> =>
  (await database.read(statement('SELECT jti FROM revoked_access_tokens ORDER BY jti'))).map(
    (row) => row['jti'],
  );

type Run = (this: StatementSync, ...values: Parameters<StatementSync['all']>) => unknown;

/** Counts how often a statement is run. */
function watchRuns(t: TestContext) {
  const watched = t.mock.method(StatementSync.prototype, 'run');
  return (sql: string) =>
    watched.mock.calls.filter((call) => call.this instanceof StatementSync && call.this.sourceSQL === sql)
      .length;
}

test('all writes of one turn of the event loop share one commit', async (t) => {
  const { database, stranger } = openBoth(t);
  const count = watchRuns(t);
  await Promise.all(Array.from({ length: 100 }, (_, index) => database.write(insert(`jti ${index}`))));
  assert.equal(count('COMMIT'), 1);
  assert.equal(found(stranger).length, 100);
});

test('a thousand writes of 32 callers who each wait for the answer take 32 commits', async (t) => {
  const { database, stranger } = openBoth(t);
  const count = watchRuns(t);
  let next = 0;
  const caller = async () => {
    while (next < 1000) await database.write(insert(`jti ${next++}`));
  };
  await Promise.all(Array.from({ length: 32 }, caller));
  assert.equal(found(stranger).length, 1000);
  assert.equal(count('COMMIT'), Math.ceil(1000 / 32));
});

test('what is acknowledged is committed, and what is not committed is seen by nobody', async (t) => {
  const { database, stranger } = openBoth(t);
  for (let index = 0; index < 20; index += 1) {
    const jti = `jti ${String(index).padStart(2, '0')}`;
    const written = database.write(insert(jti));
    assert.equal((await read(database)).length, index, 'not even by its own process');
    await written;
    assert.equal(found(stranger).at(-1), jti);
  }
});

test('a unit that fails inside a batch is undone alone, and the others are committed', async (t) => {
  const { database, stranger } = openBoth(t);
  const outcomes = await Promise.allSettled([
    database.write(insert('a')),
    database.write(insert('b'), insert('a')),
    database.write(insert('a')),
    database.write(statement('SELECT * FROM no_such_table')),
    database.write(insert('c'), insert('d')),
  ]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(found(stranger), ['a', 'c', 'd']);
});

test('a statement that is wrong in itself is not told as a database that is away', async (t) => {
  const { database } = openBoth(t);
  await database.write(insert('a'));
  for (const wrong of [insert('a'), statement('SELECT * FROM no_such_table')]) {
    await assert.rejects(database.write(wrong, insert('b')), (fault) => !(fault instanceof StoreUnavailable));
  }
  await assert.rejects(
    database.read(statement('SELECT * FROM no_such_table')),
    (fault) => !(fault instanceof StoreUnavailable),
  );
});

test('when the commit fails nothing of the batch is acknowledged or kept, and the next batch goes on', async (t) => {
  const { database, stranger } = openBoth(t);
  const run: Run = Reflect.get(StatementSync.prototype, 'run');
  let broken = true;
  t.mock.method(StatementSync.prototype, 'run', function (this: StatementSync, ...values: Parameters<Run>) {
    if (this.sourceSQL === 'COMMIT' && broken) throw new Error('disk I/O error');
    return run.apply(this, values);
  });
  const outcomes = await Promise.allSettled([
    database.write(insert('a')),
    database.write(insert('b'), insert('c')),
    database.write(insert('a')),
  ]);
  for (const outcome of outcomes) {
    assert.ok(outcome.status === 'rejected' && outcome.reason instanceof StoreUnavailable);
  }
  assert.deepEqual([await read(database), found(stranger)], [[], []]);
  broken = false;
  await database.write(insert('a'));
  assert.deepEqual(found(stranger), ['a']);
});

test('the log is written ahead and synchronized at every commit', async (t) => {
  const watched = t.mock.method(DatabaseSync.prototype, 'exec');
  openBoth(t);
  // The connection of the adapter is its own; the mock alone sees it, untyped.
  const connection = watched.mock.calls[0]?.this as DatabaseSync;
  const pragma = (name: string) => Object.values(connection.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  assert.equal(pragma('journal_mode'), 'wal');
  assert.equal(pragma('synchronous'), 2, 'FULL');
});

test('the stamp of foreign changes moves with the commit of another process and not with an own one', async (t) => {
  const { database, stranger } = openBoth(t);
  const first = database.foreignChanges();
  await database.write(insert('own'));
  assert.equal(database.foreignChanges(), first);
  stranger.exec("INSERT INTO revoked_access_tokens VALUES (1, 'foreign', 1)");
  assert.equal(database.foreignChanges(), first, 'looked at once in a turn of the event loop');
  await nextTurn();
  const second = database.foreignChanges();
  assert.notEqual(second, first);
  assert.equal(database.foreignChanges(), second);
});

test('closing commits what is queued; afterwards every use is told that the database is away', async (t) => {
  const { database, stranger } = openBoth(t);
  const queued = [database.write(insert('a')), database.write(insert('b'))];
  await database.close();
  await Promise.all(queued);
  assert.deepEqual(found(stranger), ['a', 'b']);
  await assert.rejects(database.read(statement('SELECT 1')), StoreUnavailable);
  await assert.rejects(database.write(insert('c')), StoreUnavailable);
  assert.throws(() => database.foreignChanges(), StoreUnavailable);
  await database.close();
});

test('a write waits for the lock of another process while reads and the event loop go on', async (t) => {
  const { database, stranger } = openBoth(t);
  stranger.exec('BEGIN IMMEDIATE');
  const written = Promise.all([database.write(insert('a')), database.write(insert('b'))]);
  for (let turns = 0; turns < 50; turns += 1) {
    await nextTurn();
    assert.deepEqual(await read(database), []);
  }
  const later = database.write(insert('c'));
  stranger.exec('COMMIT');
  await Promise.all([written, later]);
  assert.deepEqual(found(stranger), ['a', 'b', 'c']);
});

test('a lock that is held too long is told as such, and does no harm once it is gone', async (t) => {
  const { database, stranger } = openBoth(t, { patience: 50 });
  stranger.exec('BEGIN IMMEDIATE');
  const outcomes = await Promise.allSettled([database.write(insert('a')), database.write(insert('b'))]);
  for (const outcome of outcomes) {
    assert.ok(outcome.status === 'rejected' && outcome.reason instanceof StoreUnavailable);
  }
  stranger.exec('COMMIT');
  await database.write(insert('c'));
  assert.deepEqual(found(stranger), ['c']);
});

test('closing waits for a lock too, and loses nothing of what was queued', async (t) => {
  const { database, stranger } = openBoth(t);
  stranger.exec('BEGIN IMMEDIATE');
  const written = database.write(insert('a'));
  await nextTurn();
  const closed = database.close();
  await nextTurn();
  stranger.exec('COMMIT');
  await Promise.all([written, closed]);
  assert.deepEqual(found(stranger), ['a']);
});

test('statements are prepared once, whatever they are used with', async (t) => {
  const database = openSqlite(':memory:', NOW);
  t.after(() => database.close());
  const store = sqlStore(database);
  const live = async (name: string) => {
    const home = await household(store, name);
    const { tenant, client, user, session, grant } = home;
    await store.redeemCode(tenant, await grant(), REDEMPTION, NOW);
    const line = { generation: 0, refresh_expires_at: NOW + DAY, grant_expires_at: NOW + DAY };
    await store.rotateRefreshToken(tenant, await offlineGrant(store, home), line, NOW);
    await store.updateClient(tenant, { metadata: metadata('app'), secret: SECRET }, NOW);
    await store.beginAttempt(tenant, name, { free: 1, unit: 1, doublings: 1, forgetAfter: 1 }, NOW);
    await store.findConsent(tenant, user, client);
    await store.endSession(tenant, session, NOW);
    await store.setPassword(tenant, user, { hash: name }, NOW);
    await store.deleteExpired(NOW, user);
    await store.deleteClient(tenant, 'app', NOW);
  };
  await live('first');
  const prepared = mock.method(DatabaseSync.prototype, 'prepare');
  t.after(() => prepared.mock.restore());
  for (const name of ['second', 'third', 'fourth']) await live(name);
  assert.equal(prepared.mock.callCount(), 0);
});
