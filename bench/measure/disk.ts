import { chmodSync, mkdirSync, mkdtempSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

/** Types of file systems that are memory (statfs(2)). */
const MEMORY = new Map([
  [0x01021994, 'tmpfs'],
  [0x858458f6, 'ramfs'],
]);

/** A new folder for databases below `parent`. Throws when that is memory, where durability costs nothing and measures nothing. */
export function folderOnDisk(parent: string): string {
  mkdirSync(parent, { recursive: true });
  requireDisk(parent);
  const folder = mkdtempSync(join(parent, 'bench-'));
  // PostgreSQL runs under a name of its own when root starts it, and has to come through.
  chmodSync(folder, 0o711);
  return folder;
}

/** Throws for a folder that is kept in memory. */
export function requireDisk(
  folder: string,
  typeOf: (path: string) => number = (path) => statfsSync(path).type,
): void {
  const memory = MEMORY.get(typeOf(folder));
  if (memory === undefined) return;
  throw new Error(
    `${folder} is ${memory}, where a sync to disk is free: name a folder on a disk with --dir.`,
  );
}
