import { migratePostgres } from '../../src/store/migrations/migrate-postgres.ts';
import { MIGRATIONS, type Migration } from '../../src/store/migrations/migrations.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { NOW } from './samples.ts';

/** What this process is to migrate, with these migrations after the usual ones. */
export type Errand = Readonly<{ database: string; next: readonly Migration[] }>;

process.on('message', async ({ database, next }: Errand) => {
  const migrations = [...MIGRATIONS, ...next];
  const work = database.startsWith('postgres')
    ? () => migratePostgres(database, migrations)
    : async () => openSqlite(database, NOW, { migrations }).close();
  await work().then(
    () => process.send?.('done'),
    (fault: Error) => process.send?.(fault.message),
  );
});
process.send?.('ready');
