import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { migratePostgres } from '../../src/store/migrations/migrate-postgres.ts';
import { MIGRATIONS } from '../../src/store/migrations/migrations.ts';
import { withPostgres } from '../../src/store/postgres-connection.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { type Cluster, startPostgres, withoutPostgres } from '../support/postgres.ts';
import { signet } from './here.ts';
import { usedDatabase } from './lifecycle.ts';
import { configured, freePort, hashOf, serving } from './program.ts';

const LATEST = MIGRATIONS.length;
const FIRST = MIGRATIONS.slice(0, 1);
const UP_TO_DATE = `The tables are up to date (version ${LATEST}).\n`;
/** What `--check` lists for a database of the first shape. */
const WAITING = MIGRATIONS.slice(1)
  .map(({ name }, index) => `${index + 2}  ${name}\n`)
  .join('');

test('signet migrate finds nothing to do on a database that is up to date', async (t) => {
  const { cwd, path } = await usedDatabase(t);
  const earlier = hashOf(path);
  for (const args of [['migrate'], ['migrate', '--check']]) {
    assert.deepEqual(await signet(args, { cwd }), { code: 0, stdout: UP_TO_DATE, stderr: '' });
  }
  assert.equal(hashOf(path), earlier);
});

test('signet migrate --check lists what is waiting and changes nothing, signet migrate does it after a snapshot', async (t) => {
  const { cwd } = await configured(t);
  const path = join(cwd, 'data/signet.db');
  await openSqlite(path, 0, { migrations: FIRST }).close();
  const earlier = hashOf(path);
  const checked = await signet(['migrate', '--check'], { cwd });
  assert.deepEqual([checked.code, checked.stdout], [6, WAITING]);
  assert.match(
    checked.stderr,
    /have version 1, and \d+ migrations? (is|are) waiting\. "signet migrate" does the work/,
  );
  assert.equal(hashOf(path), earlier);
  assert.deepEqual(readdirSync(join(cwd, 'data')), ['signet.db']);
  const done = await signet(['migrate'], { cwd });
  assert.deepEqual([done.code, done.stdout], [0, UP_TO_DATE]);
  assert.match(
    done.stderr,
    /Migration 2 of \d+: .*\n[\s\S]*is kept as .*signet\.db\.before-version-2\.\d+\n/,
  );
  assert.ok(readdirSync(join(cwd, 'data')).some((name) => name.startsWith('signet.db.before-version-2.')));
  assert.equal((await signet(['migrate', '--check'], { cwd })).code, 0);
});

test('signet migrate refuses a newer database, a missing one and one in memory', async (t) => {
  const { cwd, path } = await usedDatabase(t);
  const connection = new DatabaseSync(path);
  connection.exec('PRAGMA user_version = 999; UPDATE signet_database SET oldest_program = 999');
  connection.close();
  for (const args of [['migrate'], ['migrate', '--check']]) {
    const { code, stderr } = await signet(args, { cwd });
    assert.equal(code, 1);
    assert.match(stderr, /written by a newer Signet \(tables version 999/);
  }
  const none = await configured(t);
  assert.match((await signet(['migrate'], { cwd: none.cwd })).stderr, /There is no database at .* yet/);
  const { cwd: memory } = await configured(t, { database: 'sqlite::memory:' });
  assert.match((await signet(['migrate'], { cwd: memory })).stderr, /The database is in memory/);
});

describe('signet migrate on PostgreSQL', { skip: withoutPostgres }, () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startPostgres();
  });
  after(() => cluster.stop());

  test('a start refuses an older database, and goes well after signet migrate', async (t) => {
    cluster.create('older');
    const database = cluster.url('older');
    await migratePostgres(database, FIRST);
    const master_secret = 'a-master-secret-of-more-than-32-bytes';
    const { cwd, issuer } = await configured(t, { database, master_secret });
    const refused = await signet(['serve'], { cwd });
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^The tables of the database are older.*"signet migrate" once.*\n$/);
    const checked = await signet(['migrate', '--check'], { cwd });
    assert.deepEqual([checked.code, checked.stdout], [6, WAITING]);
    const [one, other] = await Promise.all([signet(['migrate'], { cwd }), signet(['migrate'], { cwd })]);
    assert.deepEqual([one.code, one.stdout, other.code, other.stdout], [0, UP_TO_DATE, 0, UP_TO_DATE]);
    const told = `${one.stderr}${other.stderr}`.match(/^Migration \d+ of \d+: /gm) ?? [];
    assert.equal(told.length, LATEST - 1, 'the work is done once');
    assert.equal((await signet(['migrate', '--check'], { cwd })).code, 0);
    await serving(t, issuer, ['serve'], { cwd });
  });

  test('an empty database can be given its tables beforehand', async (t) => {
    cluster.create('empty');
    const { cwd } = await configured(t, { database: cluster.url('empty') });
    assert.equal((await signet(['migrate', '--check'], { cwd })).code, 6);
    assert.equal((await signet(['migrate'], { cwd })).code, 0);
  });

  test('after a restore with the tools of PostgreSQL signet restore --in-place voids what was issued', async (t) => {
    cluster.create('restored');
    const database = cluster.url('restored');
    const { cwd } = await configured(t, { database, master_secret: 'a-master-secret-of-more-than-32-bytes' });
    await signet(['client', 'create', '--type', 'service', '--id', 'job'], { cwd });
    const { code, stdout, stderr } = await signet(['restore', '--in-place'], { cwd });
    assert.deepEqual([code, stdout], [0, 'The database is ready.\n'], stderr);
    assert.match(stderr, /Every session, code and token from before is void/);
    const epochs = await withPostgres(database, 'test', (client) =>
      client.query<{ epoch: number }>('SELECT epoch FROM signet_database'),
    );
    assert.ok((epochs.rows[0]?.epoch ?? 0) > 1_700_000_000_000);
  });

  test('a server that does not answer is told, without the password', async (t) => {
    const database = `postgres://signet:hush@127.0.0.1:${await freePort()}/signet`;
    const { cwd } = await configured(t, { database });
    for (const args of [['migrate'], ['migrate', '--check'], ['restore', '--in-place']]) {
      const { code, stderr } = await signet(args, { cwd });
      assert.equal(code, 1, stderr);
      assert.match(stderr, /^The database cannot be used: .*ECONNREFUSED.*\n$/);
      assert.doesNotMatch(stderr, /hush/);
    }
  });
});
