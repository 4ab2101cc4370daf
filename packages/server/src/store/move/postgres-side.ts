import type { Client } from 'pg';
import { DatabaseRefused, type Row } from '../database.ts';
import {
  migrateInTransaction,
  requireUpToDate,
  shapeOfPostgres,
  takeTurn,
} from '../migrations/migrate-postgres.ts';
import { MIGRATIONS } from '../migrations/migrations.ts';
import { inTransaction, requireNoServers, withPostgres } from '../postgres-connection.ts';
import { BATCH, inOrder, type Side, type Table, type TargetSide } from './side.ts';

/** Does the work on a database that others may read but not change meanwhile; it stays as it is. Refused while servers use it. */
export async function withPostgresSource<Result>(
  url: string,
  work: (source: Side) => Promise<Result>,
): Promise<Result> {
  return withPostgres(url, 'signet move', (client) =>
    inTransaction(client, async () => {
      await requireNoServers(client, '');
      const { version, oldest } = await shapeOfPostgres(client);
      if (version === 0) throw new DatabaseRefused('There is nothing of Signet in the database to be moved.');
      requireUpToDate({ version, oldest }, MIGRATIONS.length);
      const side = await postgresSide(client);
      // Whoever would write waits; what is read later is therefore what was there at the beginning.
      await client.query(`LOCK TABLE ${namesOf(side)} IN SHARE MODE`);
      return work(side);
    }),
  );
}

/** Does the work on an empty database, in one transaction: others see nothing of it before it has succeeded. */
export async function withPostgresTarget<Result>(
  url: string,
  work: (target: TargetSide) => Promise<Result>,
): Promise<Result> {
  return withPostgres(url, 'signet move', async (client) => {
    const result = await inTransaction(client, async () => {
      await takeTurn(client, () => undefined);
      await requireNoServers(client, '');
      const { version, oldest } = await shapeOfPostgres(client);
      if (version === 0) await migrateInTransaction(client, MIGRATIONS);
      else requireUpToDate({ version, oldest }, MIGRATIONS.length);
      const side = await postgresSide(client);
      await client.query(`LOCK TABLE ${namesOf(side)} IN ACCESS EXCLUSIVE MODE`);
      await client.query('DELETE FROM signet_database');
      for (const table of side.tables) await requireEmpty(side, table);
      return work(postgresTarget(client, side));
    });
    // So that the first requests are planned with what is now in the tables.
    await client.query('ANALYZE');
    return result;
  });
}

const namesOf = ({ tables }: Side): string => tables.map(({ name }) => name).join(', ');

async function requireEmpty(side: Side, table: Table): Promise<void> {
  if ((await side.count(table)) === 0) return;
  throw new DatabaseRefused(
    `The database to be filled holds something already (table ${table.name}). Give an empty one. Nothing was changed.`,
  );
}

async function postgresSide(client: Client): Promise<Side> {
  return {
    tables: await tablesOf(client),
    count: async ({ name }) => {
      const { rows } = await client.query<{ value: number }>(`SELECT COUNT(*) AS value FROM ${name}`);
      return rows[0]?.value ?? 0;
    },
    async *batches({ name }) {
      await client.query(`DECLARE moving NO SCROLL CURSOR FOR SELECT * FROM ${name}`);
      for (;;) {
        const { rows } = await client.query<Record<string, string | number | Buffer | null>>(
          `FETCH ${BATCH} FROM moving`,
        );
        if (rows.length === 0) break;
        yield rows;
      }
      await client.query('CLOSE moving');
    },
    lastNumbers: async () => {
      const numbers = new Map<string, number>();
      for (const [table, sequence] of await sequencesOf(client)) {
        const { rows } = await client.query<{ value: number }>(
          `SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS value FROM ${sequence}`,
        );
        numbers.set(table, rows[0]?.value ?? 0);
      }
      return numbers;
    },
  };
}

function postgresTarget(client: Client, side: Side): TargetSide {
  return {
    ...side,
    insert: async ({ name }, rows) => {
      await client.query(`INSERT INTO ${name} SELECT * FROM json_populate_recordset(NULL::${name}, $1)`, [
        JSON.stringify(rows.map(inJson)),
      ]);
    },
    setLastNumbers: async (numbers) => {
      for (const [table, sequence] of await sequencesOf(client)) {
        const number = numbers.get(table) ?? 0;
        if (number > 0) await client.query('SELECT setval($1, $2)', [sequence, number]);
      }
    },
  };
}

/** Bytes in the spelling that PostgreSQL reads into a BYTEA. */
const inJson = (row: Row): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : value,
    ]),
  );

/** Tables whose rows are numbered, with the sequence that does it. */
async function sequencesOf(client: Client): Promise<readonly (readonly [table: string, sequence: string])[]> {
  const { rows } = await client.query<{ name: string; sequence: string }>(
    `SELECT table_name AS name, pg_get_serial_sequence(quote_ident(table_name), column_name) AS sequence
     FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES'`,
  );
  return rows.map(({ name, sequence }) => [name, sequence]);
}

async function tablesOf(client: Client): Promise<readonly Table[]> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `SELECT table_name AS name, array_agg(column_name::TEXT) AS columns FROM information_schema.columns
     WHERE table_schema = current_schema() AND table_name <> 'signet_migrations'
     AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = current_schema()) GROUP BY table_name`,
  );
  return inOrder(new Map(rows.map(({ name, columns }) => [name, columns])));
}
