import assert from 'node:assert/strict';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { DatabaseRefused, statement } from '../../src/store/database.ts';
import { sqlStore } from '../../src/store/sql/store.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { startOpeners } from './openers.ts';
import { household, NOW, newUser } from './samples.ts';
import { contentsOf, copyAfterCrash, temporaryFolder } from './temporary.ts';

const mode = (path: string): number => statSync(path).mode & 0o777;

/** A closed database of Signet's with a hundred people in it. */
async function filledDatabase(folder: string): Promise<string> {
  const path = join(folder, 'signet.db');
  const store = sqlStore(openSqlite(path, NOW));
  const { tenant } = await household(store);
  await Promise.all(
    Array.from({ length: 100 }, (_, index) => store.createUser(tenant, newUser(`user ${index}`), NOW)),
  );
  await store.close();
  return path;
}

function edit(path: string, change: (bytes: Buffer) => Buffer | undefined): void {
  const bytes = readFileSync(path);
  writeFileSync(path, change(bytes) ?? bytes);
}

function assertRefused(folder: string, path: string, sentence: RegExp): void {
  const before = contentsOf(folder);
  assert.throws(
    () => openSqlite(path, NOW),
    (fault) =>
      fault instanceof DatabaseRefused && sentence.test(fault.message) && fault.message.includes(path),
  );
  assert.deepEqual(contentsOf(folder), before, 'the folder is left as it was');
}

test('a new database is made in a new folder, both for this user alone whatever the umask', async (t) => {
  const folder = join(temporaryFolder(t), 'a', 'b');
  const path = join(folder, 'signet.db');
  const umask = process.umask(0);
  const database = openSqlite(path, NOW);
  process.umask(umask);
  t.after(() => database.close());
  await household(sqlStore(database));
  assert.deepEqual([mode(folder), mode(join(folder, '..'))], [0o700, 0o700]);
  for (const suffix of ['', '-wal', '-shm']) assert.equal(mode(path + suffix), 0o600, suffix);
});

test('a database that is opened again holds what it held, and does not give its numbers again', async (t) => {
  const path = await filledDatabase(temporaryFolder(t));
  const store = sqlStore(openSqlite(path, NOW));
  t.after(() => store.close());
  const { id: tenant } = (await store.findTenant('default')) ?? { id: 0 };
  const last = await store.findUserByName(tenant, 'user 99');
  await store.createUser(tenant, newUser('one more'), NOW);
  assert.equal((await store.findUserByName(tenant, 'one more'))?.id, (last?.id ?? 0) + 1);
});

const STRANGERS: Readonly<Record<string, readonly [make: (path: string) => void, sentence: RegExp]>> = {
  'a text file': [(path) => writeFileSync(path, 'Dear diary,\n'.repeat(500)), /not an SQLite database/],
  'a file of a single byte': [(path) => writeFileSync(path, 'S'), /not an SQLite database/],
  'a database of another program': [
    (path) => new DatabaseSync(path).exec('CREATE TABLE books (title TEXT)'),
    /another program/,
  ],
  'a database of another program with its own mark': [
    (path) => new DatabaseSync(path).exec('PRAGMA application_id = 7; PRAGMA user_version = 3'),
    /another program/,
  ],
  'a database of another program with a write-ahead log': [
    (path) => {
      const connection = new DatabaseSync(path);
      connection.exec('PRAGMA journal_mode = WAL; CREATE TABLE books (title TEXT)');
      connection.close();
    },
    /another program/,
  ],
  'a folder': [(path) => mkdirSync(path), /is a folder/],
};

for (const [name, [make, sentence]] of Object.entries(STRANGERS)) {
  test(`${name} is refused and left as it is`, (t) => {
    const folder = temporaryFolder(t);
    make(join(folder, 'signet.db'));
    if (name === 'a folder') {
      assert.throws(() => openSqlite(join(folder, 'signet.db'), NOW), sentence);
    } else {
      assertRefused(folder, join(folder, 'signet.db'), sentence);
    }
  });
}

const DAMAGES: Readonly<Record<string, (bytes: Buffer) => Buffer | undefined>> = {
  'cut in half': (bytes) => bytes.subarray(0, bytes.length / 2),
  'cut inside its header': (bytes) => bytes.subarray(0, 60),
  'with a page of zeros': (bytes) => void bytes.fill(0, 4096 * 3, 4096 * 4),
  'with its pages in disorder': (bytes) =>
    Buffer.concat([bytes.subarray(0, 4096), bytes.subarray(8192), bytes.subarray(4096, 8192)]),
};

for (const [name, damage] of Object.entries(DAMAGES)) {
  test(`a database ${name} is refused and left as it is`, async (t) => {
    const folder = temporaryFolder(t);
    const path = await filledDatabase(folder);
    edit(path, damage);
    assertRefused(folder, path, /is damaged .*Restore a backup/);
  });
}

