import { type Database, idOf, insertion, ownRow, type Row, statement, type Value } from '../database.ts';
import type { FoundPersonalToken, PersonalTokenVerbs } from '../guard-verbs.ts';
import { bytes, json, number, text } from './row.ts';
import { besideUser, userBeside, withUser } from './user-rows.ts';

const readToken = (row: Row): FoundPersonalToken => ({
  id: number(row, 'id'),
  uuid: text(row, 'uuid'),
  user_id: number(row, 'user_id'),
  kind: text(row, 'kind'),
  label: text(row, 'label'),
  secret_hash: bytes(row, 'secret_hash'),
  scopes: json(row, 'scopes'),
  expires_at: number(row, 'expires_at'),
  renewed_by: number(row, 'renewed_by'),
  created_at: number(row, 'created_at'),
  created_by: text(row, 'created_by'),
  used_at: number(row, 'used_at'),
  user: userBeside(row),
});

export const personalTokenVerbs = (database: Database): PersonalTokenVerbs => ({
  async createPersonalToken(tenant, token) {
    const [created] = await database.write(
      insertion(
        `INSERT INTO personal_tokens (tenant_id, uuid, user_id, kind, label, secret_hash, scopes, expires_at, renewed_by,
         created_at, created_by, used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        tenant,
        token.uuid,
        token.user_id,
        token.kind,
        token.label,
        token.secret_hash,
        JSON.stringify(token.scopes),
        token.expires_at,
        token.renewed_by,
        token.created_at,
        token.created_by,
        token.used_at,
      ),
    );
    return idOf(created);
  },

  async findPersonalToken(tenant, id) {
    const [row] = await database.read(withUser('personal_tokens', tenant, id));
    return row && readToken(row);
  },

  async listPersonalTokens(tenant, { user_id, afterId, atMost }) {
    const [ofUser, given]: [string, Value[]] =
      user_id === undefined ? ['', []] : [' AND personal_tokens.user_id = ?', [user_id]];
    const rows = await database.read(
      statement(
        `${besideUser('personal_tokens')} WHERE personal_tokens.tenant_id = ? AND personal_tokens.id > ?${ofUser}
         ORDER BY personal_tokens.id LIMIT ?`,
        tenant,
        afterId,
        ...given,
        atMost,
      ),
    );
    return rows.map(readToken);
  },

  async usePersonalToken(tenant, id, { used_at, expires_at }) {
    await database.write(
      ownRow(
        'UPDATE personal_tokens SET used_at = ?, expires_at = ? WHERE tenant_id = ? AND id = ? AND used_at < ? AND expires_at > ?',
        used_at,
        expires_at,
        tenant,
        id,
        used_at,
        used_at,
      ),
    );
  },

  async deletePersonalToken(tenant, uuid, user_id) {
    const [ofUser, given]: [string, Value[]] =
      user_id === undefined ? ['', []] : [' AND user_id = ?', [user_id]];
    const [deleted] = await database.write(
      ownRow(`DELETE FROM personal_tokens WHERE tenant_id = ? AND uuid = ?${ofUser}`, tenant, uuid, ...given),
    );
    return deleted?.count === 1 ? 'deleted' : 'unknown';
  },

  async deletePersonalTokensOfUser(tenant, user_id) {
    const [deleted] = await database.write(
      statement('DELETE FROM personal_tokens WHERE tenant_id = ? AND user_id = ?', tenant, user_id),
    );
    return deleted?.count ?? 0;
  },
});
