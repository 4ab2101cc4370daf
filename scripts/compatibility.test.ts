import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compatibilityMarkdown } from './compatibility.ts';
import { FEATURES } from './compatibility-features.ts';

const FOLDER = 'packages/server/test/systems';

const features = [
  { system: 'UserClouds', feature: 'Logout' },
  { system: 'UserClouds', feature: 'Userinfo' },
] as const;

const markdown = (text: string, path = `${FOLDER}/a.test.ts`): string =>
  compatibilityMarkdown([{ path, text }], features);

test('there are 128 features of three systems', () => {
  assert.equal(FEATURES.length, 128);
  assert.equal(new Set(FEATURES.map(({ system }) => system)).size, 3);
});

test('a feature is shown by every test whose name ends with its row', () => {
  const text = "test('it\\'s over (row 1)', x);\ntest(`both (rows 1, 2)`, x);";
  const lines = markdown(text).split('\n');
  assert.ok(
    lines.includes(
      `| 1 | UserClouds | Logout | \`${FOLDER}/a.test.ts\` \`it's over\`<br>\`${FOLDER}/a.test.ts\` \`both\` |`,
    ),
  );
  assert.ok(lines.includes('| UserClouds | 2 | 2 | 0 |'));
});

test('a feature without a test is said to be not yet there', () => {
  assert.match(markdown("test('ends (row 1)', x);"), /\| 2 \| UserClouds \| Userinfo \| not yet \|/);
});

test('only tests of the systems count', () => {
  assert.match(
    markdown("test('ends (row 1)', x);", 'packages/server/test/flows/a.test.ts'),
    /\| 2 \| 0 \| 2 \|/,
  );
});

test('a row that does not exist is refused', () => {
  assert.throws(() => markdown("test('more (row 3)', x);"), /there is no row 3/);
});
