import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { progress } from '../../src/cli/progress.ts';
import { type Cluster, startPostgres, withoutPostgres } from '../support/postgres.ts';
import { signet } from './here.ts';
import { clientsIn, usedDatabase } from './lifecycle.ts';
import { configured, hashOf, serving } from './program.ts';

test('what cannot be moved is refused before anything is touched', async (t) => {
  const { cwd, path } = await usedDatabase(t);
  const earlier = hashOf(path);
  const tries: readonly (readonly [string[], number, RegExp])[] = [
    [['move'], 2, /cannot be moved to itself/],
    [['move', '--to', 'sqlite:data/signet.db'], 2, /cannot be moved to itself/],
    [['move', '--to', 'postgres://signet:hush@127.0.0.1/signet'], 2, /leave the password out of the address/],
    [['move', '--to', 'postgres://signet@127.0.0.1/signet?password=hush'], 2, /leave the password out/],
    [['move', '--to', 'sqlite::memory:'], 2, /in memory .* cannot be moved/],
    [['move', '--to', 'mysql://127.0.0.1/signet'], 2, /is no address of a database/],
    [['move', '--from', 'sqlite:none.db', '--to', 'sqlite:new.db'], 1, /There is no database .*none\.db/],
    [['move', '--to', `sqlite:signet.yaml`], 1, /There is a file .*signet\.yaml already/],
    [
      ['move', '--to', 'postgres://signet@127.0.0.1:1/signet'],
      1,
      /^The database cannot be used: .*ECONNREFUSED/,
    ],
  ];
  for (const [args, expected, sentence] of tries) {
    const { code, stdout, stderr } = await signet(args, { cwd });
    assert.equal(code, expected, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, sentence);
    assert.doesNotMatch(stderr, /hush/);
  }
  assert.equal(hashOf(path), earlier);
  assert.ok(!existsSync(join(cwd, 'new.db')));
});

describe('signet move', { skip: withoutPostgres }, () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startPostgres();
  });
  after(() => cluster.stop());

  test('moves from SQLite to PostgreSQL and back, with progress in plain lines', async (t) => {
    cluster.create('moved');
    const database = cluster.url('moved');
    const { cwd } = await usedDatabase(t);
    const there = await signet(['move', '--to', database], { cwd });
    assert.equal(there.code, 0, there.stderr);
    assert.match(
      there.stdout,
      /^\d+ rows were moved to postgres:.* in .* s; counts and checksums of all tables agree\.\n$/,
    );
    assert.match(there.stderr, /^ *0 % {2}0 of \d+ rows {2}\w+\n[\s\S]*100 % {2}(\d+) of \1 rows/);
    assert.ok(!there.stderr.includes('\r') && !there.stderr.includes('\u001b'));
    assert.match(there.stderr, /set "database" to the new one, with the same master secret/);
    const master_secret = readFileSync(join(cwd, 'data/master.secret'), 'utf8').trim();
    const moved = await configured(t, { database, master_secret });
    assert.equal(await clientsIn(moved.cwd), 'job\n');
    const again = await signet(['move', '--to', database], { cwd });
    assert.equal(again.code, 1);
    assert.match(again.stderr, /holds something already/);
    const back = await signet(['move', '--to', 'sqlite:back.db'], { cwd: moved.cwd });
    assert.equal(back.code, 0, back.stderr);
    const home = await configured(t, { database: `sqlite:${join(moved.cwd, 'back.db')}`, master_secret });
    assert.equal(await clientsIn(home.cwd), 'job\n');
  });

  test('a source whose server runs is refused on both databases', async (t) => {
    cluster.create('busy');
    const database = cluster.url('busy');
    const file = await usedDatabase(t);
    await serving(t, file.issuer, ['serve'], { cwd: file.cwd });
    const ofFile = await signet(['move', '--to', database], { cwd: file.cwd });
    assert.equal(ofFile.code, 1);
    assert.match(ofFile.stderr, /is open in another process\. Stop the servers/);
    const { cwd, issuer } = await configured(t, {
      database,
      master_secret: 'a-master-secret-of-more-than-32-bytes',
    });
    await serving(t, issuer, ['serve'], { cwd });
    const ofServer = await signet(['move', '--to', 'sqlite:to.db'], { cwd });
    assert.equal(ofServer.code, 1);
    assert.match(ofServer.stderr, /A Signet server is connected/);
    assert.ok(!existsSync(join(cwd, 'to.db')));
  });
});

test('progress is one changing line on a terminal, and a line for each tenth elsewhere', () => {
  const write = (isTTY: boolean): string => {
    let text = '';
    const shown = progress('rows', {
      isTTY,
      write: (piece: string) => {
        text += piece;
        return true;
      },
    });
    for (let done = 0; done <= 200; done += 1) shown.show(done, 200, 'users');
    shown.end();
    return text;
  };
  assert.equal(write(false).split('\n').length, 12);
  assert.match(write(false), /^ {2}0 % {2}0 of 200 rows {2}users\n/);
  assert.equal(write(true).match(/\r/g)?.length, 101);
  assert.match(write(true), /100 % {2}200 of 200 rows {2}users\n$/);
});
