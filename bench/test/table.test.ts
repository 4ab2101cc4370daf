import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shown, table } from '../measure/table.ts';

test('a table is Markdown of equal widths, numbers at the right, a dash where nothing was measured', () => {
  assert.equal(
    table([
      { operation: 'refresh', 'req/s': 12_345 },
      { operation: 'jwks', 'req/s': undefined },
    ]),
    [
      '| operation |  req/s |',
      '|-----------|-------:|',
      '| refresh   | 12,345 |',
      '| jwks      |      – |',
    ].join('\n'),
  );
});

test('numbers keep three significant digits, and whole ones stay whole', () => {
  assert.equal(shown(0.123), '0.12');
  assert.equal(shown(12.345), '12.3');
  assert.equal(shown(123.45), '123');
  assert.equal(shown(1234.5), '1,235');
  assert.equal(shown(7), '7');
  assert.equal(shown(Number.NaN), '–');
});

test('no rows make no table', () => {
  assert.equal(table([]), '');
});