test('of a damaged database that a crash left behind neither the file nor its log is touched', async (t) => {
  const [folder, source] = [temporaryFolder(t), temporaryFolder(t)];
  const path = copyAfterCrash(await filledDatabase(source), folder, "UPDATE users SET role = 'admin'");
  edit(path, (bytes) => void bytes.fill(0, 4096 * 3, 4096 * 4));
  const before = contentsOf(folder);
  assert.throws(() => openSqlite(path, NOW), /is damaged/);
  const { 'crashed.db': file, 'crashed.db-wal': log } = contentsOf(folder);
  assert.deepEqual([file, log], [before['crashed.db'], before['crashed.db-wal']]);
});

test('what a killed process had committed is there at the next start', async (t) => {
  const [folder, source] = [temporaryFolder(t), temporaryFolder(t)];
  const path = copyAfterCrash(await filledDatabase(source), folder, "UPDATE users SET role = 'admin'");
  const store = sqlStore(openSqlite(path, NOW));
  t.after(() => store.close());
  assert.equal(await store.hasAdministrator((await store.findTenant('default'))?.id ?? 0), true);
});

test('of a log that was cut short the commits before the cut are there, and nothing of a later one', async (t) => {
  const [folder, source] = [temporaryFolder(t), temporaryFolder(t)];
  const commits = Array.from(
    { length: 50 },
    (_, n) => `UPDATE users SET role = 'admin' WHERE username = 'user ${n}'`,
  );
  const path = copyAfterCrash(await filledDatabase(source), folder, commits.join(';'));
  edit(`${path}-wal`, (bytes) => bytes.subarray(0, bytes.length / 2));
  const database = openSqlite(path, NOW);
  t.after(() => database.close());
  const rows = await database.read(statement("SELECT username FROM users WHERE role = 'admin' ORDER BY id"));
  const done = rows.map((row) => row['username']);
  assert.ok(done.length > 0 && done.length < 50);
  assert.deepEqual(
    done,
    done.map((_, n) => `user ${n}`),
  );
});

test('a database with flipped bits is either refused and left as it is, or sound in its structure', async (t) => {
  const folder = temporaryFolder(t);
  const path = await filledDatabase(folder);
  const whole = readFileSync(path);
  const outcomes = { refused: 0, opened: 0 };
  let seed = 20_261_121;
  for (let round = 0; round < 60; round += 1) {
    const bytes = Buffer.from(whole);
    for (let flips = 0; flips < 4; flips += 1) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      const at = seed % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (seed >>> 29));
    }
    writeFileSync(path, bytes);
    outcomes[await tryOpening(path)] += 1;
    if (existsSync(`${path}-wal`)) assert.fail('a log is left behind');
  }
  t.diagnostic(`${outcomes.refused} refused, ${outcomes.opened} opened`);
  assert.ok(outcomes.refused > 0);
});

async function tryOpening(path: string): Promise<'refused' | 'opened'> {
  const before = readFileSync(path);
  try {
    const store = sqlStore(openSqlite(path, NOW));
    await store.findTenant('default').finally(() => store.close());
    return 'opened';
  } catch (fault) {
    if (fault instanceof TypeError) return 'opened';
    assert.ok(fault instanceof DatabaseRefused, String(fault));
    assert.ok(readFileSync(path).equals(before), 'the file is left as it is');
    return 'refused';
  }
}

/** Refused to anybody but root, so that root has to ask as somebody else. */
async function openWithoutRights(t: TestContext, folder: string, path: string) {
  const isRoot = process.getuid?.() === 0;
  for (const one of isRoot ? [folder, path] : []) chownSync(one, 65_534, 65_534);
  const openAtOnce = await startOpeners(t, 1, isRoot);
  return async () => (await openAtOnce({ kind: 'database', path }))[0];
}

const RIGHTS = {
  skip: process.platform === 'win32' ? 'Windows keeps no read-only folders' : false,
};

test('a file or folder that cannot be written is refused and left as it is', RIGHTS, async (t) => {
  const folder = temporaryFolder(t);
  const path = await filledDatabase(folder);
  const open = await openWithoutRights(t, folder, path);
  const before = contentsOf(folder);
  for (const [one, readOnly, writable] of [
    [path, 0o400, 0o600],
    [folder, 0o500, 0o700],
  ] as const) {
    chmodSync(one, readOnly);
    const opened = await open();
    chmodSync(one, writable);
    assert.match(JSON.stringify(opened), /refused.*cannot be written/);
    assert.deepEqual(contentsOf(folder), before);
  }
  assert.match(JSON.stringify(await open()), /result/, 'with the rights it opens');
});

test('several processes that make one new database at once all find the same', async (t) => {
  const openAtOnce = await startOpeners(t, 4);
  for (let round = 0; round < 10; round += 1) {
    const path = join(temporaryFolder(t), 'signet.db');
    const opened = await openAtOnce({ kind: 'database', path });
    const [first] = opened;
    assert.ok(first !== undefined && 'result' in first, JSON.stringify(first));
    for (const other of opened) assert.deepEqual(other, first);
  }
});
