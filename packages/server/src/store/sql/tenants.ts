import type { Database, Row } from '../database.ts';
import { statement } from '../database.ts';
import type { KeyVerbs, StoredKey, StoredTenant, TenantVerbs } from '../store.ts';
import { bytes, json, maybeNumber, number, text } from './row.ts';

const readTenant = (row: Row): StoredTenant => ({
  id: number(row, 'id'),
  name: text(row, 'name'),
  issuer: text(row, 'issuer'),
  secret_sealed: bytes(row, 'secret_sealed'),
});

async function findTenant(database: Database, name: string): Promise<StoredTenant | undefined> {
  const [row] = await database.read(statement('SELECT * FROM tenants WHERE name = ?', name));
  return row && readTenant(row);
}

export const tenantVerbs = (database: Database): TenantVerbs => ({
  findTenant: (name) => findTenant(database, name),

  async saveTenant(tenant, now) {
    await database.write(
      statement(
        `INSERT INTO tenants (name, issuer, secret_sealed, created_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET issuer = excluded.issuer`,
        tenant.name,
        tenant.issuer,
        tenant.secret_sealed,
        now,
      ),
    );
    const stored = await findTenant(database, tenant.name);
    if (stored === undefined) throw new Error('The tenant was not stored.');
    return stored;
  },
});

const readKey = (row: Row): StoredKey => ({
  kid: text(row, 'kid'),
  alg: text(row, 'alg') as StoredKey['alg'],
  public_jwk: json(row, 'public_jwk'),
  private_sealed: bytes(row, 'private_sealed'),
  created_at: number(row, 'created_at'),
  active_from: number(row, 'active_from'),
  retire_at: maybeNumber(row, 'retire_at'),
});

export const keyVerbs = (database: Database): KeyVerbs => ({
  async listKeys(tenant) {
    const rows = await database.read(
      statement('SELECT * FROM signing_keys WHERE tenant_id = ? ORDER BY id', tenant),
    );
    return rows.map(readKey);
  },

  async addKey(tenant, key, { unlessSince, retireOthersAt }) {
    const [added] = await database.write(
      statement(
        `INSERT INTO signing_keys (tenant_id, kid, alg, public_jwk, private_sealed, created_at, active_from, retire_at)
         SELECT ?, ?, ?, ?, ?, ?, ?, NULL
         WHERE NOT EXISTS (SELECT 1 FROM signing_keys WHERE tenant_id = ? AND alg = ? AND created_at > ?)
         ON CONFLICT (tenant_id, kid) DO NOTHING`,
        tenant,
        key.kid,
        key.alg,
        JSON.stringify(key.public_jwk),
        key.private_sealed,
        key.created_at,
        key.active_from,
        tenant,
        key.alg,
        unlessSince,
      ),
      statement(
        `UPDATE signing_keys SET retire_at = ? WHERE tenant_id = ? AND alg = ? AND kid <> ? AND retire_at IS NULL
         AND EXISTS (SELECT 1 FROM signing_keys mine WHERE mine.tenant_id = ? AND mine.kid = ?)`,
        retireOthersAt,
        tenant,
        key.alg,
        key.kid,
        tenant,
        key.kid,
      ),
    );
    return added?.count === 1;
  },

  async deleteKeys(tenant, retiredBefore) {
    await database.write(
      statement('DELETE FROM signing_keys WHERE tenant_id = ? AND retire_at < ?', tenant, retiredBefore),
    );
  },
});
