import assert from 'node:assert/strict';
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { clientsIn, usedDatabase } from './lifecycle.ts';
import { configured, hashOf, serving, signet } from './program.ts';

test('signet backup copies a database while the server runs, says how large it is and where the master secret lies', async (t) => {
  const { cwd, issuer } = await usedDatabase(t);
  await serving(t, issuer, ['serve'], { cwd });
  const { code, stdout, stderr } = await signet(['backup', 'copy.db'], { cwd });
  assert.equal(code, 0, stderr);
  const file = join(cwd, 'copy.db');
  assert.match(stdout, new RegExp(`bytes +${statSync(file).size}\n`));
  assert.match(stdout, /seconds +\d/);
  assert.ok(stderr.includes(`The master secret is not in it (${join(cwd, 'data/master.secret')})`), stderr);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(
    readdirSync(cwd).filter((name) => name.startsWith('copy')),
    ['copy.db'],
  );
});

test('signet backup tells programs the same as JSON, and replaces no file', async (t) => {
  const { cwd } = await usedDatabase(t);
  const { stdout } = await signet(['backup', 'copy.db', '--output', 'json'], { cwd });
  const told = JSON.parse(stdout) as Record<string, unknown>;
  assert.deepEqual(Object.keys(told), ['file', 'taken_at', 'bytes', 'seconds']);
  const before = hashOf(join(cwd, 'copy.db'));
  const again = await signet(['backup', 'copy.db'], { cwd });
  assert.equal(again.code, 4);
  assert.match(again.stderr, /There is a file .*copy\.db already/);
  assert.equal(hashOf(join(cwd, 'copy.db')), before);
  const nowhere = await signet(['backup', 'nowhere/copy.db'], { cwd });
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /no such file or directory/);
});

test('signet restore brings back what was there, keeps the other database, and voids what was issued', async (t) => {
  const { cwd, path } = await usedDatabase(t);
  await signet(['backup', 'copy.db'], { cwd });
  await signet(['client', 'create', '--type', 'service', '--id', 'later'], { cwd });
  const unasked = await signet(['restore', 'copy.db'], { cwd });
  assert.equal(unasked.code, 4);
  assert.match(unasked.stderr, /There is a database .* already: say --replace/);
  assert.equal(await clientsIn(cwd), 'job\nlater\n');
  const { code, stdout, stderr } = await signet(['restore', 'copy.db', '--replace'], { cwd });
  assert.equal(code, 0, stderr);
  assert.equal(stdout, `The database ${path} is restored.\n`);
  assert.match(stderr, /The one that was there is kept as .*signet\.db\.replaced\.\d+\n/);
  assert.match(stderr, /Every session, code and token from before is void/);
  assert.equal(await clientsIn(cwd), 'job\n');
  const kept = await signet(['restore', 'copy.db', '--replace', '--keep-sessions'], { cwd });
  assert.match(kept.stderr, /Sessions and tokens live on/);
});

test('signet restore refuses while a server runs, which goes on', async (t) => {
  const { cwd, issuer, path } = await usedDatabase(t);
  await signet(['backup', 'copy.db'], { cwd });
  const server = await serving(t, issuer, ['serve'], { cwd });
  const { code, stderr } = await signet(['restore', 'copy.db', '--replace'], { cwd });
  assert.equal(code, 1);
  assert.match(stderr, /is open in another process\. Stop the servers/);
  assert.equal((await fetch(server.url('/jwks'))).status, 200);
  assert.deepEqual(
    readdirSync(join(path, '..')).filter((name) => !/^(signet\.db(-wal|-shm)?|master\.secret)$/.test(name)),
    [],
  );
});

test('signet restore --in-place voids what a running server gave out', async (t) => {
  const { cwd, issuer } = await usedDatabase(t, {
    clients: [
      {
        client_id: 'api',
        client_secret: 'a-secret-of-an-api-that-asks',
        grant_types: ['client_credentials'],
        scope: '',
      },
    ],
  });
  const server = await serving(t, issuer, ['serve'], { cwd });
  const authorization = `Basic ${btoa('api:a-secret-of-an-api-that-asks')}`;
  const ask = async (path: string, form: Record<string, string>): Promise<Record<string, unknown>> => {
    const body = new URLSearchParams(form);
    return (
      await fetch(server.url(path), { method: 'POST', headers: { authorization }, body })
    ).json() as never;
  };
  const { access_token } = await ask('/token', { grant_type: 'client_credentials' });
  assert.equal((await ask('/introspect', { token: String(access_token) }))['active'], true);
  const { code, stderr } = await signet(['restore', '--in-place'], { cwd });
  assert.equal(code, 0, stderr);
  assert.equal((await ask('/introspect', { token: String(access_token) }))['active'], false);
  const { access_token: fresh } = await ask('/token', { grant_type: 'client_credentials' });
  assert.equal(
    (await ask('/introspect', { token: String(fresh) }))['active'],
    true,
    'at once, in the very next second',
  );
});

