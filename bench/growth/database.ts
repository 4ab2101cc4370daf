import { DatabaseSync } from 'node:sqlite';

/** A database behind the server's back: to fill it in bulk and to look into it. */
export type Database = Readonly<{
  kind: 'sqlite' | 'postgres';
  columns: (table: string) => Promise<readonly string[]>;
  run: (sql: string) => Promise<void>;
  /** Number in the first column of the first row; NaN when there is none. */
  number: (sql: string) => Promise<number>;
  bytes: (sql: string) => Promise<Uint8Array>;
  /** Bytes that the tables take on disk, with their indexes. */
  size: () => Promise<number>;
  close: () => Promise<void>;
}>;

type Row = Readonly<Record<string, unknown>>;

/** Opens the database that the server is given as `database`. */
export async function openDatabase(address: string): Promise<Database> {
  return address.startsWith('sqlite:') ? openSqlite(address.slice('sqlite:'.length)) : openPostgres(address);
}

function openSqlite(file: string): Database {
  const connection = new DatabaseSync(file, { timeout: 10_000 });
  const all = async (sql: string): Promise<readonly Row[]> => connection.prepare(sql).all();
  return {
    kind: 'sqlite',
    ...looks(all),
    columns: async (table) => (await all(`PRAGMA table_info(${table})`)).map((row) => String(row['name'])),
    run: async (sql) => connection.exec(sql),
    size: async () => {
      const [pages] = await all(
        'SELECT page_count * page_size AS size FROM pragma_page_count, pragma_page_size',
      );
      return Number(pages?.['size']);
    },
    close: async () => connection.close(),
  };
}

async function openPostgres(url: string): Promise<Database> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const all = async (sql: string): Promise<readonly Row[]> => (await client.query<Row>(sql)).rows;
  return {
    kind: 'postgres',
    ...looks(all),
    columns: async (table) => {
      const rows = await all(
        `SELECT column_name AS name FROM information_schema.columns WHERE table_name = '${table}' AND table_schema = 'public'`,
      );
      return rows.map((row) => String(row['name']));
    },
    run: async (sql) => void (await client.query(sql)),
    size: async () => {
      const [row] = await all(
        "SELECT sum(pg_total_relation_size(oid)) AS size FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
      );
      return Number(row?.['size']);
    },
    close: () => client.end(),
  };
}

const looks = (all: (sql: string) => Promise<readonly Row[]>): Pick<Database, 'number' | 'bytes'> => ({
  number: async (sql) => Number(Object.values((await all(sql))[0] ?? {})[0] ?? Number.NaN),
  bytes: async (sql) => {
    const found = Object.values((await all(sql))[0] ?? {})[0];
    if (!(found instanceof Uint8Array)) throw new Error(`There are no bytes: ${sql}`);
    return found;
  },
});
