import type { Client, ClientMetadata } from '../../model/client.ts';
import { sameBytes } from '../../model/secret.ts';
import type { ChangedClient, NewClient } from '../client-records.ts';
import {
  allOrNothing,
  type Database,
  lastOrNothing,
  orNothing,
  type Row,
  type Statement,
  statement,
} from '../database.ts';
import type { ClientVerbs, NewAuditEvent } from '../store.ts';
import { insertEvent } from './audit.ts';
import { type Removal, versionIs } from './conditions.ts';
import { json, maybeBytes, maybeNumber, number, text } from './row.ts';

export const readClient = (row: Row): Client => ({
  row: number(row, 'id'),
  metadata: json(row, 'metadata'),
  secret_digest: maybeBytes(row, 'secret_digest'),
  secret_sealed: maybeBytes(row, 'secret_sealed'),
  previous_secret: readPreviousSecret(row),
  source: text(row, 'source') as Client['source'],
  expires_at: maybeNumber(row, 'expires_at'),
  version: number(row, 'version'),
  created_at: number(row, 'created_at'),
  updated_at: number(row, 'updated_at'),
});

function readPreviousSecret(row: Row): Client['previous_secret'] {
  const [digest, beside] = [maybeBytes(row, 'previous_digest'), maybeBytes(row, 'previous_beside')];
  const [until, now] = [maybeNumber(row, 'previous_until'), maybeBytes(row, 'secret_digest')];
  if (digest === null || beside === null || until === null || now === null) return null;
  return sameBytes(beside, now) ? { digest, sealed: maybeBytes(row, 'previous_sealed'), until } : null;
}

/** What a client is found by beside its client_id, in the spelling in which it is looked for. */
const nameOf = ({ client_name }: ClientMetadata): string | null => client_name?.toLowerCase() ?? null;

/** Keeps the metadata as it is now; of what is kept already, nothing changes. */
const keepVersion = (tenant: number, client_id: string, event: NewAuditEvent | undefined): Statement =>
  statement(
    `INSERT INTO client_versions (tenant_id, client_row, version, metadata, at, actor)
     SELECT tenant_id, id, version, metadata, updated_at, CAST(? AS TEXT) FROM clients WHERE tenant_id = ? AND client_id = ?
     ON CONFLICT (tenant_id, client_row, version) DO NOTHING`,
    event?.actor ?? null,
    tenant,
    client_id,
  );

const insertClient = (tenant: number, { metadata, secret, source }: NewClient, now: number): Statement =>
  statement(
    `INSERT INTO clients (tenant_id, client_id, name, metadata, secret_digest, secret_sealed, source, version, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?) ON CONFLICT (tenant_id, client_id) DO NOTHING`,
    tenant,
    metadata.client_id,
    nameOf(metadata),
    JSON.stringify(metadata),
    secret.digest,
    secret.sealed,
    source,
    now,
    now,
  );

function changeClient(
  tenant: number,
  { metadata, secret, source, previousUntil, keepsEnd }: ChangedClient,
  now: number,
  version?: number,
): Statement {
  // All of these read the row as it was before.
  const previous =
    ', previous_digest = secret_digest, previous_sealed = secret_sealed, previous_beside = ?, previous_until = ?';
  const newSecret =
    secret === undefined
      ? ''
      : `, secret_digest = ?, secret_sealed = ?${previousUntil === undefined ? '' : previous}`;
  // Whom somebody vouches for stays.
  const end = keepsEnd === true ? '' : ', expires_at = NULL';
  const wanted = versionIs(version);
  return statement(
    `UPDATE clients SET metadata = ?, name = ?, version = version + 1, updated_at = ?, source = COALESCE(?, source)${end}${newSecret}
     WHERE tenant_id = ? AND client_id = ? AND ${wanted.sql}`,
    JSON.stringify(metadata),
    nameOf(metadata),
    now,
    source ?? null,
    ...(secret === undefined ? [] : [secret.digest, secret.sealed]),
    ...(secret === undefined || previousUntil === undefined ? [] : [secret.digest, previousUntil]),
    tenant,
    metadata.client_id,
    ...wanted.parameters,
  );
}

