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

const readDeletedClient = (row: Row): DeletedClient => ({
  metadata: json(row, 'metadata'),
  ...deletion(row),
});

const readDeletedUser = (row: Row): DeletedUser => ({
  sub: text(row, 'sub'),
  username: text(row, 'username'),
  role: text(row, 'role') as DeletedUser['role'],
  ...deletion(row),
});

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

  async listDeletedClients(tenant, now, atMost) {
    const rows = await database.read(
      listOf('deleted_clients', 'clients', 'client_id', { tenant, now, atMost }),
    );
    return rows.map(readDeletedClient);
  },

  async findDeletedClient(tenant, client_id, now) {
    const [row] = await database.read(
      statement(
        `SELECT * FROM deleted_clients WHERE id = ${lastOf('deleted_clients', 'client_id')}`,
        tenant,
        client_id,
        oldest(now),
      ),
    );
    return row && readDeletedClient(row);
  },

  async restoreClient(tenant, client_id, event, now) {
    const done = await allOrNothing(database, clientRestoration(tenant, client_id, event, now));
    if (done) return 'restored';
    const taken = await database.read(
      statement('SELECT 1 AS found FROM clients WHERE tenant_id = ? AND client_id = ?', tenant, client_id),
    );
    return taken.length > 0 ? 'taken' : 'unknown';
  },

  async listDeletedUsers(tenant, now, atMost) {
    const rows = await database.read(listOf('deleted_users', 'users', 'sub', { tenant, now, atMost }));
    return rows.map(readDeletedUser);
  },

  async findDeletedUser(tenant, sub, now) {
    const [row] = await database.read(
      statement(
        `SELECT * FROM deleted_users WHERE id = ${lastOf('deleted_users', 'sub')}`,
        tenant,
        sub,
        oldest(now),
      ),
    );
    return row && readDeletedUser(row);
  },

  async restoreUser(tenant, sub, event, now) {
    const done = await allOrNothing(database, userRestoration(tenant, sub, event, now));
    if (done) return 'restored';
    return (await this.findDeletedUser(tenant, sub, now)) === undefined ? 'unknown' : 'taken';
  },
});

type List = Readonly<{ tenant: number; now: number; atMost: number }>;

/** The last deletion of each that is not there again. */
const listOf = (
  deleted: 'deleted_clients' | 'deleted_users',
  living: 'clients' | 'users',
  key: 'client_id' | 'sub',
  { tenant, now, atMost }: List,
): Statement =>
  statement(
    `SELECT * FROM ${deleted} WHERE tenant_id = ? AND deleted_at > ?
     AND NOT EXISTS (SELECT 1 FROM ${living} WHERE ${living}.tenant_id = ${deleted}.tenant_id AND ${living}.${key} = ${deleted}.${key})
     AND NOT EXISTS (SELECT 1 FROM ${deleted} later WHERE later.tenant_id = ${deleted}.tenant_id AND later.${key} = ${deleted}.${key}
     AND later.id > ${deleted}.id) ORDER BY id DESC LIMIT ?`,
    tenant,
    oldest(now),
    atMost,
  );

/** The number of the last deletion, as part of a statement. */
const lastOf = (table: 'deleted_clients' | 'deleted_users', key: 'client_id' | 'sub'): string =>
  `(SELECT MAX(id) FROM ${table} WHERE tenant_id = ? AND ${key} = ? AND deleted_at > ?)`;

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
         FROM deleted_clients WHERE id = ${lastOf('deleted_clients', 'client_id')} ON CONFLICT (tenant_id, client_id) DO NOTHING`,
        now,
        now,
        ...which,
      ),
    ),
    statement(
      `UPDATE client_versions SET client_row = (SELECT id FROM clients WHERE tenant_id = ? AND client_id = ?)
       WHERE tenant_id = ? AND client_row =
       (SELECT client_row FROM deleted_clients WHERE id = ${lastOf('deleted_clients', 'client_id')})`,
      tenant,
      client_id,
      tenant,
      ...which,
    ),
    statement(`DELETE FROM deleted_clients WHERE id = ${lastOf('deleted_clients', 'client_id')}`, ...which),
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
         FROM deleted_users WHERE id = ${lastOf('deleted_users', 'sub')} ON CONFLICT DO NOTHING`,
        now,
        ...which,
      ),
    ),
    statement(`DELETE FROM deleted_users WHERE id = ${lastOf('deleted_users', 'sub')}`, ...which),
    insertEvent(tenant, event),
  ];
}
