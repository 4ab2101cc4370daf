import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Skipped } from '../experiment.ts';

/** A small file system that can be filled up and freed while a process uses it. */
export type SmallDisk = Readonly<{ folder: string; fill: () => void; free: () => void; remove: () => void }>;

/** Mounts so many megabytes of memory at the folder; only root may, and not in every container. */
export function smallDisk(folder: string, megabytes: number): SmallDisk {
  mkdirSync(folder, { recursive: true });
  const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'signet-faults', folder];
  if (spawnSync('mount', options).status !== 0)
    throw new Skipped('no small file system can be mounted: that needs root, outside of a container');
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: () => fillUp(filler),
    free: () => rmSync(filler, { force: true }),
    remove: () => void spawnSync('umount', ['--lazy', folder]),
  };
}

function fillUp(path: string): void {
  const file = openSync(path, 'w');
  for (const chunk of [Buffer.alloc(65_536), Buffer.alloc(1)]) writeUntilFull(file, chunk);
  closeSync(file);
}

function writeUntilFull(file: number, chunk: Buffer): void {
  try {
    while (writeSync(file, chunk) === chunk.length);
  } catch (fault) {
    if (!(fault instanceof Error && 'code' in fault && fault.code === 'ENOSPC')) throw fault;
  }
}
