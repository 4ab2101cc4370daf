/** A value in a row. Times and counts are numbers, JSON is text, hashes are bytes. */
export type Value = string | number | Uint8Array | null;
export type Row = Readonly<Record<string, Value>>;

/** SQL that SQLite and PostgreSQL read alike, with a `?` for each parameter. */
export type Statement = Readonly<{
  sql: string;
  parameters: readonly Value[];
  /** `id`: it inserts one row, whose number is wanted. */
  gives?: 'id';
  /** `own row`: what it changes depends on nothing but the row that it changes. */
  sees?: 'own row';
}>;

export const statement = (sql: string, ...parameters: Value[]): Statement => ({ sql, parameters });

/** Inserts one row and tells its number. */
export const insertion = (sql: string, ...parameters: Value[]): Statement => ({
  sql,
  parameters,
  gives: 'id',
});

/** Decides by the row that it changes and by no other one: there is nothing that a change elsewhere at that moment could make untrue. */
export const ownRow = (sql: string, ...parameters: Value[]): Statement => ({
  sql,
  parameters,
  sees: 'own row',
});

/** What a statement did: how many rows it changed, and the number of the row that an `insertion` made. */
export type Written = Readonly<{ count: number; id: number }>;

/** The number of the row just inserted. */
export function idOf(written: Written | undefined): number {
  if (written?.count !== 1) throw new Error('A row was not stored.');
  return written.id;
}

/** What a verb of the store needs of a database; no open transaction ever leaves it. */
export type Database = Readonly<{
  read(query: Statement): Promise<readonly Row[]>;
  /** All statements or none, on disk before the promise is kept. */
  write(...statements: Statement[]): Promise<readonly Written[]>;
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
