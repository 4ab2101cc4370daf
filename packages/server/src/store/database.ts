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
  /** `change a row`: when it changes none, nothing of what it is written with is done, and `NothingChanged` is thrown. */
  must?: 'change a row';
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

/** The same statement, without which nothing that it is written with is to be done. */
export const orNothing = (one: Statement): Statement => ({ ...one, must: 'change a row' });

/** The same statements, of which the last is the one without which none is to be done. */
export const lastOrNothing = (statements: readonly Statement[]): readonly Statement[] =>
  statements.map((one, index) => (index === statements.length - 1 ? orNothing(one) : one));

/** A statement that had to change a row found none: things are not as whoever wrote it thought. */
export class NothingChanged extends Error {
  override name = 'NothingChanged';
}

/** What was written, if it is what had to be. */
export function requireChange({ must }: Statement, written: Written): Written {
  if (must === 'change a row' && written.count === 0) throw new NothingChanged('No row was changed.');
  return written;
}

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

/** Writes all of it; false when one that had to change a row changed none, and so nothing was written. */
export async function allOrNothing(database: Database, statements: readonly Statement[]): Promise<boolean> {
  try {
    await database.write(...statements);
    return true;
  } catch (fault) {
    if (fault instanceof NothingChanged) return false;
    throw fault;
  }
}

/** The database did not do what it was asked and nothing was acknowledged: full, locked, broken or gone. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable';
}

/** The database must not be opened by this program; the message says why and what to do. */
export class DatabaseRefused extends Error {
  override name = 'DatabaseRefused';
}
