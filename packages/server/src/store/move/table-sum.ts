import { sha256 } from '../../model/secret.ts';
import type { Row, Value } from '../database.ts';
import type { Table } from './side.ts';

/** Rows counted and summed up: two tables with the same sum hold the same rows, in whatever order they were read. */
export type TableSum = Readonly<{
  add(rows: readonly Row[]): void;
  /** Number of rows and checksum, as one text. */
  text(): string;
}>;

const MODULUS = 2n ** 128n;

export function tableSum({ columns }: Table): TableSum {
  let count = 0;
  let sum = 0n;
  return {
    add: (rows) => {
      for (const row of rows) {
        const digest = sha256(JSON.stringify(columns.map((column) => written(row[column], column))));
        sum = (sum + digest.readBigUInt64BE(0) + (digest.readBigUInt64BE(8) << 64n)) % MODULUS;
      }
      count += rows.length;
    },
    text: () => `${count} rows, checksum ${sum.toString(16).padStart(32, '0')}`,
  };
}

/** One spelling of a value for both databases; bytes in an array, so that no text is taken for them. */
function written(value: Value | undefined, column: string): string | number | null | readonly [string] {
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('hex')];
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw new TypeError(`The column ${column} holds a value of a kind that Signet does not store.`);
}
