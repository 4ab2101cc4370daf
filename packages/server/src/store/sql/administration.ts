import { emailOf } from '../../model/user.ts';
import type { AdminVerbs } from '../admin-verbs.ts';
import { allOrNothing, type Database, orNothing, ownRow, type Row, statement } from '../database.ts';
import { insertEvent } from './audit.ts';
import { setGroups } from './groups.ts';
import { bytes, maybeText, number, text } from './row.ts';
import { nameOf } from './user-rows.ts';

type ChangeVerbs = Pick<
  AdminVerbs,
  | 'replaceUser'
  | 'deleteConsent'
  | 'countEvents'
  | 'addCounts'
  | 'listCounts'
  | 'claimIdempotencyKey'
  | 'settleIdempotencyKey'
>;

export const administrationVerbs = (database: Database): ChangeVerbs => ({
  async replaceUser(tenant, { id, username, claims, role, groups, version, event }, now) {
    const done = await allOrNothing(database, [
      orNothing(
        statement(
          `UPDATE users SET username = ?, claims = ?, email = ?, name = ?, role = ?, source = 'manual', updated_at = ?, version = version + 1
           WHERE tenant_id = ? AND id = ? AND version = ?
           AND NOT EXISTS (SELECT 1 FROM users other WHERE other.tenant_id = ? AND other.username = ? AND other.id <> ?)`,
          username,
          JSON.stringify(claims),
          emailOf(claims) ?? null,
          nameOf(claims),
          role,
          now,
          tenant,
          id,
          version,
          tenant,
          username,
          id,
        ),
      ),
      ...(groups === undefined ? [] : setGroups(tenant, { user_id: id }, groups)),
      insertEvent(tenant, event),
    ]);
    if (done) return 'changed';
    const [row] = await database.read(
      statement('SELECT version FROM users WHERE tenant_id = ? AND id = ?', tenant, id),
    );
    return row !== undefined && number(row, 'version') === version ? 'taken' : 'stale';
  },

  async deleteConsent(tenant, { user_id, client_row }, now) {
    const done = await allOrNothing(database, [
      orNothing(
        statement(
          'DELETE FROM consents WHERE tenant_id = ? AND user_id = ? AND client_row = ?',
          tenant,
          user_id,
          client_row,
        ),
      ),
      statement(
        'UPDATE grants SET revoked_at = ? WHERE user_id = ? AND client_row = ? AND tenant_id = ? AND revoked_at IS NULL',
        now,
        user_id,
        client_row,
        tenant,
      ),
    ]);
    return done ? 'deleted' : 'unknown';
  },

  async countEvents(tenant, { actions, since, span }) {
    const rows = await database.read(
      statement(
        `SELECT action AS name, at / CAST(? AS BIGINT) AS span, COUNT(*) AS count FROM audit_events
         WHERE tenant_id = ? AND at >= ? AND action IN (${actions.map(() => '?').join(', ')}) GROUP BY 1, 2 ORDER BY 2, 1`,
        span,
        tenant,
        since,
        ...actions,
      ),
    );
    return rows.map(readCount);
  },

  async addCounts(tenant, counts) {
    if (counts.length === 0) return;
    await database.write(
      ...counts.map(({ name, hour, count }) =>
        ownRow(
          `INSERT INTO counts (tenant_id, name, hour, count) VALUES (?, ?, ?, ?)
           ON CONFLICT (tenant_id, name, hour) DO UPDATE SET count = counts.count + excluded.count`,
          tenant,
          name,
          hour,
          count,
        ),
      ),
    );
  },

  async listCounts(tenant, { since, span }) {
    const rows = await database.read(
      statement(
        `SELECT name, hour / CAST(? AS BIGINT) AS span, CAST(SUM(count) AS BIGINT) AS count FROM counts
         WHERE tenant_id = ? AND hour >= ? GROUP BY 1, 2 ORDER BY 2, 1`,
        span,
        tenant,
        since,
      ),
    );
    return rows.map(readCount);
  },

  async claimIdempotencyKey(tenant, { key_hash, request_hash, abandonedAfter, keptFor }, now) {
    const [claimed] = await database.write(
      ownRow(
        `INSERT INTO idempotency_keys (tenant_id, key_hash, request_hash, answer, claimed_at, expires_at) VALUES (?, ?, ?, NULL, ?, ?)
         ON CONFLICT (tenant_id, key_hash) DO UPDATE SET request_hash = excluded.request_hash, answer = NULL,
         claimed_at = excluded.claimed_at, expires_at = excluded.expires_at
         WHERE idempotency_keys.expires_at <= excluded.claimed_at
         OR (idempotency_keys.answer IS NULL AND idempotency_keys.claimed_at <= ?)`,
        tenant,
        key_hash,
        request_hash,
        now,
        now + keptFor,
        now - abandonedAfter,
      ),
    );
    if (claimed?.count === 1) return { kind: 'claimed' };
    const [row] = await database.read(
      statement('SELECT * FROM idempotency_keys WHERE tenant_id = ? AND key_hash = ?', tenant, key_hash),
    );
    return {
      kind: 'known',
      request_hash: row === undefined ? request_hash : bytes(row, 'request_hash'),
      answer: row === undefined ? null : maybeText(row, 'answer'),
    };
  },

  async settleIdempotencyKey(tenant, key_hash, answer) {
    await database.write(
      answer === null
        ? ownRow('DELETE FROM idempotency_keys WHERE tenant_id = ? AND key_hash = ?', tenant, key_hash)
        : ownRow(
            'UPDATE idempotency_keys SET answer = ? WHERE tenant_id = ? AND key_hash = ?',
            answer,
            tenant,
            key_hash,
          ),
    );
  },
});

const readCount = (row: Row) => ({
  name: text(row, 'name'),
  span: number(row, 'span'),
  count: number(row, 'count'),
});
