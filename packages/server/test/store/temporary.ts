import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';

/** An empty folder that goes with the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'signet-store-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Name and digest of each file in a folder: equal only if nothing was added, taken away or changed. */
export const contentsOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );

/** Copies a database with its log as a killed process leaves them: committed, but not moved into the file. */
export function copyAfterCrash(from: string, folder: string, lastWords: string): string {
  const connection = new DatabaseSync(from);
  connection.exec(`PRAGMA wal_autocheckpoint = 0; ${lastWords}`);
  const path = join(folder, 'crashed.db');
  for (const suffix of ['', '-wal']) copyFileSync(from + suffix, path + suffix);
  connection.close();
  return path;
}
