import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { type Ended, ended, type FakeClone, fakeClone, launch } from './fake-clone.ts';

const checkout = join(import.meta.dirname, '..', '..');

/** A clone whose server says what it is and where it runs from. */
async function cloneWithServer(t: TestContext): Promise<FakeClone> {
  const clone = fakeClone(t);
  await ended(launch(clone, ['setup']));
  clone.write('packages/server/src/main.ts', SERVER);
  clone.write('packages/server/src/identity/hashing-thread.ts', '');
  clone.write('packages/server/src/word.ts', "export const word: string = 'first';\n");
  return clone;
}

const SERVER = `const { word } = await import('./word.ts');
console.log(word, import.meta.filename.includes('dist') ? 'built' : 'unbuilt', process.argv[2]);
`;

function installBundler({ root }: FakeClone): void {
  for (const name of ['esbuild', '@esbuild'])
    symlinkSync(join(checkout, 'node_modules', name), join(root, 'node_modules', name));
}

const start = (clone: FakeClone): Promise<Ended> => ended(launch(clone, ['start']));
const builds = ({ root }: FakeClone) => readdirSync(join(root, 'packages/server/dist'));

describe('the built server', { concurrency: true }, () => {
  test('is built at the first start, and anew when a source has changed', async (t) => {
    const clone = await cloneWithServer(t);
    installBundler(clone);
    assert.equal((await start(clone)).stdout, 'first built serve\n');
    assert.equal((await start(clone)).stdout, 'first built serve\n');
    assert.equal(builds(clone).length, 1);
    clone.write('packages/server/src/identity/hashing-thread.ts', '');
    clone.write('packages/server/src/word.ts', "export const word: string = 'another';\n");
    assert.equal((await start(clone)).stdout, 'another built serve\n');
    assert.equal(builds(clone).length, 2, 'a server that still runs keeps its own');
  });

  test('of several starts at once each runs, and one build is kept', async (t) => {
    const clone = await cloneWithServer(t);
    installBundler(clone);
    const ends = await Promise.all([start(clone), start(clone), start(clone)]);
    for (const { stdout } of ends) assert.equal(stdout, 'first built serve\n');
    assert.equal(builds(clone).length, 1);
  });

  test('gives way to the sources where there is no bundler, and where they cannot be built', async (t) => {
    const clone = await cloneWithServer(t);
    assert.equal((await start(clone)).stdout, 'first unbuilt serve\n');
    installBundler(clone);
    clone.write('packages/server/src/identity/hashing-thread.ts', '');
    clone.write('packages/server/src/word.ts', "import 'no-such-package'; export const word = '';\n");
    const { stderr, code } = await start(clone);
    assert.match(stderr, /could not be built and are run as they are/);
    assert.match(stderr, /no-such-package/, 'and Node says what is wrong with them');
    assert.notEqual(code, 0);
    assert.ok(!existsSync(join(clone.root, 'packages/server/dist')) || builds(clone).length === 0);
  });

  test('is what a published package holds, and runs without its dependencies installed', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'signet-packed-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const packed = join(folder, 'node_modules', 'signet');
    mkdirSync(packed, { recursive: true });
    const built = spawnSync(process.execPath, [
      join(checkout, 'scripts/build-package.mjs'),
      join(packed, 'dist'),
    ]);
    assert.equal(built.status, 0, String(built.stderr));
    cpSync(join(checkout, 'packages/server/bin'), join(packed, 'bin'), { recursive: true });
    cpSync(join(checkout, 'packages/server/package.json'), join(packed, 'package.json'));
    const run = spawnSync(process.execPath, [join(packed, 'bin/signet.mjs'), '--version'], {
      encoding: 'utf8',
    });
    assert.match(run.stdout, /^\d+\.\d+\.\d+\n$/, run.stderr);
  });
});
