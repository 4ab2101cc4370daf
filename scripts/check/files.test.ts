import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { lineAt, projectFiles } from './files.ts';

function folder(t: TestContext, paths: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'signet-files-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), path);
  }
  return root;
}

const PATHS = [
  'a.ts',
  '.ci/run',
  'b/data/c.ts',
  'logo.png',
  'node_modules/x/index.js',
  'data/signet.db',
  'data/users.json',
  'b/dist/d.js',
];

test('the files of the project are its texts, without what is installed, built or stored', (t) => {
  const files = projectFiles(folder(t, PATHS));
  assert.deepEqual(
    files,
    ['.ci/run', 'a.ts', 'b/data/c.ts'].map((path) => ({ path, text: path })),
  );
});

test('in a git repository, what git ignores is no file of the project, and what is new is one', (t) => {
  const root = folder(t, ['a.ts', 'secret.log', 'gone.ts']);
  writeFileSync(join(root, '.gitignore'), '*.log\n');
  spawnSync('git', ['init', '--quiet'], { cwd: root });
  spawnSync('git', ['add', 'gone.ts'], { cwd: root });
  rmSync(join(root, 'gone.ts'));
  assert.deepEqual(
    projectFiles(root).map(({ path }) => path),
    ['.gitignore', 'a.ts'],
  );
});

test('lines count from 1', () => {
  assert.deepEqual([lineAt('a\nb', 0), lineAt('a\nb', 1), lineAt('a\nb', 2)], [1, 1, 2]);
});
