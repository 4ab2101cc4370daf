import { stringify } from 'yaml';
import { makeRefreshToken } from '../../packages/server/src/oauth/refresh-token.ts';
import { openTestApp } from '../../packages/server/test/support/signet.ts';
import { signIn } from '../load/browser.ts';
import type { Connection } from '../load/connection.ts';
import type { Lane } from '../load/operations.ts';
import { siteAt } from '../load/site.ts';
import type { Place } from '../targets/place.ts';
import { signetConfiguration, startSignet } from '../targets/signet.ts';
import { openDatabase } from './database.ts';
import { FIRST, multiplyAll, type Table } from './multiply.ts';

/** A filled database: how to come as the person, client, session and refresh token of each row. */
export type StoredRows = Readonly<{
  database: string;
  count: number;
  bytesPerRow: Readonly<Record<Table, number>>;
  /** The row's lane over a connection. Its refresh token is the one that `keep` was given last. */
  lane: (row: number, connection: Connection) => Lane;
  keep: (row: number, lane: Lane) => void;
}>;

/** Has the server make a database with one person signed in, and multiplies that to `count` of each. */
export async function storeRows(place: Place, database: string, count: number): Promise<StoredRows> {
  const { folder, prefix } = place;
  const server = await startSignet({ folder, prefix, database });
  const { cookie } = await signIn(await siteAt(server.base, {}));
  await server.stop();
  const behind = await openDatabase(database);
  const salt = await behind.bytes('SELECT refresh_salt FROM grants ORDER BY id DESC LIMIT 1');
  const bytesPerRow = await multiplyAll(behind, count);
  await behind.close();
  const refreshToken = await refreshTokens(database, salt);
  const latest = new Map<number, string>();
  return {
    database,
    count,
    bytesPerRow,
    lane: (row, connection) => ({
      connection,
      client_id: `client-${row}`,
      person: { cookie: cookieOfRow(cookie, FIRST + row), access_token: '' },
      machine_token: '',
      refresh_token: latest.get(row) ?? refreshToken(FIRST + row),
    }),
    keep: (row, lane) => {
      latest.set(row, lane.refresh_token);
    },
  };
}

/** The first refresh token of any grant that was multiplied, with the keys that are sealed in the database. */
async function refreshTokens(database: string, salt: Uint8Array): Promise<(id: number) => string> {
  const app = await openTestApp(stringify(signetConfiguration(0, { database })));
  const [provider] = app.opened();
  await app.close();
  if (provider === undefined) throw new Error('There is no tenant.');
  return (id) => makeRefreshToken(provider, { id, salt, generation: 0 });
}

const ID_BYTES = 6;

/** The sample's cookies with the number of another session: a session's handle is its number and a secret, and all share the secret. */
export function cookieOfRow(cookie: string, id: number): string {
  return cookie.replace(/(signet_session=[a-z]+_)([\w-]+)/, (_, name: string, handle: string) => {
    const bytes = Buffer.from(handle, 'base64url');
    bytes.writeUIntBE(id, 0, ID_BYTES);
    return name + bytes.toString('base64url');
  });
}
