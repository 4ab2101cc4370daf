import { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TestContext } from 'node:test';

/** How one call to SQLite fails: it does nothing, or it is done and nobody is told (the outcome of a commit is unknown). */
export type Failure = 'not done' | 'done but told as failed';

type Values = Parameters<StatementSync['all']>;
type Query = (this: StatementSync, ...values: Values) => unknown;

/** A disk of which one access can be made to fail. */
export type BrokenDisk = Readonly<{
  /** From now on the call of that number fails in that manner, once. */
  failAt: (call: number, failure: Failure) => void;
  /** Whether that call was reached; from now on none fails. */
  mend: () => boolean;
}>;

/** Stands between the adapter and SQLite until the test ends, in this process alone. */
export function brokenDisk(t: TestContext): BrokenDisk {
  let callsLeft = 0;
  let failure: Failure = 'not done';
  const through = <Result>(call: () => Result): Result => {
    if (callsLeft === 0) return call();
    callsLeft -= 1;
    if (callsLeft > 0) return call();
    if (failure === 'done but told as failed') call();
    throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 10 });
  };
  const exec: (this: DatabaseSync, sql: string) => void = Reflect.get(DatabaseSync.prototype, 'exec');
  const all: Query = Reflect.get(StatementSync.prototype, 'all');
  const get: Query = Reflect.get(StatementSync.prototype, 'get');
  const run: Query = Reflect.get(StatementSync.prototype, 'run');
  t.mock.method(DatabaseSync.prototype, 'exec', function (this: DatabaseSync, sql: string) {
    return sql === 'ROLLBACK' ? exec.call(this, sql) : through(() => exec.call(this, sql));
  });
  t.mock.method(StatementSync.prototype, 'all', function (this: StatementSync, ...values: Values) {
    return through(() => all.apply(this, values));
  });
  t.mock.method(StatementSync.prototype, 'get', function (this: StatementSync, ...values: Values) {
    return through(() => get.apply(this, values));
  });
  t.mock.method(StatementSync.prototype, 'run', function (this: StatementSync, ...values: Values) {
    return through(() => run.apply(this, values));
  });
  return {
    failAt(call, how) {
      callsLeft = call;
      failure = how;
    },
    mend() {
      const isReached = callsLeft === 0;
      callsLeft = 0;
      return isReached;
    },
  };
}
