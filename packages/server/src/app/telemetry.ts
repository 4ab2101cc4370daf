import type { BlockList } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Passwords } from '../identity/passwords.ts';
import type { Database, Statement } from '../store/database.ts';
import type { Metrics, Operation } from './metrics.ts';
import type { Traces } from './traces.ts';

/** Who wants to know what the server does; nothing is measured for nobody. */
export type Telemetry = Readonly<{ metrics?: Metrics | undefined; traces?: Traces | undefined }>;

type Wishes = Readonly<{
  metrics: boolean;
  trusted: BlockList;
  linesLost: () => number;
  warn: (sentence: string) => void;
}>;

/** Loads what is wanted: metrics when somebody can read them, traces when an SDK is registered. */
export async function openTelemetry({ metrics, trusted, linesLost, warn }: Wishes): Promise<Telemetry> {
  return {
    metrics: metrics ? (await import('./metrics.ts')).openMetrics(linesLost) : undefined,
    traces: hasTracingSdk() ? await tracesOf(trusted, warn) : undefined,
  };
}

async function tracesOf(trusted: BlockList, warn: Wishes['warn']): Promise<Traces | undefined> {
  const { isTracing, openTraces } = await import('./traces.ts');
  if (isTracing()) return openTraces(trusted);
  warn('The tracing SDK was made for an older @opentelemetry/api: install 1.10 or newer beside it.');
  return undefined;
}

/** Where `@opentelemetry/api` 1.x keeps what an SDK registers: without it every span would be made for nothing. */
const hasTracingSdk = (): boolean =>
  Reflect.get(Reflect.get(globalThis, Symbol.for('opentelemetry.js.api.1')) ?? {}, 'trace') !== undefined;

type Around = <Result>(
  operation: Operation,
  statements: readonly Statement[],
  work: () => Promise<Result>,
) => Promise<Result>;

/** The database itself, or with each of its answers measured and traced. */
export function watchedDatabase(database: Database, telemetry: Telemetry | undefined): Database {
  const { metrics, traces } = telemetry ?? {};
  if (metrics === undefined && traces === undefined) return database;
  const counted = (operation: Operation, fault: unknown): unknown => {
    if (fault instanceof Error && fault.name === 'StoreUnavailable') metrics?.databaseUnavailable(operation);
    return fault;
  };
  const timed: Around = async (operation, _, work) => {
    const began = performance.now();
    try {
      const answer = await work();
      metrics?.databaseAnswered(operation, (performance.now() - began) / 1000);
      return answer;
    } catch (fault) {
      throw counted(operation, fault);
    }
  };
  const around: Around = (operation, statements, work) =>
    traces === undefined
      ? timed(operation, statements, work)
      : traces.inside(
          `database ${operation}`,
          { 'db.query.text': statements.map(({ sql }) => sql).join('; ') },
          () => timed(operation, statements, work),
        );
  return {
    ...database,
    read: (query) => around('read', [query], () => database.read(query)),
    foreignChanges: () => {
      try {
        return database.foreignChanges();
      } catch (fault) {
        throw counted('read', fault);
      }
    },
    write: (...statements) => around('write', statements, () => database.write(...statements)),
  };
}

/** The pool itself, or with each hash measured and traced. */
export function watchedPasswords(passwords: Passwords, telemetry: Telemetry | undefined): Passwords {
  const { metrics, traces } = telemetry ?? {};
  if (metrics === undefined && traces === undefined) return passwords;
  const timed = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const began = performance.now();
    const result = await work();
    metrics?.passwordHashed((performance.now() - began) / 1000);
    return result;
  };
  const around = <Result>(name: string, work: () => Promise<Result>): Promise<Result> =>
    traces === undefined ? timed(work) : traces.inside(name, {}, () => timed(work));
  return {
    ...passwords,
    hash: (password) => around('password hash', () => passwords.hash(password)),
    verify: (password, hash) => around('password verify', () => passwords.verify(password, hash)),
  };
}
