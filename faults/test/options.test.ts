import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXPERIMENTS, QUICK } from '../experiments.ts';
import { parseOptions } from '../options.ts';

test('a whole run has the figures that are asked for, a quick one is a slice of it', () => {
  const whole = parseOptions([], 123);
  assert.deepEqual(whole.size, { kills: 300, rounds: 2000, scale: 1 });
  assert.equal(whole.seed, 123);
  assert.ok(parseOptions(['--quick'], 0).size.kills < 10);
});

test('what is said on the command line counts', () => {
  const { only, databases, seed, size } = parseOptions(
    ['--only', 'e1,E3', '--database', 'sqlite', '--seed', '9', '--kills', '2'],
    0,
  );
  assert.deepEqual([only, databases, seed, size.kills], [['E1', 'E3'], ['sqlite'], 9, 2]);
});

test('nonsense is refused', () => {
  for (const args of [['--database', 'mysql'], ['--seed', 'x'], ['--kills', '-1'], ['--wat']]) {
    assert.throws(() => parseOptions(args, 0));
  }
});

test('experiments have names of their own, and a quick run knows its', () => {
  const ids = EXPERIMENTS.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(
    QUICK.filter((id) => !ids.includes(id)),
    [],
  );
});
