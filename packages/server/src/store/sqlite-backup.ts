import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { DatabaseRefused } from './database.ts';
import { discard, giveName } from './file-change.ts';
import { shapeOfSqlite } from './migrations/migrate-sqlite.ts';
import { damaged, refusal, requireOwnFile } from './sqlite-file.ts';

/** Pages copied at a time: 16 MB. */
const STEP = 4096;

export type BackupProgress = (done: number, total: number) => void;

/**
 * Copies a database, also while servers read and write it, as it is at one moment. The copy is checked before it gets its name; it is one
 * file, for this user alone. `draft` is its name until then. Returns its size in bytes.
 */
export async function backupSqlite(
  path: string,
  file: string,
  draft: string,
  progress: BackupProgress = () => undefined,
): Promise<number> {
  if (existsSync(file)) throw new DatabaseRefused(`There is a file ${file} already. It was left as it is.`);
  requireOwnFile(path);
  const source = new DatabaseSync(path, { timeout: 5000 });
  try {
    // A read that stands open keeps others' commits out of the copy, which would begin anew with each of them.
    source.exec('BEGIN');
    shapeOfSqlite(source);
    closeSync(openSync(draft, 'wx', 0o600));
    await backup(source, draft, {
      rate: STEP,
      progress: ({ totalPages, remainingPages }) => progress(totalPages - remainingPages, totalPages),
    });
    requireSoundCopy(draft, 'quick_check');
    giveName(draft, file);
    return statSync(file).size;
  } catch (fault) {
    discard(draft);
    throw refusal(path, fault);
  } finally {
    source.close();
  }
}

/** Checks a copy that nobody else uses, and leaves it as one file without a log. */
export function requireSoundCopy(path: string, check: 'quick_check' | 'integrity_check'): void {
  const connection = new DatabaseSync(path);
  try {
    connection.exec('PRAGMA journal_mode = DELETE');
    const verdict = connection.prepare(`PRAGMA ${check}(1)`).get()?.[check];
    if (verdict !== 'ok') throw damaged(path, String(verdict).split('\n').at(-1) ?? '');
  } finally {
    connection.close();
  }
}
