import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { DatabaseRefused } from '../../src/store/database.ts';
import { sqlStore } from '../../src/store/sql/store.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { backupSqlite } from '../../src/store/sqlite-backup.ts';
import { household, NOW, newUser } from './samples.ts';
import { contentsOf, copyAfterCrash, temporaryFolder } from './temporary.ts';

const USERS = 2000;

/** An open database with many people in it, and where a backup of it goes. */
async function inhabited(t: TestContext) {
  const folder = temporaryFolder(t);
  const path = join(folder, 'signet.db');
  const store = sqlStore(openSqlite(path, NOW));
  t.after(() => store.close());
  const { tenant } = await household(store);
  const move = (from: number) =>
    Promise.all(
      Array.from({ length: USERS }, (_, index) =>
        store.createUser(tenant, newUser(`user ${from + index}`), NOW),
      ),
    );
  await move(0);
  const file = join(folder, 'backup.db');
  return { folder, path, store, tenant, move, file, backup: () => backupSqlite(path, file, `${file}.draft`) };
}

const usersIn = (path: string): number => {
  const connection = new DatabaseSync(path, { readOnly: true });
  const count = connection.prepare('SELECT COUNT(*) AS value FROM users').get()?.['value'];
  connection.close();
  return Number(count);
};

test('a backup is one file for this user alone, and a database that opens with what was there', async (t) => {
  const { folder, tenant, file, backup } = await inhabited(t);
  const size = await backup();
  assert.deepEqual([statSync(file).size, statSync(file).mode & 0o777], [size, 0o600]);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('backup')),
    ['backup.db'],
  );
  const copy = sqlStore(openSqlite(file, NOW));
  t.after(() => copy.close());
  assert.equal((await copy.findUserByName(tenant, `user ${USERS - 1}`))?.username, `user ${USERS - 1}`);
});

test('a backup holds one moment, however much is written while it is made, and what is written is kept', async (t) => {
  const { path, store, tenant, file, move, backup } = await inhabited(t);
  const made = backup();
  // Written by the connection of a server, beside the one that copies.
  await move(USERS);
  await made;
  const held = usersIn(file);
  assert.ok(held >= USERS + 1 && held <= 2 * USERS + 1, String(held));
  const connection = new DatabaseSync(file);
  t.after(() => connection.close());
  assert.equal(connection.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok');
  await store.createUser(tenant, newUser('the last'), NOW);
  assert.equal(usersIn(path), 2 * USERS + 2);
});

test('a backup comes to its end although somebody writes all the time', { timeout: 60_000 }, async (t) => {
  const { path, store, tenant, file, backup } = await inhabited(t);
  const filler = new DatabaseSync(path);
  // More than is copied in one step.
  filler.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
    INSERT INTO refusals SELECT 'ref ' || i, 1, 1, '', '', '', NULL, hex(zeroblob(500000)) FROM n`);
  filler.close();
  const copying = { isOver: false };
  const made = backup().finally(() => {
    copying.isOver = true;
  });
  for (let index = 0; !copying.isOver; index += 1) {
    await store.createUser(tenant, newUser(`writer ${index}`), NOW);
  }
  await made;
  assert.ok(usersIn(file) < usersIn(path));
});

test('a backup holds what is still in the log of a killed process', async (t) => {
  const { folder, path, store } = await inhabited(t);
  await store.close();
  const crashed = copyAfterCrash(path, folder, "DELETE FROM users WHERE username <> 'user 7'");
  const file = join(folder, 'backup.db');
  await backupSqlite(crashed, file, `${file}.draft`);
  assert.equal(usersIn(file), 1);
});

test('a backup never replaces a file', async (t) => {
  const { folder, file, backup } = await inhabited(t);
  writeFileSync(file, 'an earlier backup');
  const before = contentsOf(folder);
  await assert.rejects(backup, /There is a file .*backup\.db already/);
  assert.deepEqual(contentsOf(folder), before);
});

test('of two backups to one name at once one succeeds, and it is whole', async (t) => {
  const { file, path } = await inhabited(t);
  const outcomes = await Promise.allSettled(
    ['one', 'two'].map((draft) => backupSqlite(path, file, `${file}.${draft}`)),
  );
  assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  assert.equal(usersIn(file), USERS + 1);
});

test('a database that is damaged gives no backup', async (t) => {
  const { folder, path, store, file, backup } = await inhabited(t);
  await store.close();
  const bytes = readFileSync(path);
  const inTheMiddle = 4096 * Math.floor(bytes.length / 4096 / 2);
  writeFileSync(path, bytes.fill(0, inTheMiddle, inTheMiddle + 4096));
  await assert.rejects(
    backup,
    (fault) => fault instanceof DatabaseRefused && /is damaged/.test(fault.message),
  );
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('backup')),
    [],
    file,
  );
});

test('a folder that is not there is told', async (t) => {
  const { path, folder } = await inhabited(t);
  const file = join(folder, 'nowhere', 'backup.db');
  await assert.rejects(backupSqlite(path, file, `${file}.draft`), /no such file or directory.*nowhere/);
});
