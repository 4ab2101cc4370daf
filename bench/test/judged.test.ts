import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWithin, judgedReport } from '../measure/judged.ts';
import { shareOfPossible } from '../workers/workers.ts';

test('a bar is met when it is reached, from above or from below', () => {
  assert.ok(isWithin({ what: 'start', measured: 250, atMost: 250 }));
  assert.ok(!isWithin({ what: 'start', measured: 250.1, atMost: 250 }));
  assert.ok(isWithin({ what: 'workers', measured: 0.8, atLeast: 0.8 }));
  assert.ok(!isWithin({ what: 'workers', measured: 0.79, atLeast: 0.8 }));
});

test('what could not be measured meets nothing', () => {
  assert.ok(!isWithin({ what: 'start', measured: Number.NaN, atMost: 250 }));
  assert.ok(!isWithin({ what: 'p99', measured: Number.POSITIVE_INFINITY, atMost: 4 }));
});

test('the report says what was wanted and how many bars were met', () => {
  const report = judgedReport([
    { what: 'first answer', measured: 300, atMost: 250, unit: 'ms' },
    { what: 'two workers', measured: 0.9, atLeast: 0.8 },
  ]);
  assert.match(report, /first answer \| 300 ms +\| ≤ 250 ms \| NOT MET/);
  assert.match(report, /two workers +\| 0.90 +\| ≥ 0.80 +\| met/);
  assert.match(report, /1 of 2 targets met\./);
});

test('two workers are linear when they do twice as much, or all that the cores leave', () => {
  const one = { perSecond: 5000, cpu: 200, databaseCpu: 0, generatorCpu: 0 };
  assert.equal(shareOfPossible(one, { ...one, perSecond: 10_000 }), 1);
  assert.equal(shareOfPossible(one, { ...one, perSecond: 7500 }), 0.75);
  const shared = { perSecond: 5000, cpu: 200, databaseCpu: 150, generatorCpu: 50 };
  assert.equal(shareOfPossible(shared, { ...shared, perSecond: 5000 }), 1);
});
