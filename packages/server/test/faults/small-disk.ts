import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../store/temporary.ts';

/** A place for data that can be filled up and freed while a process uses it. */
export type SmallDisk = Readonly<{
  kind: string;
  folder: string;
  fill: (pid: number) => void;
  free: (pid: number) => void;
}>;

/** Undefined where neither a small file system can be mounted nor the files of a process be limited. */
export const smallDisk = (t: TestContext): SmallDisk | undefined =>
  mountedDisk(t) ?? limitedDisk(temporaryFolder(t));

const MEGABYTES = 8;

/** A file system in memory: only root may mount one, and not in every container. */
function mountedDisk(t: TestContext): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'signet-disk-'));
  t.after(() => {
    runs('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  const options = ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m,mode=0700`, 'signet-test', folder];
  if (!runs('mount', options)) return undefined;
  const filler = join(folder, 'filler');
  return {
    kind: `a file system of ${MEGABYTES} MB`,
    folder,
    fill: () => fillUp(filler),
    free: () => rmSync(filler),
  };
}

function fillUp(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (const chunk of [Buffer.alloc(65_536), Buffer.alloc(1)]) writeUntilFull(file, chunk);
  } finally {
    closeSync(file);
  }
}

function writeUntilFull(file: number, chunk: Buffer): void {
  try {
    while (writeSync(file, chunk) === chunk.length);
  } catch (fault) {
    if (!(fault instanceof Error && 'code' in fault && fault.code === 'ENOSPC')) throw fault;
  }
}

/** No file of the process may grow any more: the same to the program, but for the reason that it is told. */
function limitedDisk(folder: string): SmallDisk | undefined {
  const limit = (pid: number, size: string) => runs('prlimit', ['--pid', String(pid), `--fsize=${size}:`]);
  if (!limit(process.pid, 'unlimited')) return undefined;
  return {
    kind: 'a limit for the size of files',
    folder,
    fill: (pid) => void limit(pid, String(statSync(join(folder, 'signet.db-wal')).size)),
    free: (pid) => void limit(pid, 'unlimited'),
  };
}

const runs = (command: string, args: readonly string[]): boolean => spawnSync(command, args).status === 0;
