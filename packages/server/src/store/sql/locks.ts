import { type Database, ownRow, statement } from '../database.ts';
import type { LockVerbs } from '../guard-verbs.ts';
import { forgetFailuresOfUser } from './endings.ts';

export const lockVerbs = (database: Database): LockVerbs => ({
  async countFailure(tenant, username, most, now) {
    const [counted] = await database.write(
      ownRow(
        `INSERT INTO failures_in_a_row (tenant_id, username, failures, last_at) VALUES (?, ?, 1, ?)
         ON CONFLICT (tenant_id, username) DO UPDATE SET failures = failures_in_a_row.failures + 1, last_at = excluded.last_at
         WHERE failures_in_a_row.failures < ?`,
        tenant,
        username,
        now,
        most,
      ),
    );
    return counted?.count === 1 ? 'counted' : 'too-many';
  },

  async forgiveFailure(tenant, username) {
    await database.write(
      ownRow(
        'UPDATE failures_in_a_row SET failures = failures - 1 WHERE tenant_id = ? AND username = ? AND failures > 0',
        tenant,
        username,
      ),
    );
  },

  async clearFailures(tenant, username) {
    await database.write(
      ownRow('DELETE FROM failures_in_a_row WHERE tenant_id = ? AND username = ?', tenant, username),
    );
  },

  async lockAfterFailures(tenant, username, failures, now) {
    const [locked] = await database.write(
      statement(
        `UPDATE users SET locked_at = ? WHERE tenant_id = ? AND username = ? AND locked_at IS NULL AND EXISTS
         (SELECT 1 FROM failures_in_a_row counted WHERE counted.tenant_id = ? AND counted.username = ? AND counted.failures >= ?)`,
        now,
        tenant,
        username,
        tenant,
        username,
        failures,
      ),
    );
    return locked?.count === 1 ? 'locked' : 'unchanged';
  },

  async lockUser(tenant, id, now) {
    const [locked] = await database.write(
      ownRow(
        'UPDATE users SET locked_at = ? WHERE tenant_id = ? AND id = ? AND locked_at IS NULL',
        now,
        tenant,
        id,
      ),
    );
    return locked?.count === 1 ? 'locked' : 'unchanged';
  },

  async unlockUser(tenant, id) {
    const [unlocked, cleared] = await database.write(
      statement(
        'UPDATE users SET locked_at = NULL WHERE tenant_id = ? AND id = ? AND locked_at IS NOT NULL',
        tenant,
        id,
      ),
      forgetFailuresOfUser(tenant, id),
    );
    return unlocked?.count === 1 || cleared?.count === 1 ? 'unlocked' : 'unchanged';
  },
});
