import { StoreUnavailable } from './database.ts';

/** Primary result codes of SQLite (sqlite.org/rescode.html) that are told apart here. */
export const RESULT = {
  ERROR: 1,
  BUSY: 5,
  READONLY: 8,
  CORRUPT: 11,
  TOOBIG: 18,
  CONSTRAINT: 19,
  MISMATCH: 20,
  MISUSE: 21,
  RANGE: 25,
  NOTADB: 26,
} as const;

/** A statement that fails so is wrong in itself: trying again later cannot help. */
const PROGRAM_FAULTS: readonly number[] = [
  RESULT.ERROR,
  RESULT.TOOBIG,
  RESULT.CONSTRAINT,
  RESULT.MISMATCH,
  RESULT.MISUSE,
  RESULT.RANGE,
];

/** The primary result code of a fault that SQLite told; undefined for any other fault. */
export function resultCode(fault: unknown): number | undefined {
  const isOfSqlite = fault instanceof Error && 'errcode' in fault && typeof fault.errcode === 'number';
  return isOfSqlite ? Number(fault.errcode) & 0xff : undefined;
}

export const isBusy = (fault: unknown): boolean => resultCode(fault) === RESULT.BUSY;

export const reasonOf = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));

export const unavailable = (fault: unknown): StoreUnavailable =>
  new StoreUnavailable(reasonOf(fault), { cause: fault });

/** What a caller is told of a failed statement: `StoreUnavailable` when the database failed, else the program's own fault. */
export function toldAs(fault: unknown): unknown {
  const code = resultCode(fault);
  const isClosed = fault instanceof Error && 'code' in fault && fault.code === 'ERR_INVALID_STATE';
  const isOfTheDatabase = code === undefined ? isClosed : !PROGRAM_FAULTS.includes(code);
  return isOfTheDatabase ? unavailable(fault) : fault;
}