/** The client goes with the last of the statements. */
export function removeClient(tenant: number, client_id: string, removal: Removal): readonly Statement[] {
  const owned = '(SELECT id FROM clients WHERE tenant_id = ? AND client_id = ?)';
  const wanted = versionIs(removal.version);
  return [
    statement(
      `INSERT INTO deleted_clients (tenant_id, client_row, client_id, name, metadata, secret_digest, secret_sealed, source, version,
       deleted_at, deleted_by) SELECT tenant_id, id, client_id, name, metadata, secret_digest, secret_sealed, source, version,
       CAST(? AS BIGINT), CAST(? AS TEXT) FROM clients WHERE tenant_id = ? AND client_id = ? AND source <> 'built-in'`,
      removal.now,
      removal.actor ?? null,
      tenant,
      client_id,
    ),
    ...['consents', 'used_assertions', 'registrations'].map((table) =>
      statement(
        `DELETE FROM ${table} WHERE tenant_id = ? AND client_row = ${owned}`,
        tenant,
        tenant,
        client_id,
      ),
    ),
    // Its grants name a row that is there no more and is never given again; they go when they expire.
    statement(
      `DELETE FROM clients WHERE tenant_id = ? AND client_id = ? AND ${wanted.sql}`,
      tenant,
      client_id,
      ...wanted.parameters,
    ),
  ];
}

/** Registers a client and keeps its first version. */
export const clientCreation = (tenant: number, client: NewClient, now: number): readonly Statement[] => [
  orNothing(insertClient(tenant, client, now)),
  keepVersion(tenant, client.metadata.client_id, client.event),
  ...recorded(tenant, client.event),
];

/** Changes a client and keeps its new version. */
export const clientChange = (
  tenant: number,
  client: ChangedClient,
  now: number,
  version?: number,
): readonly Statement[] => [
  // One that was registered by an earlier program has none yet.
  keepVersion(tenant, client.metadata.client_id, undefined),
  orNothing(changeClient(tenant, client, now, version)),
  keepVersion(tenant, client.metadata.client_id, client.event),
  ...recorded(tenant, client.event),
];

export const clientVerbs = (database: Database): ClientVerbs => ({
  async findClient(tenant, client_id) {
    const [row] = await database.read(
      statement('SELECT * FROM clients WHERE tenant_id = ? AND client_id = ?', tenant, client_id),
    );
    return row && readClient(row);
  },

  async findClientByRow(tenant, id) {
    const [row] = await database.read(
      statement('SELECT * FROM clients WHERE tenant_id = ? AND id = ?', tenant, id),
    );
    return row && readClient(row);
  },

  async listClients(tenant) {
    const rows = await database.read(
      statement(
        "SELECT * FROM clients WHERE tenant_id = ? AND source <> 'built-in' ORDER BY client_id",
        tenant,
      ),
    );
    return rows.map(readClient);
  },

  async createClient(tenant, client, now) {
    const done = await allOrNothing(database, clientCreation(tenant, client, now));
    return done ? 'created' : 'duplicate';
  },

  async updateClient(tenant, client, now, version) {
    const { client_id } = client.metadata;
    if (await allOrNothing(database, clientChange(tenant, client, now, version))) return 'updated';
    return version !== undefined && (await this.findClient(tenant, client_id)) !== undefined
      ? 'stale'
      : 'unknown';
  },

  async deleteClient(tenant, client_id, now, event) {
    const removal = removeClient(tenant, client_id, { now, actor: event?.actor });
    const done = await allOrNothing(database, [...lastOrNothing(removal), ...recorded(tenant, event)]);
    return done ? 'deleted' : 'unknown';
  },
});

/** The record of a change among its statements. */
export const recorded = (tenant: number, event: NewAuditEvent | undefined): readonly Statement[] =>
  event === undefined ? [] : [insertEvent(tenant, event)];
