import { CLIENT } from '../load/site.ts';
import type { Database } from './database.ts';

/** Row n of the bench is at FIRST + n in each table, so that a row finds its neighbours in the other tables. */
export const FIRST = 1000;

/** Tables that grow with use, in the order in which they are filled. */
export const TABLES = ['users', 'clients', 'browser_sessions', 'grants'] as const;
export type Table = (typeof TABLES)[number];

/** What differs from row to row, as SQL over `n` and the row `sample`. */
type Differences = Readonly<Record<string, string>>;

/** A number of a row that looks random: rows next to each other are far apart in an index over it. */
const scattered = (kind: Database['kind']): string => {
  const number = '(n * 2654435761) % 4294967296';
  return kind === 'sqlite' ? `printf('%08x', ${number})` : `lpad(to_hex(${number}), 8, '0')`;
};

function differences(kind: Database['kind'], table: Table): Differences {
  const row = `${FIRST} + n`;
  switch (table) {
    case 'users':
      return { sub: `'8d3c-person-' || ${scattered(kind)}`, username: `'person-' || ${scattered(kind)}` };
    case 'clients':
      return {
        client_id: "'client-' || n",
        metadata: `replace(sample.metadata, '"${CLIENT.client_id}"', '"client-' || n || '"')`,
      };
    case 'browser_sessions':
      return {
        user_id: row,
        sid: `'signet-${'s'.repeat(7)}' || ${scattered(kind)}`,
        expires_at: 'sample.expires_at + n',
      };
    case 'grants':
      return { user_id: row, client_row: row, session_id: row, expires_at: 'sample.expires_at + n' };
  }
}

/**
 * Makes `count` rows out of the newest one of the table, which the server itself has made: all that is not named in `differences`, or in
 * `more`, is as the server wrote it. Columns that the table has not are passed over.
 */
export async function multiply(
  database: Database,
  table: Table,
  count: number,
  more: Differences = {},
): Promise<void> {
  const columns = await database.columns(table);
  const own: Differences = { id: `${FIRST} + n`, ...differences(database.kind, table), ...more };
  const values = columns.map((column) => own[column] ?? `sample.${column}`);
  const sample = await database.number(`SELECT max(id) FROM ${table} WHERE id <= ${FIRST}`);
  const sqlite = database.kind === 'sqlite';
  const series = sqlite
    ? `(WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ${count}) SELECT n FROM counted)`
    : `(SELECT generate_series(1::bigint, ${count}) AS n)`;
  await database.run(
    `INSERT INTO ${table} (${columns.join(', ')}) ${sqlite ? '' : 'OVERRIDING SYSTEM VALUE'}
     SELECT ${values.join(', ')} FROM ${series} AS series CROSS JOIN ${table} AS sample WHERE sample.id = ${sample}`,
  );
  if (!sqlite) {
    await database.run(
      `SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max(id) FROM ${table}))`,
    );
    await database.run(`VACUUM ANALYZE ${table}`);
  }
}

/** Fills every table with `count` rows; bytes on disk for a row of each, with its indexes. */
export async function multiplyAll(
  database: Database,
  count: number,
): Promise<Readonly<Record<Table, number>>> {
  const perRow = { users: 0, clients: 0, browser_sessions: 0, grants: 0 };
  for (const table of TABLES) {
    const before = await database.size();
    await multiply(database, table, count);
    perRow[table] = ((await database.size()) - before) / count;
  }
  return perRow;
}