test('a backup of another master secret, or without any, is refused', async (t) => {
  const [one, other] = [await usedDatabase(t), await usedDatabase(t)];
  await signet(['backup', 'copy.db'], { cwd: one.cwd });
  const before = hashOf(other.path);
  const copy = join(one.cwd, 'copy.db');
  const wrong = await signet(['restore', copy, '--replace'], { cwd: other.cwd });
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /^The master secret is not the one this database was made with/);
  assert.equal(hashOf(other.path), before);
  renameSync(join(other.cwd, 'data/master.secret'), join(other.cwd, 'kept.secret'));
  const missing = await signet(['restore', copy, '--replace'], { cwd: other.cwd });
  assert.equal(missing.code, 1);
  assert.match(
    missing.stderr,
    /^The master secret that belongs to the backup is missing: put it into .*master\.secret/,
  );
  assert.deepEqual(readdirSync(join(other.cwd, 'data')), ['signet.db']);
});

test('a restore to a new machine needs the backup and the master secret, and nothing else', async (t) => {
  const one = await usedDatabase(t);
  await signet(['backup', 'copy.db'], { cwd: one.cwd });
  const { cwd } = await configured(t, {
    master_secret: readFileSync(join(one.cwd, 'data/master.secret'), 'utf8').trim(),
  });
  const { code, stderr } = await signet(['restore', join(one.cwd, 'copy.db')], { cwd });
  assert.equal(code, 0, stderr);
  assert.equal(await clientsIn(cwd), 'job\n');
});

test('what is no use is told by exit codes: no file, not a backup, no database, nothing said', async (t) => {
  const { cwd } = await configured(t);
  writeFileSync(join(cwd, 'letter.txt'), 'Dear diary,\n'.repeat(50));
  const tries: readonly (readonly [string[], number, RegExp])[] = [
    [['backup', 'copy.db'], 1, /There is no database at .* yet/],
    [['restore', 'none.db'], 3, /There is no file .*none\.db/],
    [['restore'], 2, /Name the backup, or say --in-place/],
    [['restore', 'none.db', '--in-place'], 2, /Name the backup, or say --in-place/],
    [['restore', '--in-place'], 1, /There is no database at .* yet/],
    [['backup'], 2, /missing required argument/],
  ];
  for (const [args, expected, sentence] of tries) {
    const { code, stderr } = await signet(args, { cwd });
    assert.equal(code, expected, stderr);
    assert.match(stderr, sentence);
  }
  const used = await usedDatabase(t);
  const { code, stderr } = await signet(['restore', join(cwd, 'letter.txt'), '--replace'], { cwd: used.cwd });
  assert.equal(code, 1);
  assert.match(stderr, /letter\.txt is not an SQLite database/);
});

test('on PostgreSQL the commands for files name the tools of PostgreSQL, without the password', async (t) => {
  const { cwd } = await configured(t, { master_secret: 'a-master-secret-of-more-than-32-bytes' });
  const env = { DATABASE_URL: 'postgres://signet:hush@127.0.0.1:1/signet' };
  for (const [args, tool] of [
    [
      ['backup', 'copy.db'],
      /pg_dump --format=custom --file=signet\.dump 'postgres:\/\/signet@127\.0\.0\.1:1\/signet'/,
    ],
    [
      ['restore', 'copy.db'],
      /pg_restore .*'postgres:\/\/signet@127\.0\.0\.1:1\/signet'[\s\S]*signet restore --in-place/,
    ],
  ] as const) {
    const { code, stderr } = await signet(args, { cwd, env });
    assert.equal(code, 2);
    assert.match(stderr, tool);
    assert.doesNotMatch(stderr, /hush/);
  }
});
