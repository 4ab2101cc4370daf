import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, quantile, sorted } from '../measure/statistics.ts';

test('the median is the middle of the sorted values, or the mean of the two in the middle', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([10, 2, 9, 1]), 5.5);
  assert.equal(median([7]), 7);
});

test('there is no median and no quantile of nothing', () => {
  assert.ok(Number.isNaN(median([])));
  assert.ok(Number.isNaN(quantile(sorted([]), 0.5)));
});

test('values are ordered as numbers, not as texts', () => {
  assert.deepEqual([...sorted([100, 20, 3])], [3, 20, 100]);
});

test('a quantile is the value below which that share lies, at most the greatest', () => {
  const hundred = sorted(Array.from({ length: 100 }, (_, index) => 100 - index));
  assert.equal(quantile(hundred, 0.5), 51);
  assert.equal(quantile(hundred, 0.99), 100);
  assert.equal(quantile(hundred, 1), 100);
});
