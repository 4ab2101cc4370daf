import { type Database, ownRow, type Statement, statement } from '../database.ts';
import type { OneTimeSecretVerbs } from '../guard-verbs.ts';
import { number } from './row.ts';
import { besideUser, userBeside } from './user-rows.ts';

const GOOD = `one_time_secrets.tenant_id = ? AND one_time_secrets.id = ? AND one_time_secrets.purpose = ?
  AND one_time_secrets.secret_hash = ? AND one_time_secrets.expires_at > ?`;

export const oneTimeSecretVerbs = (database: Database): OneTimeSecretVerbs => ({
  async saveOneTimeSecret(tenant, { user_id, purpose, secret_hash, created_at, expires_at }) {
    await database.write(
      ownRow(
        `INSERT INTO one_time_secrets (tenant_id, user_id, purpose, secret_hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (tenant_id, user_id, purpose) DO UPDATE SET secret_hash = excluded.secret_hash,
         created_at = excluded.created_at, expires_at = excluded.expires_at`,
        tenant,
        user_id,
        purpose,
        secret_hash,
        created_at,
        expires_at,
      ),
    );
    const [row] = await database.read(
      statement(
        'SELECT id FROM one_time_secrets WHERE tenant_id = ? AND user_id = ? AND purpose = ?',
        tenant,
        user_id,
        purpose,
      ),
    );
    // Spent meanwhile: no number is good then.
    return row === undefined ? 0 : number(row, 'id');
  },

  async findOneTimeSecret(tenant, { id, purpose, secret_hash }, now) {
    const [row] = await database.read(
      statement(`${besideUser('one_time_secrets')} WHERE ${GOOD}`, tenant, id, purpose, secret_hash, now),
    );
    return row && userBeside(row);
  },

  async resetPassword(tenant, { id, secret_hash, password_hash }, now) {
    const good = [tenant, id, 'password_reset', secret_hash, now] as const;
    const itsUser = `(SELECT user_id FROM one_time_secrets WHERE ${GOOD})`;
    const end = (table: string, column: string): Statement =>
      statement(
        `UPDATE ${table} SET ${column} = ? WHERE user_id = ${itsUser} AND tenant_id = ? AND ${column} IS NULL`,
        now,
        ...good,
        tenant,
      );
    const [reset] = await database.write(
      statement(
        `UPDATE users SET password_hash = ?, updated_at = ? WHERE id = ${itsUser} AND tenant_id = ? AND disabled_at IS NULL`,
        password_hash,
        now,
        ...good,
        tenant,
      ),
      end('browser_sessions', 'ended_at'),
      end('grants', 'revoked_at'),
      statement(`DELETE FROM one_time_secrets WHERE ${GOOD}`, ...good),
    );
    return reset?.count === 1 ? 'reset' : 'spent';
  },
});
