import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { ALICE, BOB, SECRET, SPA } from '../support/signet.ts';
import { json, signet } from './here.ts';
import { configured, type Given } from './program.ts';

const WEB = { client_id: 'web', client_secret: SECRET, redirect_uris: ['https://app.example.com/cb'] };
const PEOPLE = [
  { ...ALICE, claims: { name: 'Alice' } },
  { ...BOB, claims: { name: 'Bob' } },
];

type Keys = Readonly<Record<string, unknown>>;

const writeConfig = ({ cwd, issuer }: { cwd: string; issuer: string }, keys: Keys): void =>
  writeFileSync(join(cwd, 'signet.yaml'), stringify({ issuer, ...keys }));

const apply = (given: Given, ...args: string[]) => signet(['apply', '--yes', ...args], given);

test('plan tells what would be made, makes not even the database, and ends with 2', async (t) => {
  const given = await configured(t, { clients: [WEB], users: PEOPLE });
  const { code, stdout, stderr } = await signet(['plan'], given);
  assert.equal(code, 2);
  assert.match(stdout, /^\+ client web$/m);
  assert.match(stdout, /^\+ user bob$/m);
  assert.match(stdout, /3 to create, 0 to change, 0 to delete\./);
  assert.match(stderr, /no database at .* yet/);
  assert.ok(!existsSync(join(given.cwd, 'data')));
});

test('plan on an unchanged file is empty and ends with 0, after apply and after a second one', async (t) => {
  const given = await configured(t, { clients: [WEB, SPA], users: PEOPLE });
  for (const count of [4, 0]) {
    const { code, stderr } = await apply(given);
    assert.equal(code, 0, stderr);
    assert.equal(/Made (\d+) changes/.exec(stderr)?.[1] ?? '0', String(count));
    const { code: planned, stdout } = await signet(['plan'], given);
    assert.deepEqual([planned, stdout], [0, 'Nothing would change.\n']);
  }
  assert.deepEqual((await json(['client', 'get', 'web'], given))['version'], 1);
});

test('what was changed by hand since is told as a difference, and apply undoes it', async (t) => {
  const given = await configured(t, { clients: [WEB], users: PEOPLE });
  await apply(given);
  await signet(['client', 'update', 'web', '--name', 'By hand'], given);
  const { code, stdout } = await signet(['plan'], given);
  assert.equal(code, 2);
  assert.match(stdout, /^~ client web\n {4}client_name {2}By hand → \(none\)$/m);
  await apply(given);
  assert.equal((await json(['client', 'get', 'web'], given))['client_name'], undefined);
  assert.equal((await signet(['plan'], given)).code, 0);
});

test('scopes and resources are planned, changed and pruned like clients', async (t) => {
  const scopes = [{ scope: 'orders', description: 'See orders', claims: ['orders'] }, { scope: 'stock' }];
  const resources = [{ resource: 'https://api.example', scope: 'orders', access_token_lifetime: '5m' }];
  const given = await configured(t, { scopes, resources });
  const first = await signet(['plan'], given);
  assert.match(first.stdout, /^\+ scope orders\n {4}description {2}See orders$/m);
  assert.match(first.stdout, /^\+ resource https:\/\/api\.example$/m);
  await apply(given);
  assert.equal((await signet(['plan'], given)).stdout, 'Nothing would change.\n');
  writeConfig(given, { scopes: [{ ...scopes[0], claims: ['orders', 'places'] }] });
  const second = await signet(['plan'], given);
  assert.match(second.stdout, /^~ scope orders\n {4}claims {2}.*orders.* → .*places/m);
  assert.match(second.stdout, /^! scope stock {2}stands in the file no more; --prune deletes it$/m);
  assert.match(second.stdout, /^! resource https:\/\/api\.example /m);
  await apply(given, '--prune');
  assert.equal((await signet(['plan'], given)).stdout, 'Nothing would change.\n');
  const { stdout } = await signet(['export'], given);
  assert.match(stdout, /^scopes:\n {2}- scope: orders$/m);
  assert.doesNotMatch(stdout, /stock|api\.example/);
});

test('no secret, password or hash stands in a plan, and that one is new is told', async (t) => {
  const given = await configured(t, { clients: [WEB], users: PEOPLE });
  const first = await signet(['plan', '--output', 'json'], given);
  await apply(given);
  const secret = 'another-battery-staple-horse';
  writeConfig(given, {
    clients: [{ ...WEB, client_secret: secret }],
    users: [{ ...ALICE, password: 'another-wonderland', claims: { name: 'Alice' } }, PEOPLE[1]],
  });
  const second = await signet(['plan'], given);
  const third = await signet(['plan', '--output', 'json'], given);
  for (const { stdout, stderr } of [first, second, third]) {
    for (const hidden of [SECRET, secret, ALICE.password, BOB.password, 'another-wonderland', '$argon2'])
      assert.ok(!(stdout + stderr).includes(hidden), hidden);
  }
  assert.match(second.stdout, /^~ client web {2}\(the former secret is good no more\)$/m);
  assert.match(second.stdout, /^~ user alice {2}\(every session and token of the user ends\)$/m);
  assert.match(second.stdout, /0 to create, 2 to change, 0 to delete/);
});

