import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparisonReport } from '../compare/report.ts';
import { type Figures, isMet, verdictsOf } from '../compare/result.ts';
import type { ContenderName } from '../targets/contenders.ts';

const figures = (contender: ContenderName, cpu: number, perSecond: number): Figures => ({
  contender,
  label: 'refresh',
  perSecond,
  p50: 1,
  p99: 2,
  cpu,
  databaseCpu: undefined,
  residentBytes: 100 * 1024 * 1024,
  generator: 0.2,
});

const COMPARISON = {
  figures: [
    figures('bare HTTP', 10, 90_000),
    figures('Signet SQLite', 100, 9000),
    figures('oidc-provider memory', 150, 6000),
    figures('oidc-provider SQLite', 500, 900),
  ],
  limits: { refresh: { cpu: 60, elapsed: 80 } },
  primitives: {
    sign: { ES256: 20, RS256: 200 },
    verify: { ES256: 50, RS256: 20 },
    mint: 2,
    digest: 1,
    lookUp: 3,
    insert: { cpu: 5, elapsed: 12 },
    rotate: { cpu: 6, elapsed: 13 },
  },
};

test('the limit and the peer in memory are judged by CPU, the durable peer by rate', () => {
  const judged = verdictsOf(COMPARISON).map((one) => [one.against, one.ratios[one.basis], isMet(one)]);
  assert.deepEqual(judged, [
    ['the limit', 0.6, true],
    ['oidc-provider memory', 1.5, false],
    ['oidc-provider SQLite', 10, true],
  ]);
});

test('what was not measured is not judged', () => {
  const alone = { ...COMPARISON, figures: [figures('Signet SQLite', 100, 9000)] };
  assert.deepEqual(
    verdictsOf(alone).map(({ against }) => against),
    ['the limit'],
  );
});

test('the report shows the limit, everybody measured, and each target as met or not', () => {
  const report = comparisonReport(COMPARISON);
  assert.match(report, /\| refresh +\| limit +\| 12,500 \|/);
  assert.match(report, /\| refresh +\| Signet SQLite +\| +9,000 \|/);
  assert.match(report, /against +\|.*\n.*\n.*the limit +\| ≥ 0.55 +\| 0.60 \*.*\| met/);
  assert.match(report, /oidc-provider memory \| ≥ 1.7× \| 1.50 \*.*NOT MET/);
  assert.match(report, /2 of 3 targets met\./);
  assert.doesNotMatch(report, /bare HTTP/);
});
