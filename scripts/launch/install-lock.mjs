// Plain JavaScript without dependencies: runs before anything is installed, on Node 18 and later.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;
const HEARTBEAT_MS = 2_000;
/** A holder silent for so long is gone, even when its process id now belongs to someone else. */
const SILENCE_MS = 30_000;

/**
 * Runs `work` while holding the lock directory `lock`, waiting while another live process holds it. The lock of a process
 * that died is taken over. `say` hears one sentence when there is waiting to do.
 */
export async function withInstallLock(lock, say, work) {
  mkdirSync(dirname(lock), { recursive: true });
  let told = false;
  while (!acquire(lock)) {
    if (isAbandoned(lock)) {
      removeAbandoned(lock);
      continue;
    }
    if (!told) say('another process is installing the dependencies; waiting for it …');
    told = true;
    await sleep(POLL_MS);
  }
  const release = () => {
    if (ownerOf(lock) === process.pid) rmSync(lock, { recursive: true, force: true });
  };
  const heartbeat = setInterval(() => keepAlive(lock), HEARTBEAT_MS);
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.removeListener('exit', release);
    release();
  }
}

// The directory gets its owner before it gets its name, so a lock never stands without one;
// renaming onto a directory that is not empty fails.
function acquire(lock) {
  const draft = mkdtempSync(`${lock}-`);
  writeFileSync(join(draft, 'owner'), String(process.pid));
  try {
    renameSync(draft, lock);
    return true;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (existsSync(lock) || ['ENOTEMPTY', 'EEXIST'].includes(error.code)) return false;
    throw error;
  }
}

function isAbandoned(lock) {
  const owner = ownerOf(lock);
  const silent = Date.now() - changedAt(lock) > SILENCE_MS;
  return silent || (owner !== undefined && (owner === process.pid || !isAlive(owner)));
}

function removeAbandoned(lock) {
  const owner = ownerOf(lock);
  const removed = `${lock}-abandoned-${process.pid}`;
  try {
    renameSync(lock, removed);
    // Another waiter may have been faster and hold a new lock by now: give it back.
    if (ownerOf(removed) === owner) rmSync(removed, { recursive: true, force: true });
    else renameSync(removed, lock);
  } catch {
    // Someone else removed it first: the next attempt to acquire it will tell.
  }
}

function ownerOf(lock) {
  try {
    return Number(readFileSync(join(lock, 'owner'), 'utf8'));
  } catch {
    return undefined;
  }
}

function changedAt(lock) {
  try {
    return statSync(lock).mtimeMs;
  } catch {
    return Date.now();
  }
}

function keepAlive(lock) {
  const now = new Date();
  try {
    utimesSync(lock, now, now);
  } catch {
    // Taken over after a long pause of this process: nothing is left to keep alive.
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
