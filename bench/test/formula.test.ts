import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitOf } from '../limit/formula.ts';
import type { Algorithm, Primitives } from '../limit/primitives.ts';
import type { OperationName } from '../load/operations.ts';

const HTTP = 10;

const PRIMITIVES: Primitives = {
  sign: { ES256: 26, RS256: 290 },
  verify: { ES256: 70, RS256: 22 },
  mint: 3,
  digest: 2,
  lookUp: 4,
  insert: { cpu: 5, elapsed: 11 },
  rotate: { cpu: 7, elapsed: 13 },
};

const cpu = (name: OperationName, algorithm: Algorithm = 'ES256'): number =>
  limitOf(name, algorithm, HTTP, PRIMITIVES).cpu;

test('an operation costs at least HTTP and the sum of what nobody can leave out', () => {
  assert.equal(cpu('discovery'), HTTP);
  assert.equal(cpu('jwks'), HTTP);
  assert.equal(cpu('client_credentials'), HTTP + 26);
  assert.equal(cpu('refresh'), HTTP + (4 + 2 + 2 * 26 + 3) + 7);
  assert.equal(cpu('authorize'), HTTP + 3 + 5);
  assert.equal(cpu('code'), HTTP + 3 + (4 + 2 + 2 * 26 + 3) + 2 + 5 + 7);
});

test('a token seen once is verified, a hot one only recognised', () => {
  assert.equal(cpu('introspect-once'), HTTP + 70);
  assert.equal(cpu('introspect-hot'), HTTP + 2);
  assert.equal(cpu('userinfo-once'), HTTP + 70);
  assert.equal(cpu('userinfo-hot'), HTTP + 2);
});

test('the algorithm changes signatures and verifications and nothing else', () => {
  assert.equal(cpu('client_credentials', 'RS256'), HTTP + 290);
  assert.equal(cpu('refresh', 'RS256') - cpu('refresh'), 2 * (290 - 26));
  assert.equal(cpu('authorize', 'RS256'), cpu('authorize'));
});

test('the time of an operation counts the wait for the disk, which its CPU does not', () => {
  const { cpu: least, elapsed } = limitOf('code', 'ES256', HTTP, PRIMITIVES);
  assert.equal(elapsed - least, 11 - 5 + (13 - 7));
});
