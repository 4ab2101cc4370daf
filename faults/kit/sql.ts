import { DatabaseSync } from 'node:sqlite';
import type { Bench } from '../experiment.ts';

/** Another hand at a server's database, beside the server. */
export type Sql = Readonly<{
  /** Runs a statement and gives the first value of its first row. */
  ask: (statement: string) => unknown;
  close: () => void;
}>;

export async function sqlAt(bench: Bench, address: string): Promise<Sql> {
  if (bench.database === 'postgres') {
    const cluster = await bench.cluster();
    const name = new URL(address).pathname.slice(1);
    return { ask: (statement) => cluster.sql(name, statement), close: () => undefined };
  }
  const connection = new DatabaseSync(address.slice('sqlite:'.length), { timeout: 5000 });
  connection.exec('PRAGMA synchronous = OFF');
  return {
    ask: (statement) => Object.values(connection.prepare(statement).all()[0] ?? {})[0],
    close: () => connection.close(),
  };
}
