import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { DatabaseRefused } from '../../src/store/database.ts';
import { MIGRATIONS } from '../../src/store/migrations/migrations.ts';
import { sqlStore } from '../../src/store/sql/store.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { backupSqlite } from '../../src/store/sqlite-backup.ts';
import { type Restoration, restoreSqlite } from '../../src/store/sqlite-restore.ts';
import { household, NOW, newUser, offlineGrant } from './samples.ts';
import { contentsOf, copyAfterCrash, temporaryFolder } from './temporary.ts';

const LATER = NOW + 60_000;

/** A database with a backup of it in another folder, and with somebody who came after that. */
async function backedUp(t: TestContext) {
  const [folder, elsewhere] = [temporaryFolder(t), temporaryFolder(t)];
  const [path, from] = [join(folder, 'signet.db'), join(elsewhere, 'backup.db')];
  const store = sqlStore(openSqlite(path, NOW));
  const home = await household(store);
  const grant = await offlineGrant(store, home);
  await backupSqlite(path, from, `${from}.draft`);
  await store.createUser(home.tenant, newUser('late'), NOW);
  await store.close();
  const restore = (over: Partial<Restoration> = {}): void =>
    restoreSqlite({
      from,
      path,
      draft: `${path}.draft`,
      replace: true,
      aside: `${path}.aside`,
      cut: 'all',
      now: LATER,
      epoch: LATER,
      requireOwner: () => undefined,
      ...over,
    });
  const open = () => {
    const opened = sqlStore(openSqlite(path, LATER));
    t.after(() => opened.close());
    return opened;
  };
  return { folder, elsewhere, path, from, ...home, grant, restore, open };
}

type BackedUp = Awaited<ReturnType<typeof backedUp>>;

test('a backup takes the place of the database, which is kept under another name', async (t) => {
  const { folder, path, tenant, restore, open } = await backedUp(t);
  restore();
  assert.deepEqual(readdirSync(folder).toSorted(), ['signet.db', 'signet.db.aside']);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const store = open();
  assert.equal((await store.findUserByName(tenant, 'alice'))?.username, 'alice');
  assert.equal(await store.findUserByName(tenant, 'late'), undefined);
  const kept = sqlStore(openSqlite(`${path}.aside`, NOW));
  t.after(() => kept.close());
  assert.equal((await kept.findUserByName(tenant, 'late'))?.username, 'late');
});

test('sessions and grants of before are gone, the epoch is raised, and their numbers are not given again', async (t) => {
  const { tenant, session, grant, client, user, restore, open } = await backedUp(t);
  restore();
  const store = open();
  assert.equal(await store.readEpoch(), LATER);
  assert.equal(await store.findSession(tenant, session), undefined);
  assert.equal(await store.findGrant(tenant, grant), undefined);
  assert.equal((await store.findClientByRow(tenant, client))?.row, client);
  assert.equal((await store.findUser(tenant, user))?.id, user);
  const next = await household(store);
  assert.ok((await next.grant()) > grant + 1_000_000);
});

test('when sessions are kept they live on, and the epoch stays', async (t) => {
  const { tenant, session, grant, restore, open } = await backedUp(t);
  restore({ cut: 'none' });
  const store = open();
  assert.equal(await store.readEpoch(), 0);
  assert.equal((await store.findSession(tenant, session))?.ended_at, null);
  assert.equal((await store.findGrant(tenant, grant))?.revoked_at, null);
  assert.ok((await (await household(store)).grant()) > grant + 1_000_000);
});

test('a backup with no grant or session ever leaves out numbers too', async (t) => {
  const { elsewhere, restore, open } = await backedUp(t);
  const young = join(elsewhere, 'young.db');
  const store = sqlStore(openSqlite(young, NOW));
  await store.saveTenant(
    { name: 'default', issuer: 'https://default.example', secret_sealed: Buffer.alloc(9) },
    NOW,
  );
  await store.close();
  restore({ from: young });
  assert.ok((await (await household(open())).grant()) > 1_000_000);
});

test('a backup comes to an empty place, and to a folder that is not there', async (t) => {
  const { elsewhere, tenant, restore } = await backedUp(t);
  const path = join(elsewhere, 'new', 'place', 'signet.db');
  restore({ path, draft: `${path}.draft`, replace: false });
  const store = sqlStore(openSqlite(path, LATER));
  t.after(() => store.close());
  assert.equal((await store.findUserByName(tenant, 'alice'))?.username, 'alice');
});

test('an older backup is brought up to date, and no snapshot is left of it', async (t) => {
  const { folder, elsewhere, restore, open } = await backedUp(t);
  const old = join(elsewhere, 'old.db');
  await openSqlite(old, NOW, { migrations: MIGRATIONS.slice(0, 1) }).close();
  restore({ from: old });
  assert.deepEqual(readdirSync(folder).toSorted(), ['signet.db', 'signet.db.aside']);
  assert.equal(await open().readEpoch(), LATER);
});

