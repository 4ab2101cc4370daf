import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { DatabaseRefused, statement } from '../../src/store/database.ts';
import { MIGRATIONS } from '../../src/store/migrations/migrations.ts';
import { sqlStore } from '../../src/store/sql/store.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { startMigrator } from './migrator.ts';
import { BEFORE_ADDRESSES, household, NOW } from './samples.ts';
import { contentsOf, copyAfterCrash, temporaryFolder } from './temporary.ts';

const FRUIT = {
  name: 'fruit',
  statements: ['CREATE TABLE fruit (name TEXT)', "INSERT INTO fruit VALUES ('fig')"],
};
const NEWER = [...MIGRATIONS, FRUIT];
const BROKEN = [...NEWER, { name: 'broken', statements: ['DROP TABLE users', 'CREATE TABLE'] }];

const SAYS_NEWER = new RegExp(
  `written by a newer Signet \\(tables version ${NEWER.length}, this program knows ${MIGRATIONS.length}\\)`,
);

/** A database of today's shape with a tenant in it, in a folder of its own. */
async function olderDatabase(folder: string): Promise<string> {
  const path = join(folder, 'signet.db');
  const store = sqlStore(openSqlite(path, NOW));
  await household(store);
  await store.close();
  return path;
}

const shapeOf = (path: string): unknown => {
  const connection = new DatabaseSync(path, { readOnly: true });
  const shape = connection.prepare('PRAGMA user_version').get()?.['user_version'];
  connection.close();
  return shape;
};

test('an older database is brought up to date after a snapshot, which only this user can read', async (t) => {
  const folder = temporaryFolder(t);
  const path = await olderDatabase(folder);
  const database = openSqlite(path, NOW, { migrations: NEWER });
  t.after(() => database.close());
  assert.deepEqual((await database.read(statement('SELECT name FROM fruit')))[0]?.['name'], 'fig');
  assert.equal((await database.read(statement('SELECT 1 FROM users'))).length, 1);
  const [snapshot = ''] = readdirSync(folder).filter((name) => name.includes('before-version'));
  assert.equal(snapshot, `signet.db.before-version-${NEWER.length}.${NOW}`);
  assert.equal(statSync(join(folder, snapshot)).mode & 0o777, 0o600);
  assert.equal(shapeOf(join(folder, snapshot)), MIGRATIONS.length);
  const restored = sqlStore(openSqlite(join(folder, snapshot), NOW));
  t.after(() => restored.close());
  assert.equal((await restored.findTenant('default'))?.name, 'default');
});

test('a snapshot holds what was still in the log of a killed process', async (t) => {
  const folder = temporaryFolder(t);
  const path = await olderDatabase(folder);
  const killed = new DatabaseSync(path);
  t.after(() => killed.close());
  killed.exec("PRAGMA wal_autocheckpoint = 0; UPDATE tenants SET issuer = 'https://late.example'");
  await openSqlite(path, NOW, { migrations: NEWER }).close();
  const snapshot = new DatabaseSync(`${path}.before-version-${NEWER.length}.${NOW}`);
  t.after(() => snapshot.close());
  assert.equal(snapshot.prepare('SELECT issuer FROM tenants').get()?.['issuer'], 'https://late.example');
});

test('a database that is up to date is opened without a snapshot', async (t) => {
  const folder = temporaryFolder(t);
  const path = await olderDatabase(folder);
  await openSqlite(path, NOW).close();
  assert.deepEqual(readdirSync(folder), ['signet.db']);
});

test('a migration that fails changes nothing and leaves nothing behind', async (t) => {
  const folder = temporaryFolder(t);
  const path = await olderDatabase(folder);
  const before = contentsOf(folder);
  assert.throws(() => openSqlite(path, NOW, { migrations: BROKEN }), DatabaseRefused);
  assert.deepEqual(contentsOf(folder), before);
  const store = sqlStore(openSqlite(path, NOW));
  t.after(() => store.close());
  assert.equal((await store.findTenant('default'))?.name, 'default');
});

test('a database of a newer program is refused and left as it is, also when its shape stands in the log alone', async (t) => {
  const [folder, source] = [temporaryFolder(t), temporaryFolder(t)];
  const older = await olderDatabase(source);
  const crashed = copyAfterCrash(
    older,
    folder,
    `PRAGMA user_version = ${NEWER.length}; UPDATE signet_database SET oldest_program = ${NEWER.length}`,
  );
  const before = contentsOf(folder);
  assert.throws(() => openSqlite(crashed, NOW), SAYS_NEWER);
  const { 'crashed.db': file, 'crashed.db-wal': log } = contentsOf(folder);
  assert.deepEqual([file, log], [before['crashed.db'], before['crashed.db-wal']]);
  const closed = contentsOf(source);
  assert.throws(() => openSqlite(older, NOW), SAYS_NEWER);
  assert.deepEqual(contentsOf(source), closed);
});

