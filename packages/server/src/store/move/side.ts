import type { Row } from '../database.ts';

/** A table by its name, with its columns in alphabetical order. */
export type Table = Readonly<{ name: string; columns: readonly string[] }>;

/** One of the two databases of a move, as its rows are read. */
export type Side = Readonly<{
  tables: readonly Table[];
  count(table: Table): Promise<number>;
  /** All rows in some order, some hundred at a time. */
  batches(table: Table): AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>;
  /** The number last given to a row, by table: it is not given again even if that row is gone. */
  lastNumbers(): Promise<ReadonlyMap<string, number>>;
}>;

/** The one that is filled. Nothing of it is seen by others before the move has succeeded. */
export type TargetSide = Side &
  Readonly<{
    insert(table: Table, rows: readonly Row[]): Promise<void>;
    setLastNumbers(numbers: ReadonlyMap<string, number>): Promise<void>;
  }>;

/** Rows read or written at a time. */
export const BATCH = 500;

/** Tables in one order, whatever the database lists them in. */
export const inOrder = (columns: ReadonlyMap<string, readonly string[]>): readonly Table[] =>
  [...columns].map(([name, names]) => ({ name, columns: names.toSorted() })).toSorted(byName);

const byName = (left: Table, right: Table): number => (left.name < right.name ? -1 : 1);
