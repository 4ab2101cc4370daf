import type { BrowserSession } from '../../model/browser-session.ts';
import type { SessionVerbs } from '../access-verbs.ts';
import { type Database, idOf, insertion, ownRow, type Row, statement } from '../database.ts';
import { endGrantsOfUser, endSessionsOfUser } from './endings.ts';
import { bytes, json, maybeNumber, maybeText, number, text } from './row.ts';
import { userBeside, withUser } from './user-rows.ts';

export const readSession = (row: Row): BrowserSession => ({
  id: number(row, 'id'),
  user_id: number(row, 'user_id'),
  secret_hash: bytes(row, 'secret_hash'),
  sid: text(row, 'sid'),
  auth_time: number(row, 'auth_time'),
  amr: json(row, 'amr'),
  acr: text(row, 'acr'),
  user_agent: text(row, 'user_agent'),
  created_at: number(row, 'created_at'),
  last_seen_at: number(row, 'last_seen_at'),
  expires_at: number(row, 'expires_at'),
  ended_at: maybeNumber(row, 'ended_at'),
  impersonator: maybeText(row, 'impersonator'),
});

export const sessionVerbs = (database: Database): SessionVerbs => ({
  async startSession(tenant, session) {
    const [started] = await database.write(
      insertion(
        `INSERT INTO browser_sessions (tenant_id, user_id, secret_hash, sid, auth_time, amr, acr, user_agent, created_at,
         last_seen_at, expires_at, impersonator, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
         (SELECT disabled_at FROM users WHERE id = ? AND tenant_id = ?))`,
        tenant,
        session.user_id,
        session.secret_hash,
        session.sid,
        session.auth_time,
        JSON.stringify(session.amr),
        session.acr,
        session.user_agent,
        session.created_at,
        session.last_seen_at,
        session.expires_at,
        session.impersonator,
        session.user_id,
        tenant,
      ),
    );
    return idOf(started);
  },

  async findSession(tenant, id) {
    const [row] = await database.read(withUser('browser_sessions', tenant, id));
    return row && { ...readSession(row), user: userBeside(row) };
  },

  async renewSession(tenant, id, renewed) {
    const [renewal] = await database.write(
      ownRow(
        `UPDATE browser_sessions SET secret_hash = ?, auth_time = ?, last_seen_at = ?, amr = ?, acr = ?, expires_at = ?
         WHERE id = ? AND tenant_id = ? AND ended_at IS NULL`,
        renewed.secret_hash,
        renewed.auth_time,
        renewed.auth_time,
        JSON.stringify(renewed.amr),
        renewed.acr,
        renewed.expires_at,
        id,
        tenant,
      ),
    );
    return renewal?.count === 1 ? 'renewed' : 'ended';
  },

  async clientsOfSession(tenant, { id, user_id }) {
    const rows = await database.read(
      statement(
        'SELECT DISTINCT client_row FROM grants WHERE user_id = ? AND session_id = ? AND tenant_id = ?',
        user_id,
        id,
        tenant,
      ),
    );
    return rows.map((row) => number(row, 'client_row'));
  },

  async touchSession(tenant, id, now) {
    await database.write(
      ownRow(
        'UPDATE browser_sessions SET last_seen_at = ? WHERE id = ? AND tenant_id = ? AND ended_at IS NULL AND last_seen_at < ?',
        now,
        id,
        tenant,
        now,
      ),
    );
  },

  async listSessions(tenant, user_id) {
    const rows = await database.read(
      statement(
        'SELECT * FROM browser_sessions WHERE tenant_id = ? AND user_id = ? AND ended_at IS NULL ORDER BY last_seen_at DESC',
        tenant,
        user_id,
      ),
    );
    return rows.map(readSession);
  },

  async endSession(tenant, id, now) {
    await database.write(
      statement(
        'UPDATE browser_sessions SET ended_at = ? WHERE id = ? AND tenant_id = ? AND ended_at IS NULL',
        now,
        id,
        tenant,
      ),
      statement(
        // By the user first, as the index has it.
        `UPDATE grants SET revoked_at = ? WHERE user_id = (SELECT user_id FROM browser_sessions WHERE id = ?) AND session_id = ?
         AND tenant_id = ? AND revoked_at IS NULL AND (refresh_salt IS NULL OR code_redeemed_at IS NULL)`,
        now,
        id,
        id,
        tenant,
      ),
    );
  },

  async endSessionsOfUser(tenant, user_id, now) {
    const [ended] = await database.write(
      endSessionsOfUser(tenant, user_id, now),
      endGrantsOfUser(tenant, user_id, now),
    );
    return ended?.count ?? 0;
  },
});
