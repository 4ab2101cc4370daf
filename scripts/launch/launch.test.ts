import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ended, type FakeClone, fakeClone, launch } from './fake-clone.ts';

const INSTALLING = 'installing the locked dependencies';
const PINNED = { pinned: { bin: { node: 'node.sh' } } };

const run = (clone: FakeClone, args: string[], env: NodeJS.ProcessEnv = {}) =>
  ended(launch(clone, args, env));
const isInstalled = (clone: FakeClone, name: string) => existsSync(join(clone.root, 'node_modules', name));

describe('the launcher of npm scripts', { concurrency: true }, () => {
  test('installs on the first run and not on the second', async (t) => {
    const clone = fakeClone(t);
    const first = await run(clone, ['setup']);
    assert.equal(first.code, 0, first.stderr);
    assert.ok(first.stderr.includes(INSTALLING));
    assert.ok(isInstalled(clone, 'pinned'));
    // Held by this very process, the lock would keep the second run waiting if it asked for it.
    clone.write('.cache/install.lock/owner', String(process.pid));
    const second = await run(clone, ['setup']);
    assert.deepEqual([second.code, second.stderr], [0, 'signet: everything is installed.\n']);
    assert.equal(first.stdout + second.stdout, '', 'progress stays away from the output of a command');
  });

  test('installs again when the lockfile changes', async (t) => {
    const clone = fakeClone(t);
    await run(clone, ['setup']);
    clone.lock({ ...PINNED, another: {} });
    const { code, stderr } = await run(clone, ['setup']);
    assert.equal(code, 0, stderr);
    assert.ok(stderr.includes(INSTALLING));
    assert.ok(isInstalled(clone, 'another'));
  });

  test('takes over what npm was told to install by hand', async (t) => {
    const clone = fakeClone(t);
    spawnSync('npm', ['ci'], { cwd: clone.root });
    const { code, stderr } = await run(clone, ['setup']);
    assert.equal(code, 0);
    assert.ok(!stderr.includes(INSTALLING));
    clone.lock({ ...PINNED, another: {} });
    assert.ok((await run(clone, ['setup'])).stderr.includes(INSTALLING));
  });

  test('needs no install scripts, and runs none', async (t) => {
    const clone = fakeClone(t);
    clone.lock({ ...PINNED, scripted: { scripts: { postinstall: 'touch ran' } } });
    const { code, stderr } = await run(clone, ['setup'], { npm_config_ignore_scripts: 'true' });
    assert.equal(code, 0, stderr);
    clone.lock({ ...PINNED, scripted: { version: '1.0.1', scripts: { postinstall: 'touch ran' } } });
    await run(clone, ['setup'], { npm_config_ignore_scripts: 'false' });
    assert.ok(isInstalled(clone, 'scripted'));
    assert.ok(!existsSync(join(clone.root, 'packages/scripted/ran')));
  });

  test('installs everything, tools too, under engine-strict and NODE_ENV=production', async (t) => {
    const clone = fakeClone(t);
    clone.lock({ ...PINNED, newer: { engines: { node: '>=99' } } }, { tool: {} });
    const env = { npm_config_engine_strict: 'true', NODE_ENV: 'production' };
    const { code, stderr } = await run(clone, ['setup'], env);
    assert.equal(code, 0, stderr);
    assert.ok(isInstalled(clone, 'newer') && isInstalled(clone, 'tool'));
  });

  test('started twice at once installs once', async (t) => {
    const clone = fakeClone(t);
    const both = await Promise.all([run(clone, ['setup']), run(clone, ['setup']), run(clone, ['setup'])]);
    assert.deepEqual(
      both.map(({ code }) => code),
      [0, 0, 0],
    );
    assert.equal(both.filter(({ stderr }) => stderr.includes(INSTALLING)).length, 1);
    assert.deepEqual(existsSync(join(clone.root, '.cache/install.lock')), false);
  });

  test('takes over the lock of a process that died', async (t) => {
    const clone = fakeClone(t);
    const { pid } = spawnSync(process.execPath, ['--version']);
    clone.write('.cache/install.lock/owner', String(pid));
    const { code, stderr } = await run(clone, ['setup']);
    assert.equal(code, 0, stderr);
    assert.ok(!stderr.includes('waiting'));
  });

  test('says what failed when npm cannot install, and tries again the next time', async (t) => {
    const clone = fakeClone(t);
    clone.write('package-lock.json', '{"lockfileVersion":3,"packages":{}}');
    const { code, stderr } = await run(clone, ['setup']);
    assert.equal(code, 1);
    assert.match(stderr, /signet: the installation failed: npm ci ended with 1/);
    assert.ok(!stderr.includes('    at '), 'no stack');
    clone.lock(PINNED);
    assert.equal((await run(clone, ['setup'])).code, 0);
  });

  test('refuses an unknown entry, naming those there are', async (t) => {
    for (const args of [[], ['constructor'], ['nothing']]) {
      const { code, stderr } = await run(fakeClone(t), args);
      assert.equal(code, 1);
      assert.match(stderr, /say what to run: setup, start, test/);
    }
  });
});

