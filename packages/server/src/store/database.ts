/** A value in a row. Times and counts are numbers, JSON is text, hashes are bytes. */
export type Value = string | number | Uint8Array | null;
export type Row = Readonly<Record<string, Value>>;

/** SQL that SQLite and PostgreSQL read alike, with a `?` for each parameter. */
export type Statement = Readonly<{ sql: string; parameters: readonly Value[] }>;

export const statement = (sql: string, ...parameters: Value[]): Statement => ({ sql, parameters });

/** What a verb of the store needs of a database; no open transaction ever leaves it. */
export type Database = Readonly<{
  read(query: Statement): Promise<readonly Row[]>;
  /** All statements or none, on disk before the promise is kept; one array of returned rows for each. */
  write(...statements: Statement[]): Promise<readonly (readonly Row[])[]>;
  /** Differs from an earlier answer when another process has committed in between. */
  foreignChanges(): number;
  close(): Promise<void>;
}>;

/** The database did not do what it was asked and nothing was acknowledged: full, locked, broken or gone. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable';
}

/** The database must not be opened by this program; the message says why and what to do. */
export class DatabaseRefused extends Error {
  override name = 'DatabaseRefused';
}
