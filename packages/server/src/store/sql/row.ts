import type { Row, Value } from '../database.ts';

/** Columns of a row by type: a column of another type is a fault of the program or of the database, and never guessed at. */
export const text = (row: Row, column: string): string => typed(row, column, isText);
export const number = (row: Row, column: string): number => typed(row, column, isNumber);
export const bytes = (row: Row, column: string): Uint8Array => typed(row, column, isBytes);
export const maybeNumber = (row: Row, column: string): number | null => nullable(row, column, isNumber);
export const maybeText = (row: Row, column: string): string | null => nullable(row, column, isText);
export const maybeBytes = (row: Row, column: string): Uint8Array | null => nullable(row, column, isBytes);

/** A column of JSON that only this store writes, and so of the shape it wrote. */
export const json = <Shape>(row: Row, column: string): Shape => JSON.parse(text(row, column)) as Shape;

const isText = (value: Value | undefined): value is string => typeof value === 'string';
const isNumber = (value: Value | undefined): value is number => typeof value === 'number';
const isBytes = (value: Value | undefined): value is Uint8Array => value instanceof Uint8Array;

function typed<Kind extends Value>(
  row: Row,
  column: string,
  is: (value: Value | undefined) => value is Kind,
): Kind {
  const value = row[column];
  if (!is(value)) throw new TypeError(`The column ${column} holds no value of the expected type.`);
  return value;
}

const nullable = <Kind extends Value>(
  row: Row,
  column: string,
  is: (value: Value | undefined) => value is Kind,
): Kind | null => (row[column] === null ? null : typed(row, column, is));
