import type { AdminVerbs, ChangeEvent, ClientVersion, DeletedClient, DeletedUser } from '../admin-verbs.ts';
import { RESTORABLE_FOR } from '../admin-verbs.ts';
import { allOrNothing, type Database, orNothing, type Row, type Statement, statement } from '../database.ts';
import { insertEvent } from './audit.ts';
import { json, maybeText, number, text } from './row.ts';

type UndoVerbs = Pick<
  AdminVerbs,
  | 'listClientVersions'
  | 'findClientVersion'
  | 'listDeletedClients'
  | 'findDeletedClient'
  | 'restoreClient'
  | 'listDeletedUsers'
  | 'findDeletedUser'
  | 'restoreUser'
>;

const readVersion = (row: Row): ClientVersion => ({
  version: number(row, 'version'),
  at: number(row, 'at'),
  actor: maybeText(row, 'actor'),
  metadata: json(row, 'metadata'),
});

const VERSIONS = `SELECT client_versions.* FROM client_versions
  JOIN clients ON clients.id = client_versions.client_row AND clients.tenant_id = client_versions.tenant_id
  WHERE client_versions.tenant_id = ? AND clients.client_id = ?`;

/** What was deleted before that time is over. */
const oldest = (now: number): number => now - RESTORABLE_FOR;

const deletion = (row: Row): Readonly<{ deleted_at: number; deleted_by: string | null }> => ({
  deleted_at: number(row, 'deleted_at'),
  deleted_by: maybeText(row, 'deleted_by'),
});

/** What can be brought back: where it is kept, where it lived, by what it is named, and how a kept row is read. */
type Restorable<Deleted> = Readonly<{
  kept: 'deleted_clients' | 'deleted_users';
  living: 'clients' | 'users';
  key: 'client_id' | 'sub';
  read: (row: Row) => Deleted;
}>;

const CLIENTS: Restorable<DeletedClient> = {
  kept: 'deleted_clients',
  living: 'clients',
  key: 'client_id',
  read: (row) => ({ metadata: json(row, 'metadata'), ...deletion(row) }),
};

const USERS: Restorable<DeletedUser> = {
  kept: 'deleted_users',
  living: 'users',
  key: 'sub',
  read: (row) => ({
    sub: text(row, 'sub'),
    username: text(row, 'username'),
    role: text(row, 'role') as DeletedUser['role'],
    ...deletion(row),
  }),
};

export const undoVerbs = (database: Database): UndoVerbs => ({
  async listClientVersions(tenant, client_id, { before, atMost }) {
    const rows = await database.read(
      statement(
        `${VERSIONS} AND client_versions.version < ? ORDER BY client_versions.version DESC LIMIT ?`,
        tenant,
        client_id,
        before ?? Number.MAX_SAFE_INTEGER,
        atMost,
      ),
    );
    return rows.map(readVersion);
  },

  async findClientVersion(tenant, client_id, version) {
    const [row] = await database.read(
      statement(`${VERSIONS} AND client_versions.version = ?`, tenant, client_id, version),
    );
    return row && readVersion(row);
  },

  listDeletedClients: (tenant, now, atMost) => listDeleted(database, CLIENTS, { tenant, now, atMost }),
  findDeletedClient: (tenant, client_id, now) =>
    findDeleted(database, CLIENTS, { tenant, name: client_id, now }),

  async restoreClient(tenant, client_id, event, now) {
    const done = await allOrNothing(database, clientRestoration(tenant, client_id, event, now));
    if (done) return 'restored';
    const taken = await database.read(
      statement('SELECT 1 AS found FROM clients WHERE tenant_id = ? AND client_id = ?', tenant, client_id),
    );
    return taken.length > 0 ? 'taken' : 'unknown';
  },

  listDeletedUsers: (tenant, now, atMost) => listDeleted(database, USERS, { tenant, now, atMost }),
  findDeletedUser: (tenant, sub, now) => findDeleted(database, USERS, { tenant, name: sub, now }),

  async restoreUser(tenant, sub, event, now) {
    const done = await allOrNothing(database, userRestoration(tenant, sub, event, now));
    if (done) return 'restored';
    return (await this.findDeletedUser(tenant, sub, now)) === undefined ? 'unknown' : 'taken';
  },
});

