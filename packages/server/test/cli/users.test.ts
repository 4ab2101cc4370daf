import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { json, signet } from './here.ts';
import { configured, type Given } from './program.ts';

const create = (given: Given, name: string, ...more: string[]) =>
  json(['user', 'create', name, '--no-password', ...more], given);

test('user create takes claims in JSON or as text, and never tells the password', async (t) => {
  const given = await configured(t);
  const args = [
    '--name',
    'Carol',
    '--email',
    'carol@example.com',
    '--claim',
    'email_verified=true',
    '--claim',
    'team=blue',
  ];
  const made = await json(['user', 'create', 'Carol', '--password-stdin', '--admin', ...args], {
    ...given,
    input: 'tree-house-lantern\n',
  });
  assert.equal(made['username'], 'carol');
  assert.equal(made['role'], 'admin');
  assert.deepEqual(made['claims'], {
    name: 'Carol',
    email: 'carol@example.com',
    email_verified: true,
    team: 'blue',
  });
  const shown = await signet(['user', 'list', '--output', 'json'], given);
  assert.doesNotMatch(JSON.stringify(made) + shown.stdout, /tree-house-lantern|argon2|password/);
});

test('user create takes the password from a file, whose line end is no part of it', async (t) => {
  const given = await configured(t);
  writeFileSync(join(given.cwd, 'password'), 'tree-house-lantern\r\n');
  const { code, stdout } = await signet(
    ['user', 'create', 'dan', '--password-file', 'password', '-q'],
    given,
  );
  assert.equal(code, 0);
  assert.equal(stdout, 'dan\n');
});

test('user create refuses weak passwords in plain words', async (t) => {
  const given = await configured(t);
  const cases = [
    ['tiny', /^The user has a fault:\n {2}password is shorter than 8 characters\n$/],
    ['x'.repeat(300), /password is longer than 256 characters/],
    ['alexandra', /password is the username/],
    ['password1', /password is among the first that anybody would try/],
    ['\n', /^The password is empty\.\n$/],
    ['y'.repeat(20_000), /larger than 8 kB/],
  ] as const;
  for (const [input, sentence] of cases) {
    const { code, stderr } = await signet(['user', 'create', 'alexandra', '--password-stdin'], {
      ...given,
      input,
    });
    assert.equal(code, 2, String(sentence));
    assert.match(stderr, sentence);
    assert.ok(!stderr.includes(input.trim() || '\0'));
  }
  const { stdout } = await signet(['user', 'create', 'alexandra', '--no-password', '-q'], given);
  assert.equal(stdout, 'alexandra\n', 'none of them has made the user');
});

test('user create refuses what is no user, all of it at once', async (t) => {
  const given = await configured(t);
  const args = [
    '--no-password',
    '--claim',
    'sub=other',
    '--email',
    'nonsense',
    '--claim',
    'phone_number=123',
  ];
  const { code, stderr } = await signet(['user', 'create', 'a\u0007b', ...args], given);
  assert.equal(code, 2);
  for (const fault of [
    /^The user has 4 faults:/,
    /username must be/,
    /claims\.sub is a claim/,
    /claims\.email is not/,
  ]) {
    assert.match(stderr, fault);
  }
  assert.match(stderr, /claims\.phone_number must be a text: put it in quotes/);
  const unnamed = await signet(['user', 'create', 'eve', '--no-password', '--claim', 'nonsense'], given);
  assert.equal(unnamed.code, 2);
  assert.match(unnamed.stderr, /--claim nonsense must be written name=value/);
});

test('user create without a source for the password is refused where nobody can be asked', async (t) => {
  const given = await configured(t);
  const cases = [
    [[], /Nobody is there to be asked for the password/],
    [['--no-password', '--password-stdin'], /only one of the two may be/],
    [['--password-stdin', '--password-file', 'x'], /in one way/],
    [['--password', 'hunter2-hunter2'], /unknown option '--password'/],
  ] as const;
  for (const [args, sentence] of cases) {
    const { code, stderr } = await signet(['user', 'create', 'eve', ...args], given);
    assert.equal(code, 2, String(sentence));
    assert.match(stderr, sentence);
  }
});

test('a name that is taken, however it is written, is a conflict', async (t) => {
  const given = await configured(t);
  await create(given, 'frank');
  const { code, stdout, stderr } = await signet(['user', 'create', ' FRANK ', '--no-password'], given);
  assert.equal(code, 4);
  assert.equal(stdout, '');
  assert.match(stderr, /^There is a user frank already\.\n$/);
});

test('user list shows everybody in the order of names, in a table, as JSON or as names alone', async (t) => {
  const given = await configured(t);
  for (const name of ['zoe', 'adam']) await create(given, name);
  assert.equal((await signet(['user', 'list', '-q'], given)).stdout, 'adam\nzoe\n');
  const { stdout } = await signet(['user', 'list'], given);
  assert.match(stdout, /^USERNAME +NAME +EMAIL +ROLE +STATE +CREATED AT\nadam +user +active +\d{4}-/);
  assert.equal(((await json(['user', 'list'], given)) as unknown as unknown[]).length, 2);
});

test('user disable and enable change the state, whatever it was', async (t) => {
  const given = await configured(t);
  await create(given, 'grace');
  for (const [verb, disabled] of [
    ['disable', true],
    ['disable', true],
    ['enable', false],
    ['enable', false],
  ] as const) {
    assert.equal((await json(['user', verb, 'GRACE'], given))['disabled'], disabled);
  }
});

test('what the configuration file will undo is done and noted', async (t) => {
  const given = await configured(t, { users: [{ username: 'heidi', disabled: false }] });
  await create(given, 'heidi');
  const { code, stderr } = await signet(['user', 'disable', 'heidi'], given);
  assert.equal(code, 0);
  assert.match(stderr, /^Note: heidi stands in the configuration file with disabled: false/);
});

test('user set-password takes a new password by the same rules', async (t) => {
  const given = await configured(t);
  await create(given, 'ivan');
  const weak = await signet(['user', 'set-password', 'ivan', '--password-stdin'], {
    ...given,
    input: 'ivan',
  });
  assert.equal(weak.code, 2);
  assert.match(weak.stderr, /shorter than 8/);
  const set = await signet(['user', 'set-password', 'ivan', '--password-stdin'], {
    ...given,
    input: 'tree-house-lantern',
  });
  assert.equal(set.code, 0, set.stderr);
  assert.doesNotMatch(set.stdout + set.stderr, /tree-house/);
});

test('an unknown user is not found, whatever is done', async (t) => {
  const given = await configured(t);
  await create(given, 'judy');
  for (const args of [
    ['disable'],
    ['enable'],
    ['set-password', '--password-stdin'],
    ['sessions'],
    ['sessions', '--end'],
  ]) {
    const [verb = '', ...more] = args;
    const { code, stdout, stderr } = await signet(['user', verb, 'nobody', ...more], {
      ...given,
      input: 'tree-house-lantern',
    });
    assert.equal(code, 3, verb);
    assert.equal(stdout, '');
    assert.match(stderr, /^There is no user nobody\.\n$/);
  }
});
