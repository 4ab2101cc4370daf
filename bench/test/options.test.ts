import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareOptions } from '../compare/options.ts';

test('everything is measured unless something is named', () => {
  const { contenders, cases } = compareOptions([]);
  assert.equal(contenders.length, 5);
  assert.equal(cases.length, 13);
});

test('contenders and operations are named by a part of their name', () => {
  const { contenders, cases } = compareOptions(['--only', 'signet-sqlite,memory', '--ops', 'refresh']);
  assert.deepEqual(contenders, ['bare HTTP', 'Signet SQLite', 'oidc-provider memory']);
  assert.deepEqual(
    cases.map(({ label }) => label),
    ['refresh', 'refresh-rs256'],
  );
});

test('a name that fits nothing is told with those there are', () => {
  assert.throws(() => compareOptions(['--ops', 'refesh']), /--ops refesh is none of discovery, jwks,/);
  assert.throws(() => compareOptions(['--only', 'hydra']), /--only hydra is none of .*Signet SQLite/);
  assert.throws(() => compareOptions(['--runs', '0']), /--runs 0 must be/);
  assert.throws(() => compareOptions(['--fast']), /--fast/);
});