test('a newer database whose tables have only grown is opened by this program and keeps its shape', async (t) => {
  const folder = temporaryFolder(t);
  const path = await olderDatabase(folder);
  await openSqlite(path, NOW, {
    migrations: [...MIGRATIONS, { ...FRUIT, oldest: MIGRATIONS.length }],
  }).close();
  const store = sqlStore(openSqlite(path, NOW));
  t.after(() => store.close());
  assert.equal((await store.findTenant('default'))?.name, 'default');
  assert.equal(shapeOf(path), NEWER.length);
  await openSqlite(path, NOW, {
    migrations: [
      ...NEWER,
      { name: 'strict', statements: [] },
      { name: 'lenient', statements: [], oldest: 1 },
    ],
  }).close();
  assert.throws(() => openSqlite(path, NOW), /written by a newer Signet/);
});

test('a database of the first shape, which tells nothing of the oldest program, is brought up to date', async (t) => {
  const path = join(temporaryFolder(t), 'signet.db');
  await openSqlite(path, NOW, { migrations: MIGRATIONS.slice(0, 1) }).close();
  assert.equal(shapeOf(path), 1);
  const store = sqlStore(openSqlite(path, NOW));
  t.after(() => store.close());
  assert.ok((await household(store)).tenant > 0);
  assert.equal(shapeOf(path), MIGRATIONS.length);
  assert.throws(
    () => openSqlite(path, NOW, { migrations: MIGRATIONS.slice(0, 1) }),
    /written by a newer Signet/,
  );
});

test('people who were there before addresses were looked for are found by theirs', async (t) => {
  const path = join(temporaryFolder(t), 'signet.db');
  await openSqlite(path, NOW, { migrations: MIGRATIONS.slice(0, 3) }).close();
  const connection = new DatabaseSync(path);
  for (const sql of BEFORE_ADDRESSES) connection.exec(sql);
  connection.close();
  const store = sqlStore(openSqlite(path, NOW));
  t.after(() => store.close());
  const found = await store.findUsersByEmail(1, 'alice@example.com', 9);
  assert.deepEqual(
    found.map(({ username, locked_at }) => [username, locked_at]),
    [['alice', null]],
  );
});

test('people and clients who were there before names were looked for are found by theirs', async (t) => {
  const path = join(temporaryFolder(t), 'signet.db');
  await openSqlite(path, NOW, { migrations: MIGRATIONS.slice(0, 4) }).close();
  const connection = new DatabaseSync(path);
  connection.exec(`INSERT INTO users (tenant_id, sub, username, claims, role, source, created_at, updated_at)
    VALUES (1, 'alice', 'alice', '{"name": "Alice EXAMPLE"}', 'user', 'manual', 1, 1), (1, 'bob', 'bob', '{}', 'user', 'manual', 1, 1)`);
  connection.exec(`INSERT INTO clients (tenant_id, client_id, metadata, source, version, created_at, updated_at)
    VALUES (1, 'app', '{"client_id": "app", "client_name": "The Shop"}', 'manual', 1, 1, 1)`);
  connection.close();
  const store = sqlStore(openSqlite(path, NOW));
  t.after(() => store.close());
  const users = await store.pageUsers(1, { afterUsername: '', atMost: 9, text: 'example' });
  assert.deepEqual(
    users.map(({ username, version }) => [username, version]),
    [['alice', 1]],
  );
  const clients = await store.pageClients(1, { after: '', atMost: 9, text: 'SHOP' });
  assert.deepEqual(
    clients.map(({ row, previous_secret }) => [row, previous_secret]),
    [[1, null]],
  );
});

test('a process killed in the middle of a migration leaves nothing of it, and the next one does it', async (t) => {
  const folder = temporaryFolder(t);
  const path = await olderDatabase(folder);
  const endless = `CREATE TABLE numbers AS WITH RECURSIVE n (value) AS
    (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 1000000000) SELECT value FROM n`;
  const migrator = await startMigrator(t, {
    database: path,
    next: [FRUIT, { name: 'endless', statements: [endless] }],
  });
  // The snapshot is made first, and then the log grows.
  while (!existsSync(`${path}-wal`) || statSync(`${path}-wal`).size < 1_000_000) {
    await new Promise((done) => setImmediate(done));
  }
  await migrator.kill();
  assert.equal(await migrator.said, 'killed');
  const store = sqlStore(openSqlite(path, NOW));
  assert.equal((await store.findTenant('default'))?.name, 'default');
  await store.close();
  assert.equal(shapeOf(path), MIGRATIONS.length);
  await openSqlite(path, NOW + 1, { migrations: NEWER }).close();
  assert.equal(shapeOf(path), NEWER.length);
});
