import { chmodSync, chownSync, closeSync, fsyncSync, linkSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseRefused } from './database.ts';

/** What SQLite may lay beside a database's file. */
export const COMPANIONS = ['-wal', '-shm', '-journal'] as const;

/** Removes a file that did not become a database, with what lies beside it. */
export function discard(path: string): void {
  for (const suffix of ['', ...COMPANIONS]) rmSync(path + suffix, { force: true });
}

/** Gives a finished file its name, unless there is something of that name: it is there whole and on disk, or not at all. */
export function giveName(draft: string, path: string): void {
  syncToDisk(draft);
  try {
    linkSync(draft, path);
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && fault.code === 'EEXIST') {
      throw new DatabaseRefused(`There is a file ${path} already. It was left as it is.`, { cause: fault });
    }
    throw fault;
  }
  rmSync(draft);
  syncFolderOf(path);
}

export function syncToDisk(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes new names in the folder outlive a loss of power. Windows cannot be asked to, and needs not be. */
export function syncFolderOf(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** For its owner alone; root makes it belong to whom the database belonged, else to whom its folder belongs, so that the server can use it. */
export function ownLike(draft: string, path: string): void {
  chmodSync(draft, 0o600);
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(path, { throwIfNoEntry: false }) ?? statSync(dirname(path));
  chownSync(draft, uid, gid);
}
