import type { Client } from '../../model/client.ts';
import { type Database, type Row, statement } from '../database.ts';
import type { ClientVerbs } from '../store.ts';
import { json, maybeBytes, number, text } from './row.ts';

const readClient = (row: Row): Client => ({
  row: number(row, 'id'),
  metadata: json(row, 'metadata'),
  secret_digest: maybeBytes(row, 'secret_digest'),
  secret_sealed: maybeBytes(row, 'secret_sealed'),
  source: text(row, 'source') as Client['source'],
  version: number(row, 'version'),
  created_at: number(row, 'created_at'),
  updated_at: number(row, 'updated_at'),
});

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
      statement('SELECT * FROM clients WHERE tenant_id = ? ORDER BY client_id', tenant),
    );
    return rows.map(readClient);
  },

  async createClient(tenant, { metadata, secret, source }, now) {
    const [created] = await database.write(
      statement(
        `INSERT INTO clients (tenant_id, client_id, metadata, secret_digest, secret_sealed, source, version, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?) ON CONFLICT (tenant_id, client_id) DO NOTHING`,
        tenant,
        metadata.client_id,
        JSON.stringify(metadata),
        secret.digest,
        secret.sealed,
        source,
        now,
        now,
      ),
    );
    return created?.count === 1 ? 'created' : 'duplicate';
  },

  async updateClient(tenant, { metadata, secret, source }, now) {
    const newSecret = secret === undefined ? '' : ', secret_digest = ?, secret_sealed = ?';
    const [updated] = await database.write(
      statement(
        `UPDATE clients SET metadata = ?, version = version + 1, updated_at = ?, source = COALESCE(?, source)${newSecret}
         WHERE tenant_id = ? AND client_id = ?`,
        JSON.stringify(metadata),
        now,
        source ?? null,
        ...(secret === undefined ? [] : [secret.digest, secret.sealed]),
        tenant,
        metadata.client_id,
      ),
    );
    return updated?.count === 1 ? 'updated' : 'unknown';
  },

  async deleteClient(tenant, client_id) {
    const owned = '(SELECT id FROM clients WHERE tenant_id = ? AND client_id = ?)';
    const removed = await database.write(
      ...['consents', 'used_assertions'].map((table) =>
        statement(
          `DELETE FROM ${table} WHERE tenant_id = ? AND client_row = ${owned}`,
          tenant,
          tenant,
          client_id,
        ),
      ),
      // Its grants name a row that is there no more and is never given again; they go when they expire.
      statement('DELETE FROM clients WHERE tenant_id = ? AND client_id = ?', tenant, client_id),
    );
    return removed.at(-1)?.count === 1 ? 'deleted' : 'unknown';
  },
});
