import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';

const checkout = join(import.meta.dirname, '..', '..');

/** A folder like a bare clone, with the real launcher and a few packages of its own, so that `npm ci` needs no network. */
export type FakeClone = {
  root: string;
  write: (path: string, text: string) => void;
  /** Declares and locks the packages below packages/ and the tools below tools/, each with what else its package.json says. */
  lock: (packages: Manifests, tools?: Manifests) => void;
};

type Manifests = Readonly<Record<string, object>>;

/** What a process printed, and how it ended. */
export type Ended = { code: number | null; stdout: string; stderr: string };

/** Makes a FakeClone that is removed after the test. Its pinned Node announces itself on stderr, then runs this Node. */
export function fakeClone(t: TestContext): FakeClone {
  const root = mkdtempSync(join(tmpdir(), 'signet-launch-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const path of ['scripts/run.mjs', 'scripts/launch', 'packages/server/bin/signet.mjs']) {
    cpSync(join(checkout, path), join(root, path), { recursive: true });
  }
  write('.npmrc', 'audit=false\nfund=false\nupdate-notifier=false\n');
  write('packages/pinned/node.sh', `#!/bin/sh\necho "pinned Node" >&2\nexec "${process.execPath}" "$@"\n`);
  chmodSync(join(root, 'packages/pinned/node.sh'), 0o755);
  const clone: FakeClone = { root, write, lock: (packages, tools = {}) => lock(write, packages, tools) };
  clone.lock({ pinned: { bin: { node: 'node.sh' } } });
  return clone;
}

function lock(write: FakeClone['write'], packages: Manifests, tools: Manifests): void {
  const project = {
    name: 'clone',
    version: '1.0.0',
    workspaces: Object.keys(packages).map((name) => `packages/${name}`),
    devDependencies: Object.fromEntries(Object.keys(tools).map((name) => [name, `file:tools/${name}`])),
  };
  write('package.json', JSON.stringify({ ...project, private: true }));
  const locked: Record<string, object> = { '': project };
  const add = (name: string, folder: string, others: object | undefined, flags: object) => {
    const manifest = { version: '1.0.0', ...others };
    write(`${folder}/${name}/package.json`, JSON.stringify({ name, ...manifest }));
    locked[`node_modules/${name}`] = { resolved: `${folder}/${name}`, link: true };
    locked[`${folder}/${name}`] = { ...manifest, ...flags };
  };
  for (const name of Object.keys(packages)) add(name, 'packages', packages[name], {});
  for (const name of Object.keys(tools)) add(name, 'tools', tools[name], { dev: true });
  const lockfile = { name: 'clone', version: '1.0.0', lockfileVersion: 3, packages: locked };
  write('package-lock.json', JSON.stringify(lockfile));
}

/** Starts `node scripts/run.mjs …args` in the clone. */
export function launch(clone: FakeClone, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, [join(clone.root, 'scripts/run.mjs'), ...args], {
    cwd: clone.root,
    env: { ...process.env, npm_execpath: undefined, ...env },
  });
}

/** Waits for the end of a process, gathering what it prints. */
export function ended(child: ChildProcess): Promise<Ended> {
  const printed = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    printed.stderr += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...printed })));
}
