import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Cut, cutSqlite } from './cut.ts';
import { DatabaseRefused } from './database.ts';
import { COMPANIONS, discard, giveName, ownLike, syncFolderOf, syncToDisk } from './file-change.ts';
import { migrateSqlite, shapeOfSqlite } from './migrations/migrate-sqlite.ts';
import { MIGRATIONS, type Migration } from './migrations/migrations.ts';
import { requireKnownShape } from './migrations/shape.ts';
import { requireSoundCopy } from './sqlite-backup.ts';
import { refusal, requireOwnFile } from './sqlite-file.ts';
import { seizeSqlite } from './sqlite-lock.ts';
import type { StoredTenant } from './store.ts';

type SealedTenant = Pick<StoredTenant, 'name' | 'secret_sealed'>;

export type Restoration = Readonly<{
  /** The backup, and where the database belongs. */
  from: string;
  path: string;
  /** Name of the copy that is worked on. */
  draft: string;
  /** Whether a database that is there already may be replaced, and what it is called from then on. */
  replace: boolean;
  aside: string;
  cut: Cut;
  now: number;
  epoch: number;
  /** Throws when the tenants belong to another master secret. */
  requireOwner: (tenants: readonly SealedTenant[]) => void;
  migrations?: readonly Migration[];
}>;

/** Puts a backup in the database's place once everything about it has been checked. Whatever is refused leaves everything as it was. */
export function restoreSqlite(restoration: Restoration): void {
  const { from, path, draft, aside, replace } = restoration;
  if (existsSync(path) && statSync(path).size > 0 && !replace) {
    throw new DatabaseRefused(
      `There is a database ${path} already. With --replace it is kept under another name. Nothing was changed.`,
    );
  }
  requireWhole(from);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    copyFileSync(from, draft);
    ownLike(draft, path);
    prepare(restoration);
    install(path, draft, aside);
  } catch (fault) {
    throw aboutBackup(fault, restoration);
  } finally {
    discard(draft);
  }
}

/** A file that SQLite made, is Signet's and has nothing beside it that belongs to it. */
function requireWhole(from: string): void {
  if (!existsSync(from)) throw new DatabaseRefused(`There is no file ${from}.`);
  try {
    if (requireOwnFile(from) === 'empty') throw new DatabaseRefused(`The file ${from} is empty.`);
  } catch (fault) {
    throw refusal(from, fault);
  }
  const log = `${from}-wal`;
  if (existsSync(log) && statSync(log).size > 0) {
    throw new DatabaseRefused(
      `Beside ${from} lies ${log}: it is in use, or was copied from a database in use. Make a backup with "signet backup".`,
    );
  }
}

function prepare({ draft, cut, now, epoch, requireOwner, migrations = MIGRATIONS }: Restoration): void {
  requireSoundCopy(draft, 'integrity_check');
  const connection = new DatabaseSync(draft);
  try {
    requireKnownShape(shapeOfSqlite(connection), migrations.length, 'The backup');
    const tenants = connection.prepare('SELECT name, secret_sealed FROM tenants').all();
    // The columns of Signet's own table.
    requireOwner(tenants as SealedTenant[]);
    migrateSqlite(connection, { path: draft, now, migrations, snapshot: 'none' });
    cutSqlite(connection, epoch, cut);
  } finally {
    connection.close();
  }
  syncToDisk(draft);
}

/** The new file takes the place of the old one in one step, so that at no moment there is no database; the old one has a second name by then. */
function install(path: string, draft: string, aside: string): void {
  const old = existsSync(path) ? seizeIfSound(path) : undefined;
  try {
    // What the log of a database holds that is gone or damaged belongs to that one, and must not get into this one.
    for (const suffix of COMPANIONS) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
    if (!existsSync(path)) {
      giveName(draft, path);
      return;
    }
    if (statSync(path).size > 0) linkSync(path, aside);
    renameSync(draft, path);
    syncFolderOf(path);
  } finally {
    old?.close();
  }
}

/** Undefined for a database too damaged to be asked whether somebody uses it. */
function seizeIfSound(path: string): DatabaseSync | undefined {
  if (!hasOwnHeader(path)) return undefined;
  try {
    return seizeSqlite(path);
  } catch (fault) {
    if (fault instanceof DatabaseRefused) throw fault;
    return undefined;
  }
}

function hasOwnHeader(path: string): boolean {
  try {
    requireOwnFile(path);
    return true;
  } catch {
    return false;
  }
}

/** What is said of the copy is said of the backup. */
function aboutBackup(fault: unknown, { from, draft }: Restoration): unknown {
  if (fault instanceof Error && fault.name === 'WrongMasterSecret') return fault;
  const { message } = refusal(draft, fault);
  const told = message
    .replaceAll(`The database ${draft}`, `The backup ${from}`)
    .replace('Restore a backup. The file', 'Take another one. It');
  return new DatabaseRefused(told, { cause: fault });
}