/** The last deletion of each that is not there again, the newest first. */
async function listDeleted<Deleted>(
  database: Database,
  { kept, living, key, read }: Restorable<Deleted>,
  { tenant, now, atMost }: Readonly<{ tenant: number; now: number; atMost: number }>,
): Promise<readonly Deleted[]> {
  const rows = await database.read(
    statement(
      `SELECT * FROM ${kept} WHERE tenant_id = ? AND deleted_at > ?
       AND NOT EXISTS (SELECT 1 FROM ${living} WHERE ${living}.tenant_id = ${kept}.tenant_id AND ${living}.${key} = ${kept}.${key})
       AND NOT EXISTS (SELECT 1 FROM ${kept} later WHERE later.tenant_id = ${kept}.tenant_id AND later.${key} = ${kept}.${key}
       AND later.id > ${kept}.id) ORDER BY id DESC LIMIT ?`,
      tenant,
      oldest(now),
      atMost,
    ),
  );
  return rows.map(read);
}

async function findDeleted<Deleted>(
  database: Database,
  what: Restorable<Deleted>,
  { tenant, name, now }: Readonly<{ tenant: number; name: string; now: number }>,
): Promise<Deleted | undefined> {
  const [row] = await database.read(
    statement(`SELECT * FROM ${what.kept} WHERE id = ${lastOf(what)}`, tenant, name, oldest(now)),
  );
  return row && what.read(row);
}

/** The number of the last deletion, as part of a statement. */
const lastOf = ({ kept, key }: Readonly<{ kept: string; key: string }>): string =>
  `(SELECT MAX(id) FROM ${kept} WHERE tenant_id = ? AND ${key} = ? AND deleted_at > ?)`;

/** It begins at this moment: a token that a service got before is older than its client, and so is good no more. */
function clientRestoration(
  tenant: number,
  client_id: string,
  event: ChangeEvent,
  now: number,
): readonly Statement[] {
  const which = [tenant, client_id, oldest(now)] as const;
  return [
    orNothing(
      statement(
        `INSERT INTO clients (tenant_id, client_id, name, metadata, secret_digest, secret_sealed, source, version, created_at, updated_at)
         SELECT tenant_id, client_id, name, metadata, secret_digest, secret_sealed, source, version + 1, CAST(? AS BIGINT), CAST(? AS BIGINT)
         FROM deleted_clients WHERE id = ${lastOf(CLIENTS)} ON CONFLICT (tenant_id, client_id) DO NOTHING`,
        now,
        now,
        ...which,
      ),
    ),
    statement(
      `UPDATE client_versions SET client_row = (SELECT id FROM clients WHERE tenant_id = ? AND client_id = ?)
       WHERE tenant_id = ? AND client_row =
       (SELECT client_row FROM deleted_clients WHERE id = ${lastOf(CLIENTS)})`,
      tenant,
      client_id,
      tenant,
      ...which,
    ),
    statement(`DELETE FROM deleted_clients WHERE id = ${lastOf(CLIENTS)}`, ...which),
    insertEvent(tenant, event),
  ];
}

function userRestoration(tenant: number, sub: string, event: ChangeEvent, now: number): readonly Statement[] {
  const which = [tenant, sub, oldest(now)] as const;
  return [
    orNothing(
      statement(
        `INSERT INTO users (tenant_id, sub, username, name, email, password_hash, claims, role, source, seed_digest, disabled_at, locked_at,
         version, created_at, updated_at) SELECT tenant_id, sub, username, name, email, password_hash, claims, role, source, seed_digest,
         disabled_at, locked_at, version + 1, created_at, CAST(? AS BIGINT)
         FROM deleted_users WHERE id = ${lastOf(USERS)} ON CONFLICT DO NOTHING`,
        now,
        ...which,
      ),
    ),
    statement(`DELETE FROM deleted_users WHERE id = ${lastOf(USERS)}`, ...which),
    insertEvent(tenant, event),
  ];
}