test('the log of a database that is gone does not get into the one that is restored', async (t) => {
  const { folder, path, tenant, restore, open } = await backedUp(t);
  const crashed = copyAfterCrash(path, temporaryFolder(t), "UPDATE users SET role = 'admin'");
  rmSync(path);
  copyFileSync(`${crashed}-wal`, `${path}-wal`);
  restore({ replace: false });
  assert.ok(existsSync(`${path}.aside-wal`));
  const store = open();
  assert.equal((await store.findUserByName(tenant, 'alice'))?.role, 'user');
  assert.ok(!readdirSync(folder).includes('signet.db.aside'));
});

test('what a killed server had still in its log is kept with the old database', async (t) => {
  const { folder, path, tenant, restore } = await backedUp(t);
  const crashed = copyAfterCrash(path, folder, "UPDATE users SET role = 'admin'");
  restore({ path: crashed, draft: `${crashed}.draft`, aside: `${crashed}.aside` });
  const kept = sqlStore(openSqlite(`${crashed}.aside`, NOW));
  t.after(() => kept.close());
  assert.equal((await kept.findUserByName(tenant, 'late'))?.role, 'admin');
});

test('a damaged database is replaced, and kept with its log as it was', async (t) => {
  const { folder, path, tenant, restore, open } = await backedUp(t);
  const bytes = readFileSync(path).fill(0, 0, 4096);
  writeFileSync(path, bytes);
  writeFileSync(`${path}-wal`, 'a log');
  restore();
  assert.deepEqual(readdirSync(folder).toSorted(), ['signet.db', 'signet.db.aside', 'signet.db.aside-wal']);
  assert.ok(readFileSync(`${path}.aside`).equals(bytes));
  assert.equal((await open().findUserByName(tenant, 'alice'))?.username, 'alice');
});

const newer = (from: string): void => {
  const connection = new DatabaseSync(from);
  connection.exec('PRAGMA user_version = 999; UPDATE signet_database SET oldest_program = 999');
  connection.close();
};

/** What makes a backup useless, and the sentence about it. */
const USELESS: Readonly<Record<string, readonly [spoil: (one: BackedUp) => void, sentence: RegExp]>> = {
  'is cut in half': [
    ({ from }) => writeFileSync(from, readFileSync(from).subarray(0, statSync(from).size / 2)),
    /The backup .*backup\.db is damaged .*Take another one/,
  ],
  'has pages of zeros': [
    ({ from }) => writeFileSync(from, readFileSync(from).fill(0, 4096 * 3, 4096 * 6)),
    /The backup .*backup\.db is damaged .*Take another one/,
  ],
  'is a text': [
    ({ from }) => writeFileSync(from, 'Dear diary,\n'.repeat(500)),
    /backup\.db is not an SQLite database/,
  ],
  'is empty': [({ from }) => writeFileSync(from, ''), /backup\.db is empty/],
  'is not there': [({ from }) => rmSync(from), /There is no file .*backup\.db/],
  'is of another program': [
    ({ from }) => {
      rmSync(from);
      new DatabaseSync(from).exec('CREATE TABLE songs (name TEXT)');
    },
    /backup\.db is a database of another program/,
  ],
  'is of a newer Signet': [({ from }) => newer(from), /The backup was written by a newer Signet/],
  'has a log beside it': [
    ({ from }) => writeFileSync(`${from}-wal`, 'a log'),
    /Beside .*backup\.db lies .*-wal/,
  ],
};

for (const [how, [spoil, sentence]] of Object.entries(USELESS)) {
  test(`a backup that ${how} is refused, and the database is left as it is`, async (t) => {
    const one = await backedUp(t);
    spoil(one);
    const before = [contentsOf(one.folder), contentsOf(one.elsewhere)];
    assert.throws(
      () => one.restore(),
      (fault) => fault instanceof DatabaseRefused && sentence.test(fault.message),
    );
    assert.deepEqual([contentsOf(one.folder), contentsOf(one.elsewhere)], before);
  });
}

test('a backup of another master secret is refused, and the database is left as it is', async (t) => {
  const { folder, restore } = await backedUp(t);
  const before = contentsOf(folder);
  const seen: string[] = [];
  const requireOwner: Restoration['requireOwner'] = (tenants) => {
    seen.push(...tenants.map(({ name }) => name));
    throw new Error('another master secret');
  };
  assert.throws(() => restore({ requireOwner }), /another master secret/);
  assert.deepEqual(seen, ['default']);
  assert.deepEqual(contentsOf(folder), before);
});

test('a database that is there is not replaced unless that is said', async (t) => {
  const { folder, restore } = await backedUp(t);
  const before = contentsOf(folder);
  assert.throws(() => restore({ replace: false }), /There is a database .* already\. With --replace/);
  assert.deepEqual(contentsOf(folder), before);
});

test('a database that somebody has open is not replaced, and goes on', async (t) => {
  const { path, tenant, restore, open } = await backedUp(t);
  const store = open();
  // Also one that has only just been opened and has done nothing.
  await store.readEpoch();
  assert.throws(() => restore(), /is open in another process\. Stop the servers/);
  assert.ok(!existsSync(`${path}.aside`) && !existsSync(`${path}.draft`));
  await store.createUser(tenant, newUser('even later'), NOW);
  assert.equal((await store.findUserByName(tenant, 'even later'))?.username, 'even later');
  await store.close();
  restore();
  assert.equal(await open().findUserByName(tenant, 'even later'), undefined);
});
