import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { masterSecret, masterSecretFile } from '../../src/master-secret.ts';
import { systemRandom } from '../../src/model/secret.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { startOpeners } from './openers.ts';
import { NOW } from './samples.ts';
import { temporaryFolder } from './temporary.ts';

const secretOf = (path: string) => masterSecret({ database: `sqlite:${path}` }, systemRandom);

test('the master secret is made at the first start, for this user alone, and found at the next', (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const path = join(folder, 'signet.db');
  const umask = process.umask(0);
  const made = secretOf(path);
  process.umask(umask);
  assert.equal(made.origin, 'made');
  assert.ok(made.secret.length >= 32);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  const file = masterSecretFile(`sqlite:${path}`) ?? '';
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder), ['master.secret'], 'no draft is left behind');
  assert.deepEqual(secretOf(path), { secret: made.secret, origin: 'found' });
});

test('several processes that start at once share one master secret', async (t) => {
  const openAtOnce = await startOpeners(t, 4);
  for (let round = 0; round < 10; round += 1) {
    const folder = temporaryFolder(t);
    const opened = await openAtOnce({ kind: 'master secret', path: join(folder, 'signet.db') });
    const [first] = opened;
    assert.ok(first !== undefined && 'result' in first, JSON.stringify(first));
    for (const other of opened) assert.deepEqual(other, first);
    assert.deepEqual(readdirSync(folder), ['master.secret']);
  }
});

test('a database whose master secret is missing gets no new one', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'signet.db');
  secretOf(path);
  await openSqlite(path, NOW).close();
  rmSync(join(folder, 'master.secret'));
  assert.throws(() => secretOf(path), /master\.secret is missing.*Put it back, or set master_secret/);
  assert.equal(existsSync(join(folder, 'master.secret')), false);
});

test('a file that is too short to be a master secret is refused', (t) => {
  const folder = temporaryFolder(t);
  for (const text of ['', '\n', 'short']) {
    writeFileSync(join(folder, 'master.secret'), text);
    assert.throws(() => secretOf(join(folder, 'signet.db')), /too short/);
  }
});

test('a configured master secret is taken as it is and nothing is written', (t) => {
  const folder = temporaryFolder(t);
  const config = { database: `sqlite:${join(folder, 'signet.db')}`, master_secret: 'x'.repeat(32) };
  assert.deepEqual(masterSecret(config, systemRandom), {
    secret: Buffer.from(config.master_secret),
    origin: 'configured',
  });
  assert.deepEqual(readdirSync(folder), []);
});

test('a database in memory has a secret of its own each time, one on a server needs a configured one', () => {
  const first = masterSecret({ database: 'sqlite::memory:' }, systemRandom);
  const second = masterSecret({ database: 'sqlite::memory:' }, systemRandom);
  assert.notDeepEqual(first.secret, second.secret);
  const onServer = { database: 'postgres://user:password@db/signet' };
  assert.throws(() => masterSecret(onServer, systemRandom), /set master_secret/);
});
