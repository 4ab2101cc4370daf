import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bytesPerPerson, capacityReport, perCore } from '../scale/capacity.ts';

const BYTES = { users: 300, clients: 500, browser_sessions: 150, grants: 450 };

test('a core is planned with to 70 %', () => {
  assert.equal(perCore(70), 10_000);
});

test('a person is a row, two sessions and four grants', () => {
  assert.equal(bytesPerPerson(BYTES), 300 + 2 * 150 + 4 * 450);
});

test('the tables of docs/scale.md come out of what was measured', () => {
  const report = capacityReport({
    told: 'a machine',
    operations: [
      { label: 'refresh', sqlite: { node: 100, database: 0 }, postgres: { node: 140, database: 70 } },
      { label: 'client_credentials', sqlite: { node: 70, database: 0 }, postgres: { node: 70, database: 0 } },
    ],
    signInCpu: 20_000,
    bytesPerRow: { sqlite: BYTES, postgres: undefined },
  });
  assert.match(report, /Measured by `npm run bench -- scale --write` \(a machine\)/);
  assert.match(report, /\| refresh +\| +100 \| +140 \| +70 \| +7,000 \| +5,000 \| +10,000 \|/);
  assert.match(report, /\| client_credentials .*\| +– \|/, 'the database had nothing to do');
  assert.match(report, /sign-ins with a password, a second and core of a node +\| 35 /);
  assert.match(report, /applications in use at once, on a core and SQLite +\| 4,200,000/);
  assert.match(report, /gigabytes for a million people, SQLite +\| 2.40/);
  assert.doesNotMatch(report, /a million people, PostgreSQL/);
});

test('docs/scale.md has one place for the figures', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/scale.md'), 'utf8');
  assert.equal(text.split('<!-- figures -->').length, 2);
  assert.equal(text.split('<!-- end of figures -->').length, 2);
});