test('what the file has made and names no more goes with --prune alone; what was made by hand never', async (t) => {
  const given = await configured(t, { clients: [WEB, SPA], users: PEOPLE });
  await apply(given);
  await json(['client', 'create', '--type', 'service', '--id', 'by-hand'], given);
  await signet(['user', 'create', 'carol', '--no-password'], given);
  writeConfig(given, { clients: [WEB], users: [PEOPLE[0]] });
  const kept = await signet(['plan'], given);
  assert.equal(kept.code, 0);
  assert.match(kept.stdout, /^! client spa {2}stands in the file no more; --prune deletes it$/m);
  assert.match(kept.stdout, /^! user bob {2}/m);
  assert.match(kept.stdout, /2 made by hand stay as they are\./);
  await apply(given);
  assert.equal((await signet(['client', 'get', 'spa'], given)).code, 0);
  const pruned = await signet(['plan', '--prune'], given);
  assert.equal(pruned.code, 2);
  assert.match(pruned.stdout, /^- client spa {2}/m);
  assert.equal((await apply(given, '--prune')).code, 0);
  assert.equal((await signet(['client', 'list', '-q'], given)).stdout, 'by-hand\nweb\n');
  assert.equal((await signet(['user', 'list', '-q'], given)).stdout, 'alice\ncarol\n');
});

test('a client made by hand that the file comes to name is the file’s from then on', async (t) => {
  const given = await configured(t);
  await json(['client', 'create', '--type', 'service', '--id', 'job', '--scope', 'email'], given);
  const job = {
    client_id: 'job',
    client_secret: SECRET,
    grant_types: ['client_credentials'],
    scope: 'email',
  };
  writeConfig(given, { clients: [job] });
  const { code, stdout } = await signet(['plan'], given);
  assert.equal(code, 2);
  assert.match(stdout, /^~ client job {2}\(made by hand; it is the file’s from now on; the former secret/m);
  await apply(given);
  assert.equal((await json(['client', 'get', 'job'], given))['source'], 'file');
  writeConfig(given, {});
  assert.match((await signet(['plan'], given)).stdout, /^! client job/m);
});

test('a plan that cannot be made ends with 1, so that 2 means something to do and nothing else', async (t) => {
  const given = await configured(t);
  for (const args of [
    ['--config', 'gone.yaml'],
    ['--outptu', 'json'],
    ['--tenant', 'nobody'],
  ]) {
    const { code, stdout, stderr } = await signet(['plan', ...args], given);
    assert.deepEqual([code, stdout], [1, ''], args.join(' '));
    assert.notEqual(stderr, '');
  }
});

test('a sub that another user has is told, and nothing is applied', async (t) => {
  const given = await configured(t, { users: PEOPLE });
  await apply(given);
  const sub = 'sub-of-dora';
  writeConfig(given, { users: [...PEOPLE, { username: 'dora', sub }] });
  await apply(given);
  writeConfig(given, {
    clients: [WEB],
    users: [
      { username: 'dora', sub: 'new' },
      { username: 'eve', sub },
    ],
  });
  const { code, stderr } = await apply(given);
  assert.equal(code, 4);
  assert.match(stderr, /dora has another sub already/);
  assert.match(stderr, /The sub of the user eve is that of dora/);
  assert.equal((await signet(['client', 'list', '-q'], given)).stdout, '');
});

test('groups are planned with who is in them, and go only when somebody prunes', async (t) => {
  const [alice, bob] = PEOPLE;
  const given = await configured(t, {
    groups: [{ name: 'staff' }, { name: 'Board', display_name: 'The board' }],
    users: [{ ...alice, groups: ['staff', 'Board'] }, bob],
  });
  const first = await signet(['plan'], given);
  assert.match(first.stdout, /^\+ group Board\n {4}display_name {2}The board$/m);
  assert.match(first.stdout, /^ {4}groups +\["staff","Board"\]$/m);
  await apply(given);
  assert.equal((await signet(['plan'], given)).code, 0);

  writeConfig(given, { groups: [{ name: 'Board' }], users: [{ ...alice, groups: ['Board'] }, bob] });
  const { stdout } = await signet(['plan'], given);
  assert.match(stdout, /^~ group Board\n {4}display_name {2}The board → \(none\)$/m);
  assert.match(stdout, /^ {4}groups {2}\["Board","staff"\] → \["Board"\]$/m);
  assert.match(stdout, /^! group staff {2}stands in the file no more; --prune deletes it$/m);
  await apply(given, '--prune');
  assert.equal((await signet(['plan', '--prune'], given)).code, 0);

  writeConfig(given, { groups: [{ name: 'Board' }], users: [{ ...alice, groups: ['staff'] }, bob] });
  const refused = await signet(['plan'], given);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /The user alice is to be in the group staff, which there is none of\./);
  // Where the file says nothing of somebody's groups, they stay.
  writeConfig(given, { groups: [{ name: 'Board' }], users: [alice, bob] });
  assert.equal((await signet(['plan'], given)).code, 0);
});
