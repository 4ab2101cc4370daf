import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBlemishes } from './hygiene.ts';

const found = (path: string, ...pieces: string[]) =>
  findBlemishes([{ path, text: pieces.join('') }]).map(({ line, message }) => `${line}: ${message}`);

// Each text is put together here, so that this file passes the check it tests.
test('a path of a machine is refused in any file', () => {
  for (const folder of ['/wo', '/ro', '/home/ali', '/Users/ali']) {
    const rest = folder === '/wo' ? 'rk/' : folder === '/ro' ? 'ot/' : 'ce/';
    assert.equal(found('docs/a.md', 'see ', folder, rest, 'signet').length, 1, folder);
  }
  assert.deepEqual(found('docs/a.md', 'https://app.example/wo', 'rk/desk and ./ro', 'ot/x'), []);
});

test('the host of a registry is refused, and an address in the lockfile', () => {
  assert.equal(found('.npmrc', 'registry=https://regis', 'try.example/').length, 1);
  assert.equal(found('package-lock.json', '"resolved": "http', 's://a.example/b.tgz"').length, 1);
  assert.deepEqual(found('package-lock.json', '"resolved": "packages/server"'), []);
  assert.deepEqual(found('docs/a.md', 'the registry at https://www.iana.org/assignments'), []);
});

test('open ends and switched-off checks are refused', () => {
  assert.deepEqual(found('a.ts', '\n// TO', 'DO: later'), [
    '2: something left open: do it, or write an issue: TO' + 'DO',
  ]);
  for (const [start, end] of [
    ['@ts-ign', 'ore'],
    ['@ts-expect-', 'error'],
    ['biome-ign', 'ore'],
    ['oxlint-dis', 'able'],
  ] as const) {
    assert.equal(found('a.ts', '// ', start, end).length, 1, start);
  }
});

test('a test that silences the others is refused', () => {
  for (const text of ["test.only('a', () => {});", "test('a', { only: true }, () => {});"]) {
    assert.equal(found('a.test.ts', text).length, 1, text);
    assert.equal(found('a.ts', text).length, 0, 'only tests are searched');
  }
});

test('a test is left out with a reason or not at all', () => {
  for (const text of [
    "test.skip('a', () => {});",
    "describe.todo('a');",
    't.skip();',
    "test('a', { skip: true }, () => {});",
  ]) {
    assert.equal(found('a.test.ts', text).length, 1, text);
  }
  for (const text of [
    "t.skip('no browser');",
    "test('a', { skip: 'no browser' }, () => {});",
    'list.skip(3);',
    "say('test.only(');",
  ]) {
    assert.deepEqual(found('a.test.ts', text), [], text);
  }
});
