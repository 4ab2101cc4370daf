import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';

const LOGIN = `import { test } from 'node:test';
test('signs in', () => {});
test('refuses', () => { throw new Error('the reason of the failure'); });`;
const BROWSER = `import { test } from 'node:test';
test('needs a browser', { skip: 'no browser here' }, () => {});
test('decides late', (t) => t.skip('not on a Friday'));
test('goes', () => {});`;

/** Runs the tests of a project with these files, as \`npm test -- …filters\` would. */
function runTests(t: TestContext, files: Record<string, string>, options: object = {}) {
  const root = mkdtempSync(join(tmpdir(), 'signet-tests-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const run = { root, filters: [], isDotted: false, concurrency: 2, refusesSkipped: false, ...options };
  const script = join(root, 'run.mjs');
  const code = `import { runTests } from ${JSON.stringify(join(import.meta.dirname, 'run-tests.ts'))};
    process.exitCode = await runTests({ ...${JSON.stringify(run)}, output: process.stdout });`;
  writeFileSync(script, code);
  // A test runner refuses to run inside of another, which it knows by this variable.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const { status, stdout } = spawnSync(process.execPath, [script], { env, encoding: 'utf8' });
  return { status, stdout, last: stdout.trimEnd().split('\n').at(-1) };
}

test('the tests of packages, scripts, examples and the project run, and the last line counts them', (t) => {
  const passing = "import { test } from 'node:test';\ntest('passes', () => {});";
  const paths = [
    'packages/a/test/deep/b.test.ts',
    'scripts/c.test.ts',
    'examples/d/e.test.ts',
    'test/f.test.ts',
  ];
  const files = Object.fromEntries(
    [...paths, 'examples/d/node_modules/g/h.test.ts'].map((path) => [path, passing]),
  );
  const { status, stdout, last } = runTests(t, files);
  assert.deepEqual([status, last], [0, '4 passed, 0 failed, 0 skipped']);
  assert.match(stdout, /✔ passes/);
});

test('a failing test fails the run and is explained', (t) => {
  const { status, stdout, last } = runTests(t, { 'test/login.test.ts': LOGIN });
  assert.deepEqual([status, last], [1, '1 passed, 1 failed, 0 skipped']);
  assert.match(stdout, /the reason of the failure/);
});

test('a file that cannot be loaded fails the run', (t) => {
  const { status, last } = runTests(t, { 'test/broken.test.ts': "import './missing.ts';" });
  assert.deepEqual([status, last], [1, '0 passed, 1 failed, 0 skipped']);
});

test('tests left out are listed loudly with their reasons', (t) => {
  const { status, stdout, last } = runTests(t, { 'test/browser.test.ts': BROWSER });
  assert.deepEqual([status, last], [0, '1 passed, 0 failed, 2 skipped']);
  assert.match(stdout, /!! {2}2 TESTS WERE LEFT OUT:\n/);
  assert.match(stdout, /test\/browser\.test\.ts: needs a browser\n!! +because: no browser here/);
  assert.match(stdout, /decides late\n!! +because: not on a Friday/);
});

test('in CI a test left out fails the run', (t) => {
  const { status, stdout } = runTests(
    t,
    { 'test/browser.test.ts': BROWSER },
    { refusesSkipped: true, isDotted: true },
  );
  assert.equal(status, 1);
  assert.match(stdout, /LEFT OUT, WHICH IS A FAILURE IN CI/);
});

test('a filter chooses files by their path, or else tests by their name', (t) => {
  const files = { 'test/login.test.ts': LOGIN, 'test/browser.test.ts': BROWSER };
  assert.equal(runTests(t, files, { filters: ['browser'] }).last, '1 passed, 0 failed, 2 skipped');
  assert.equal(runTests(t, files, { filters: ['signs IN'] }).last, '1 passed, 0 failed, 0 skipped');
  assert.equal(runTests(t, files, { filters: ['login', 'refuses'] }).last, '0 passed, 1 failed, 0 skipped');
});

test('a run without a single test fails', (t) => {
  const { status, stdout, last } = runTests(
    t,
    { 'test/login.test.ts': LOGIN },
    { filters: ['no such test'] },
  );
  assert.deepEqual([status, last], [1, '0 passed, 0 failed, 0 skipped']);
  assert.match(stdout, /No test fits no such test\./);
  assert.equal(runTests(t, {}).status, 1);
});

test('a file that holds no test fails the run, so that none is left out in silence', (t) => {
  const { status, stdout } = runTests(t, {
    'test/login.test.ts': BROWSER,
    'test/none.test.ts': 'if (false) await 0;',
  });
  assert.equal(status, 1);
  assert.match(stdout, /test\/none\.test\.ts holds no test\./);
});

test('a hook that fails fails the run', (t) => {
  const hook = `import { after, test } from 'node:test';
    test('passes', () => {});
    after(() => { throw new Error('not closed'); });`;
  assert.equal(runTests(t, { 'test/hook.test.ts': hook }).status, 1);
});

test('a group left out as a whole, and a test still to be done, count as left out', (t) => {
  const group = `import { describe, test } from 'node:test';
    describe('in a browser', { skip: 'no browser here' }, () => test('one', () => {}));
    test('later', { todo: 'next year' }, () => { throw new Error('not yet'); });`;
  const { status, stdout, last } = runTests(t, { 'test/group.test.ts': group });
  assert.deepEqual([status, last], [0, '0 passed, 0 failed, 2 skipped']);
  assert.match(stdout, /in a browser\n!! +because: no browser here/);
  assert.match(stdout, /later\n!! +because: next year/);
});

/** A quick file; its tests say the process that they run in. */
const quick = (name: string, more = '') => `import { after, test } from 'node:test';
${more}
after(() => console.log('over: ${name}'));
test('${name} at ' + process.pid, () => {});`;

test('quick files of a folder share a process, and each is counted and ended', (t) => {
  const { stdout, last } = runTests(t, {
    'bench/test/a.test.ts': quick('a'),
    'bench/test/b.test.ts': quick('b', 'await new Promise((done) => setTimeout(done, 50));'),
    'test/c.test.ts': quick('c'),
  });
  assert.equal(last, '3 passed, 0 failed, 0 skipped');
  const [a, b, c] = ['a', 'b', 'c'].map((name) => new RegExp(`✔ ${name} at (\\d+)`).exec(stdout)?.[1]);
  assert.ok(a !== undefined && a === b && a !== c);
  for (const name of ['a', 'b', 'c']) assert.match(stdout, new RegExp(`over: ${name}`));
});

test('a quick file that fails, cannot be loaded or holds no test is told, and its neighbours run', (t) => {
  const { status, stdout, last } = runTests(t, {
    'bench/test/a.test.ts': "import './missing.ts';",
    'bench/test/b.test.ts': 'if (false) await 0;',
    'bench/test/c.test.ts': LOGIN,
    'bench/test/d.test.ts': BROWSER,
  });
  assert.deepEqual([status, last], [1, '2 passed, 2 failed, 2 skipped']);
  assert.match(stdout, /✖ .*bench\/test\/a\.test\.ts/);
  assert.match(stdout, /\n(?!.*a\.test).*bench\/test\/b\.test\.ts holds no test\./);
  assert.doesNotMatch(stdout, /a\.test\.ts holds no test/);
  assert.match(stdout, /bench\/test\/c\.test\.ts[^\n]*\n✖ refuses/);
  assert.match(stdout, /bench\/test\/d\.test\.ts: needs a browser/);
});

test('a test chosen by its name is found in a quick file as well', (t) => {
  const files = { 'bench/test/a.test.ts': LOGIN, 'bench/test/b.test.ts': BROWSER };
  assert.equal(runTests(t, files, { filters: ['signs IN'] }).last, '1 passed, 0 failed, 0 skipped');
});
