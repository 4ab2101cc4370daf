import type { Refusal } from '../../model/refusal.ts';
import { type Database, ownRow, type Row, statement } from '../database.ts';
import type { GuardVerbs, RefusalVerbs } from '../guard-verbs.ts';
import { json, maybeText, number, text } from './row.ts';

export const guardVerbs = (database: Database): GuardVerbs => ({
  async useAssertion(tenant, client_row, { jti_hash, expires_at }) {
    const [used] = await database.write(
      ownRow(
        `INSERT INTO used_assertions (tenant_id, client_row, jti_hash, expires_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (tenant_id, client_row, jti_hash) DO NOTHING`,
        tenant,
        client_row,
        jti_hash,
        expires_at,
      ),
    );
    return used?.count === 1 ? 'fresh' : 'replayed';
  },

  async revokeAccessToken(tenant, jti, expires_at) {
    await database.write(
      ownRow(
        `INSERT INTO revoked_access_tokens (tenant_id, jti, expires_at) VALUES (?, ?, ?)
         ON CONFLICT (tenant_id, jti) DO NOTHING`,
        tenant,
        jti,
        expires_at,
      ),
    );
  },

  async accessTokenIsRevoked(tenant, jti) {
    const rows = await database.read(
      statement('SELECT 1 AS found FROM revoked_access_tokens WHERE tenant_id = ? AND jti = ?', tenant, jti),
    );
    return rows.length === 1;
  },

  async hasRevokedAccessTokens(tenant) {
    const rows = await database.read(
      statement('SELECT 1 AS found FROM revoked_access_tokens WHERE tenant_id = ? LIMIT 1', tenant),
    );
    return rows.length === 1;
  },

  async beginAttempt(tenant, subject, rule, now) {
    const firstThatCosts = rule.free + 1;
    const [counted] = await database.write(
      ownRow(
        `INSERT INTO sign_in_failures (tenant_id, subject, failures, last_at, blocked_until) VALUES (?, ?, 1, ?, 0)
         ON CONFLICT (tenant_id, subject) DO UPDATE SET last_at = excluded.last_at,
         failures = CASE WHEN sign_in_failures.last_at < ? THEN 1 ELSE sign_in_failures.failures + 1 END
         WHERE sign_in_failures.blocked_until <= excluded.last_at`,
        tenant,
        subject,
        now,
        now - rule.forgetAfter,
      ),
      ownRow(
        `UPDATE sign_in_failures SET blocked_until = last_at + CAST(? AS BIGINT) *
         (1 << CAST(CASE WHEN failures - ? < ? THEN failures - ? ELSE ? END AS INTEGER))
         WHERE tenant_id = ? AND subject = ? AND failures >= ?`,
        rule.unit,
        firstThatCosts,
        rule.doublings,
        firstThatCosts,
        rule.doublings,
        tenant,
        subject,
        firstThatCosts,
      ),
    );
    if (counted?.count === 1) return { allowed: true };
    const [row] = await database.read(
      statement(
        'SELECT blocked_until FROM sign_in_failures WHERE tenant_id = ? AND subject = ?',
        tenant,
        subject,
      ),
    );
    return { allowed: false, until: row === undefined ? now : number(row, 'blocked_until') };
  },

  async forgiveAttempt(tenant, subject) {
    await database.write(
      ownRow(
        'UPDATE sign_in_failures SET failures = failures - 1, blocked_until = 0 WHERE tenant_id = ? AND subject = ? AND failures > 0',
        tenant,
        subject,
      ),
    );
  },

  async clearAttempts(tenant, subject) {
    await database.write(
      ownRow('DELETE FROM sign_in_failures WHERE tenant_id = ? AND subject = ?', tenant, subject),
    );
  },
});

export const readRefusal = (row: Row): Refusal => ({
  reference: text(row, 'reference'),
  at: number(row, 'at'),
  rule: text(row, 'rule'),
  error: text(row, 'error'),
  endpoint: text(row, 'endpoint'),
  client_id: maybeText(row, 'client_id'),
  facts: json(row, 'facts'),
});

export const refusalVerbs = (database: Database): RefusalVerbs => ({
  async saveRefusal(tenant, refusal) {
    await database.write(
      ownRow(
        `INSERT INTO refusals (reference, tenant_id, at, rule, error, endpoint, client_id, facts)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (reference) DO NOTHING`,
        refusal.reference,
        tenant,
        refusal.at,
        refusal.rule,
        refusal.error,
        refusal.endpoint,
        refusal.client_id,
        JSON.stringify(refusal.facts),
      ),
    );
  },

  async findRefusal(tenant, reference) {
    const [row] = await database.read(
      statement('SELECT * FROM refusals WHERE tenant_id = ? AND reference = ?', tenant, reference),
    );
    return row && readRefusal(row);
  },
});
