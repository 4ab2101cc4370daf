import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dice } from '../kit/random.ts';

const draw = (seed: number): number[] => Array.from({ length: 20 }, dice(seed).next);

test('the same seed throws the same numbers, another one others', () => {
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
});

test('named dice depend on seed and name alone, not on what was thrown before', () => {
  const [fresh, used] = [dice(3), dice(3)];
  used.next();
  assert.equal(fresh.named('a').next(), used.named('a').next());
  assert.notEqual(fresh.named('a').next(), fresh.named('b').next());
});

test('numbers stay within their bounds', () => {
  const thrown = dice(5);
  for (let time = 0; time < 1000; time += 1) {
    assert.ok(thrown.below(3) < 3);
    const between = thrown.between(-5, 5);
    assert.ok(between >= -5 && between < 5);
  }
  assert.throws(() => thrown.pick([]), /nothing to pick/);
});
