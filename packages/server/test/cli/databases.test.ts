import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { signet } from './here.ts';
import { configured, freePort, hashOf } from './program.ts';

/** A folder whose database Signet has made. */
async function used(t: TestContext): Promise<{ cwd: string; database: string }> {
  const { cwd } = await configured(t);
  const made = await signet(['client', 'create', '--type', 'service', '--id', 'job'], { cwd });
  assert.equal(made.code, 0, made.stderr);
  return { cwd, database: join(cwd, 'data/signet.db') };
}

/** Both a server and a command must refuse, with one sentence, and leave every byte. */
async function refusesUntouched(cwd: string, database: string, sentence: RegExp): Promise<void> {
  const before = hashOf(database);
  for (const args of [['serve'], ['client', 'list']]) {
    const { code, stdout, stderr } = await signet(args, { cwd });
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, sentence);
    assert.doesNotMatch(stderr, /\n {4}at /);
  }
  assert.equal(hashOf(database), before);
}

test('a database of a newer Signet is refused and left as it is', async (t) => {
  const { cwd, database } = await used(t);
  const connection = new DatabaseSync(database);
  connection.exec('PRAGMA user_version = 999; UPDATE signet_database SET oldest_program = 999');
  connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  connection.close();
  await refusesUntouched(cwd, database, /written by a newer Signet .*left as it is/);
});

test('a damaged database is refused and left as it is', async (t) => {
  const { cwd, database } = await used(t);
  const bytes = readFileSync(database);
  bytes.fill(0xa5, 4096, 4096 * 6);
  writeFileSync(database, bytes);
  await refusesUntouched(cwd, database, /The database .* (is damaged|cannot be used)[\s\S]*left as it is/);
});

test('a file that is no database is refused and left as it is, and not taken for one without its secret', async (t) => {
  const { cwd } = await configured(t);
  mkdirSync(join(cwd, 'data'));
  const database = join(cwd, 'data/signet.db');
  writeFileSync(database, 'a letter to a friend\n'.repeat(500));
  await refusesUntouched(cwd, database, /is not an SQLite database\. It was left as it is/);
  assert.ok(!existsSync(join(cwd, 'data/master.secret')));
});

test('a database of another program is refused and left as it is', async (t) => {
  const { cwd } = await configured(t);
  mkdirSync(join(cwd, 'data'));
  const database = join(cwd, 'data/signet.db');
  const connection = new DatabaseSync(database);
  connection.exec('CREATE TABLE songs (name TEXT)');
  connection.close();
  await refusesUntouched(cwd, database, /is a database of another program/);
});

test('a database without its master secret is refused, and no other secret is made', async (t) => {
  const { cwd, database } = await used(t);
  renameSync(join(cwd, 'data/master.secret'), join(cwd, 'kept.secret'));
  await refusesUntouched(cwd, database, /The master secret .*master\.secret is missing/);
  assert.ok(!existsSync(join(cwd, 'data/master.secret')));
  renameSync(join(cwd, 'kept.secret'), join(cwd, 'data/master.secret'));
  assert.equal((await signet(['client', 'list', '--quiet'], { cwd })).stdout, 'job\n');
});

test('a folder that cannot be written to ends with one sentence', async (t) => {
  const { cwd } = await configured(t);
  // A file stands where the folder should be made.
  writeFileSync(join(cwd, 'data'), '');
  const { code, stderr } = await signet(['serve'], { cwd });
  assert.equal(code, 1);
  assert.match(stderr, /^[^\n]*data[^\n]*\n$/);
});

test('a command that only looks makes no database', async (t) => {
  const { cwd } = await configured(t);
  for (const args of [
    ['client', 'list'],
    ['user', 'disable', 'alice'],
    ['key', 'rotate'],
    ['explain', 'ABCD1234'],
  ]) {
    const { code, stderr } = await signet(args, { cwd });
    assert.equal(code, 1);
    assert.match(stderr, /^There is no database at .*signet\.db yet\./);
  }
  assert.ok(!existsSync(join(cwd, 'data')));
});

test('a database in memory is known to the running server alone', async (t) => {
  const { cwd } = await configured(t, { database: 'sqlite::memory:' });
  const { code, stderr } = await signet(['client', 'create', '--type', 'service'], { cwd });
  assert.equal(code, 1);
  assert.match(stderr, /^The database is in memory/);
});

test('a database server that does not answer ends with one sentence, without its password', async (t) => {
  const { cwd } = await configured(t, { master_secret: 'a-master-secret-of-more-than-32-bytes' });
  const env = { DATABASE_URL: `postgres://signet:hush@127.0.0.1:${await freePort()}/signet` };
  for (const args of [['serve'], ['client', 'list']]) {
    const { code, stderr } = await signet(args, { cwd, env });
    assert.equal(code, 1);
    assert.match(stderr, /^[^\n]+\n$/);
    assert.doesNotMatch(stderr, /hush|\n {4}at /);
  }
});
