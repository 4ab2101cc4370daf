// Plain JavaScript without dependencies: runs before anything is installed, on Node 18 and later.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withInstallLock } from './install-lock.mjs';
import { run } from './node.mjs';
import { npmCommand } from './npm.mjs';
import { LaunchError, say } from './say.mjs';

/**
 * Installs the locked dependencies of `root`, the pinned Node among them, when package-lock.json differs from what is
 * installed. Safe to call from several processes at once. Rejects with a LaunchError when npm fails.
 */
export async function ensureInstalled(root) {
  if (isStamped(root)) return;
  await withInstallLock(join(root, '.cache', 'install.lock'), say, async () => {
    if (isStamped(root)) return;
    if (!isTreeOfLockfile(root)) await install(root);
    writeFileSync(stampFile(root), stamp(root));
  });
}

function isStamped(root) {
  return readText(stampFile(root)) === stamp(root);
}

function stampFile(root) {
  return join(root, 'node_modules', '.signet-stamp');
}

// The platform is part of the stamp: a folder shared with a container holds another platform's binaries.
function stamp(root) {
  const lockfile = readFileSync(join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lockfile).digest('hex')} ${process.platform}-${process.arch}\n`;
}

/**
 * True when npm has already installed exactly the locked packages (`npm ci` by hand, `npm install X`).
 * npm writes node_modules/.package-lock.json last, so a broken installation has none.
 */
function isTreeOfLockfile(root) {
  const installed = readText(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return false;
  const present = JSON.parse(installed).packages;
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const isAsLocked = (path) => JSON.stringify(present[path]) === JSON.stringify(locked[path]);
  return (
    Object.keys(present).every((path) => path in locked) &&
    Object.keys(locked).every((path) => path === '' || isAsLocked(path) || isForOtherPlatform(locked[path]))
  );
}

function isForOtherPlatform({ optional, os, cpu, libc }) {
  const misfits = (names, name) => names !== undefined && ![names].flat().includes(name);
  return (
    optional === true &&
    (misfits(os, process.platform) ||
      misfits(cpu, process.arch) ||
      (libc !== undefined && misfits(libc, systemLibc())))
  );
}

function systemLibc() {
  return process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
}

async function install(root) {
  const started = Date.now();
  say('installing the locked dependencies, and Node beside them; the first time this takes up to a minute …');
  const npm = npmCommand();
  // No dependency needs its install script, so none is run, whatever the user's npm allows.
  // NODE_ENV=production or `omit` in the user's configuration would leave out Node itself, and the tools.
  const options = [
    '--ignore-scripts',
    '--engine-strict=false',
    '--include=dev',
    '--include=optional',
    '--loglevel=error',
  ];
  const code = await run(npm.file, [...npm.args, 'ci', ...options], {
    cwd: root,
    env: environmentOfRoot(),
    shell: npm.shell,
    stdio: ['ignore', 2, 2],
  });
  if (code !== 0) {
    throw new LaunchError(
      `the installation failed: npm ci ended with ${code} and gave its reason above. Then run the same command again.`,
    );
  }
  // An empty dependency list leaves no folder behind.
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  say(`installed in ${Math.ceil((Date.now() - started) / 1000)} s.`);
}

// `npm test -w NAME` must still install the whole tree.
function environmentOfRoot() {
  const isOfCaller = (name) =>
    /^npm_config_(workspaces?|include_workspace_root|prefix|local_prefix)$/i.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOfCaller(name)));
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
