import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDuration, parseDuration } from '../../src/admin/duration.ts';
import { editDistance, nearestKey } from '../../src/admin/fault.ts';

const TEN_YEARS = 3650 * 86_400;
const KEYS = ['redirect_uris', 'client_name', 'grant_types', 'jwks_uri', 'consent', 'listen'];

test('a duration that is written is read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: TEN_YEARS }), (seconds) => {
      assert.equal(parseDuration(formatDuration(seconds)), seconds);
      assert.equal(parseDuration(seconds), seconds);
      assert.equal(parseDuration(String(seconds)), seconds);
    }),
  );
});

test('units of a duration are seconds, minutes, hours and days', () => {
  assert.deepEqual(['90', '90s', '15m', '12h', '30d'].map(parseDuration), [90, 90, 900, 43_200, 2_592_000]);
  assert.deepEqual([0, 59, 60, 900, 43_200, 2_592_000].map(formatDuration), [
    '0s',
    '59s',
    '1m',
    '15m',
    '12h',
    '30d',
  ]);
});

test('a text of another form is no duration', () => {
  for (const text of [
    '',
    '-1',
    '1.5h',
    '1h30m',
    '5 m',
    '5M',
    '1w',
    'm',
    '٣m',
    '1e3',
    '\n5m',
    '5m\n',
    '3651d',
    '9999999999',
  ]) {
    assert.equal(parseDuration(text), undefined, text);
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      const seconds = parseDuration(text);
      assert.equal(seconds !== undefined, /^\d{1,9}[smhd]?$/.test(text) && (seconds ?? -1) <= TEN_YEARS);
    }),
  );
});

test('one wrong letter, one too many, one too few or two swapped still find their key', () => {
  const edited = fc.record({
    key: fc.constantFrom(...KEYS),
    at: fc.nat({ max: 5 }),
    letter: fc.constantFrom('x', 'q'),
    how: fc.constantFrom('replace', 'insert', 'delete', 'swap'),
  });
  fc.assert(
    fc.property(edited, ({ key, at, letter, how }) => {
      const [before, char, next, after] = [
        key.slice(0, at),
        key[at] ?? '',
        key[at + 1] ?? '',
        key.slice(at + 2),
      ];
      const words = {
        replace: before + letter + next + after,
        insert: before + letter + char + next + after,
        delete: before + next + after,
        swap: before + next + char + after,
      };
      assert.equal(nearestKey(words[how], KEYS), key);
    }),
  );
});

test('another way of writing words still finds its key', () => {
  assert.equal(nearestKey('redirectUris', KEYS), 'redirect_uris');
  assert.equal(nearestKey('REDIRECT-URIS', KEYS), 'redirect_uris');
});

test('what is near to nothing finds nothing', () => {
  for (const word of ['', 'zzzzzz', 'x'.repeat(100_000)]) assert.equal(nearestKey(word, KEYS), undefined);
});

test('the nearest key is always a known one', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), (word, known) => {
      const nearest = nearestKey(word, known);
      assert.ok(nearest === undefined || known.includes(nearest));
    }),
  );
});

test('a distance is the same both ways, none between equals, and never more than the longer text', () => {
  const text = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(text, text, (left, right) => {
      const distance = editDistance(left, right);
      assert.equal(distance, editDistance(right, left));
      assert.equal(distance === 0, left === right);
      assert.ok(distance <= Math.max(left.length, right.length));
      assert.ok(distance >= Math.abs(left.length - right.length));
    }),
  );
});