describe('the program under the launcher', { concurrency: true }, () => {
  test('runs on the pinned Node with the arguments, node_modules/.bin first in PATH, and a compile cache', async (t) => {
    const clone = fakeClone(t);
    clone.write(
      'scripts/test.ts',
      'const { PATH, NODE_COMPILE_CACHE } = process.env;\nconsole.log(JSON.stringify({ args: process.argv.slice(2), PATH, NODE_COMPILE_CACHE }));',
    );
    const { stdout, stderr } = await run(clone, ['test', 'login', '--dot'], {
      NODE_COMPILE_CACHE: undefined,
    });
    assert.ok(stderr.includes('pinned Node'));
    const seen = JSON.parse(stdout);
    assert.deepEqual(seen.args, ['login', '--dot']);
    assert.ok(seen.PATH.startsWith(join(clone.root, 'node_modules/.bin:')));
    assert.equal(seen.NODE_COMPILE_CACHE, join(clone.root, 'node_modules/.cache/compile'));
  });

  test('may be npm itself, to change dependencies for the Node they run on', async (t) => {
    const script = join(fakeClone(t).root, 'npm-cli.js');
    const clone = fakeClone(t);
    writeFileSync(script, 'console.log(process.argv.slice(2).join(" "));');
    await run(clone, ['setup']);
    const { code, stdout, stderr } = await run(clone, ['npm', 'install', 'x'], { npm_execpath: script });
    assert.deepEqual([code, stdout], [0, 'install x\n']);
    assert.ok(stderr.includes('pinned Node'));
  });

  test('hands back its exit code', async (t) => {
    const clone = fakeClone(t);
    clone.write('scripts/check.ts', 'process.exitCode = 7;');
    assert.equal((await run(clone, ['check'])).code, 7);
  });

  test('is told of SIGTERM and SIGINT, and ends in its own time', async (t) => {
    const clone = fakeClone(t);
    clone.write(
      'packages/server/src/main.ts',
      `for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(signal === 'SIGINT' ? 3 : 4));
       setTimeout(() => process.exit(9), 5000);
       console.log(process.argv[2]);`,
    );
    for (const [signal, code] of [
      ['SIGINT', 3],
      ['SIGTERM', 4],
    ] as const) {
      const child = launch(clone, ['start']);
      child.stdout?.once('data', () => child.kill(signal));
      const end = await ended(child);
      assert.deepEqual([end.stdout, end.code], ['serve\n', code]);
    }
  });

  test('ends when npm is told to stop, though the shell between them does not pass that on', async (t) => {
    const clone = fakeClone(t);
    clone.write(
      'packages/server/src/main.ts',
      `process.on('SIGTERM', () => { console.log('drained'); process.exit(); });
       setTimeout(() => process.exit(9), 5000);
       console.log('ready');`,
    );
    const env = { ...process.env, npm_lifecycle_event: 'start' };
    // Not the last command, so that no shell replaces itself by it.
    const shell = spawn('sh', ['-c', `"${process.execPath}" scripts/run.mjs start; true`], {
      cwd: clone.root,
      env,
    });
    shell.stdout.once('data', () => shell.kill('SIGTERM'));
    assert.equal((await ended(shell)).stdout, 'ready\ndrained\n');
  });
});

describe('the signet command', { concurrency: true }, () => {
  const main = 'console.log(process.cwd(), process.argv.slice(2).join(" ")); process.exitCode = 5;';

  test('in a clone, installs and runs the sources on the pinned Node, in the folder of the caller', async (t) => {
    const clone = fakeClone(t);
    clone.write('packages/server/src/main.ts', `const text: string = ''; ${main}`);
    const cwd = join(clone.root, 'packages');
    const child = spawn(
      process.execPath,
      [join(clone.root, 'packages/server/bin/signet.mjs'), 'client', 'list'],
      { cwd },
    );
    const { code, stdout, stderr } = await ended(child);
    assert.ok(stderr.includes(INSTALLING) && stderr.includes('pinned Node'));
    assert.deepEqual([code, stdout], [5, `${cwd} client list\n`]);
  });

  test('in the published package, runs the compiled program on the Node that started it', async (t) => {
    const clone = fakeClone(t);
    const folder = mkdtempSync(join(tmpdir(), 'signet-package-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(join(folder, 'bin'));
    copyFileSync(join(clone.root, 'packages/server/bin/signet.mjs'), join(folder, 'bin/signet.mjs'));
    mkdirSync(join(folder, 'dist'));
    clone.write('main.js', main);
    copyFileSync(join(clone.root, 'main.js'), join(folder, 'dist/main.js'));
    const { code, stdout } = await ended(
      spawn(process.execPath, [join(folder, 'bin/signet.mjs'), 'dev'], { cwd: folder }),
    );
    assert.deepEqual([code, stdout], [5, `${folder} dev\n`]);
  });
});
