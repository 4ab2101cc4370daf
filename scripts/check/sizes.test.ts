import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesOverBudget, findOversizedFiles } from './sizes.ts';

const file = (path: string, lines: number, first = 'a();') => ({
  path,
  text: `${first}\n${'b();\n'.repeat(lines - 1)}`,
});

test('a file of more than 400 lines is refused, one of 400 is not', () => {
  const found = findOversizedFiles([file('a.ts', 400), file('b.ts', 401)]);
  assert.deepEqual(
    found.map(({ path }) => path),
    ['b.ts'],
  );
  assert.match(found[0]?.message ?? '', /401 lines/);
});

test('a comment among the first lines may give the reason for a long file', () => {
  assert.deepEqual(
    findOversizedFiles([file('a.ts', 500, '/**\n * Long because the table has one entry a rule.\n */')]),
    [],
  );
  assert.deepEqual(findOversizedFiles([file('a.ts', 500, '// long because it lists everything')]), []);
  assert.equal(findOversizedFiles([file('a.ts', 500, "say('long because I say so');")]).length, 1);
  assert.equal(
    findOversizedFiles([file('a.ts', 500, '\n\n\n\n\n\n// long because it comes too late')]).length,
    1,
  );
});

test('a file above the budget of 300 lines is worth a note; texts have no budget', () => {
  assert.deepEqual(filesOverBudget([file('a.ts', 301), file('b.ts', 300), file('c.md', 999)]), [
    'a.ts has 301 lines',
  ]);
});
