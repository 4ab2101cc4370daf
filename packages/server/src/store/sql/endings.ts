import { type Statement, statement } from '../database.ts';

/** Ends every session of the user. */
export const endSessionsOfUser = (tenant: number, user_id: number, now: number): Statement =>
  statement(
    'UPDATE browser_sessions SET ended_at = ? WHERE tenant_id = ? AND user_id = ? AND ended_at IS NULL',
    now,
    tenant,
    user_id,
  );

/** Ends every grant of the user. */
export const endGrantsOfUser = (tenant: number, user_id: number, now: number): Statement =>
  statement(
    'UPDATE grants SET revoked_at = ? WHERE tenant_id = ? AND user_id = ? AND revoked_at IS NULL',
    now,
    tenant,
    user_id,
  );

/** Forgets the failures in a row that were counted by the name of the user. */
export const forgetFailuresOfUser = (tenant: number, user_id: number): Statement =>
  statement(
    `DELETE FROM failures_in_a_row WHERE tenant_id = ? AND username =
     (SELECT users.username FROM users WHERE users.tenant_id = ? AND users.id = ?)`,
    tenant,
    tenant,
    user_id,
  );
