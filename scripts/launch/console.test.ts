import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { ended, type FakeClone, fakeClone, launch } from './fake-clone.ts';

/** A bundler that writes what stands in the page, and fails at one that says so. */
const BUNDLER = `const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const page = readFileSync('index.html', 'utf8');
if (page === 'broken') process.exit(1);
const out = process.argv[process.argv.indexOf('--outDir') + 1];
mkdirSync(out, { recursive: true });
writeFileSync(out + '/index.html', page);
`;

async function cloneWithConsole(t: TestContext): Promise<FakeClone> {
  const clone = fakeClone(t);
  await ended(launch(clone, ['setup']));
  clone.write('packages/server/src/main.ts', "console.log('runs');\n");
  clone.write('packages/console/src/main.tsx', '');
  clone.write('packages/console/vite.config.ts', '');
  clone.write('packages/console/index.html', 'first');
  clone.write('node_modules/vite/package.json', '{}');
  clone.write('node_modules/vite/bin/vite.js', BUNDLER);
  return clone;
}

const start = (clone: FakeClone) => ended(launch(clone, ['start']));

function builds({ root }: FakeClone): readonly string[] {
  const folder = join(root, 'packages/console/dist');
  return existsSync(folder) ? readdirSync(folder) : [];
}

describe('the built console', { concurrency: true }, () => {
  test('is built at the first start alone, and anew when its page has changed', async (t) => {
    const clone = await cloneWithConsole(t);
    assert.match((await start(clone)).stderr, /building the console/);
    assert.doesNotMatch((await start(clone)).stderr, /building the console/);
    assert.equal(builds(clone).length, 1);
    clone.write('packages/console/index.html', 'another');
    assert.match((await start(clone)).stderr, /building the console/);
    assert.equal(builds(clone).length, 2, 'a server that still runs keeps its own');
  });

  test('keeps nobody from starting when it cannot be built, and leaves nothing half done', async (t) => {
    const clone = await cloneWithConsole(t);
    clone.write('packages/console/index.html', 'broken');
    const { code, stdout, stderr } = await start(clone);
    assert.deepEqual([code, stdout], [0, 'runs\n']);
    assert.match(stderr, /the console could not be built; Signet runs without it/);
    assert.deepEqual(builds(clone), []);
  });

  test('of several starts at once each runs, and one build is kept', async (t) => {
    const clone = await cloneWithConsole(t);
    const all = await Promise.all([start(clone), start(clone), start(clone)]);
    for (const { code, stdout } of all) assert.deepEqual([code, stdout], [0, 'runs\n']);
    assert.equal(builds(clone).length, 1);
  });
});
