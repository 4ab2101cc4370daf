import type { Grant } from '../../model/authorization.ts';
import type { ConsentVerbs, GrantVerbs } from '../access-verbs.ts';
import { type Database, idOf, insertion, ownRow, type Row, type Statement, statement } from '../database.ts';
import { json, maybeBytes, maybeNumber, number } from './row.ts';
import { userBeside, withUser } from './user-rows.ts';

export const readGrant = (row: Row): Omit<Grant, 'user'> => ({
  id: number(row, 'id'),
  client_row: number(row, 'client_row'),
  user_id: number(row, 'user_id'),
  session_id: number(row, 'session_id'),
  authorization: json(row, 'authorization_json'),
  code_hash: maybeBytes(row, 'code_hash'),
  code_expires_at: number(row, 'code_expires_at'),
  code_redeemed_at: maybeNumber(row, 'code_redeemed_at'),
  refresh_salt: maybeBytes(row, 'refresh_salt'),
  refresh_generation: number(row, 'refresh_generation'),
  refresh_rotated_at: number(row, 'refresh_rotated_at'),
  refresh_expires_at: number(row, 'refresh_expires_at'),
  created_at: number(row, 'created_at'),
  expires_at: Math.max(number(row, 'expires_at'), number(row, 'kept_until')),
  revoked_at: maybeNumber(row, 'revoked_at'),
});

/**
 * Rows whose time of deletion has come although they were given a later end since. That end stands in a column without an index, so
 * that a rotation changes nothing but the row, and is brought into the index here, once for many rotations.
 */
export const postponeGrants = (before: number, atMost: number): Statement =>
  statement(
    `UPDATE grants SET expires_at = kept_until WHERE kept_until > expires_at
     AND id IN (SELECT id FROM grants WHERE expires_at < ? ORDER BY expires_at LIMIT ?)`,
    before,
    atMost,
  );

export const grantVerbs = (database: Database): GrantVerbs => ({
  async saveGrant(tenant, grant) {
    const [saved] = await database.write(
      insertion(
        `INSERT INTO grants (tenant_id, client_row, user_id, session_id, authorization_json, code_hash, code_expires_at,
         code_redeemed_at, refresh_salt, refresh_generation, refresh_rotated_at, refresh_expires_at, created_at, expires_at,
         revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL, 0, 0, 0, ?, ?,
         (SELECT CASE WHEN COUNT(*) = 0 THEN CAST(? AS BIGINT) ELSE MAX(ended_at) END
          FROM browser_sessions WHERE id = ? AND tenant_id = ?))`,
        tenant,
        grant.client_row,
        grant.user_id,
        grant.session_id,
        JSON.stringify(grant.authorization),
        grant.code?.hash ?? null,
        grant.code?.expires_at ?? 0,
        grant.created_at,
        grant.expires_at,
        grant.created_at,
        grant.session_id,
        tenant,
      ),
    );
    return idOf(saved);
  },

  async findGrant(tenant, id) {
    const [row] = await database.read(withUser('grants', tenant, id));
    return row && { ...readGrant(row), user: userBeside(row) };
  },

  async redeemCode(tenant, id, { refresh, grant_expires_at }, now) {
    const [redeemed] = await database.write(
      ownRow(
        `UPDATE grants SET code_redeemed_at = ?, refresh_salt = ?, refresh_expires_at = ?, kept_until = ?
         WHERE id = ? AND tenant_id = ? AND code_redeemed_at IS NULL AND revoked_at IS NULL AND code_expires_at > ?`,
        now,
        refresh?.salt ?? null,
        refresh?.expires_at ?? 0,
        grant_expires_at,
        id,
        tenant,
        now,
      ),
    );
    if (redeemed?.count === 1) return 'redeemed';
    const [grant] = await database.read(
      statement('SELECT code_redeemed_at FROM grants WHERE id = ? AND tenant_id = ?', id, tenant),
    );
    return grant !== undefined && grant['code_redeemed_at'] !== null ? 'replayed' : 'over';
  },

  async rotateRefreshToken(tenant, id, line, now) {
    const [rotated] = await database.write(
      ownRow(
        `UPDATE grants SET refresh_generation = refresh_generation + 1, refresh_rotated_at = ?, refresh_expires_at = ?,
         kept_until = ? WHERE id = ? AND tenant_id = ? AND refresh_generation = ? AND revoked_at IS NULL
         AND refresh_expires_at > ?`,
        now,
        line.refresh_expires_at,
        line.grant_expires_at,
        id,
        tenant,
        line.generation,
        now,
      ),
    );
    return rotated?.count === 1 ? 'rotated' : 'stale';
  },

  async revokeGrant(tenant, id, now) {
    await database.write(
      ownRow(
        'UPDATE grants SET revoked_at = ? WHERE id = ? AND tenant_id = ? AND revoked_at IS NULL',
        now,
        id,
        tenant,
      ),
    );
  },
});

export const consentVerbs = (database: Database): ConsentVerbs => ({
  async findConsent(tenant, user_id, client_row) {
    const [row] = await database.read(
      statement(
        'SELECT * FROM consents WHERE tenant_id = ? AND user_id = ? AND client_row = ?',
        tenant,
        user_id,
        client_row,
      ),
    );
    if (row === undefined) return undefined;
    return {
      user_id,
      client_row,
      scope: json(row, 'scope'),
      resources: json(row, 'resources'),
      claims: json(row, 'claims'),
      granted_at: number(row, 'granted_at'),
    };
  },

  async saveConsent(tenant, consent) {
    await database.write(
      ownRow(
        `INSERT INTO consents (tenant_id, user_id, client_row, scope, resources, claims, granted_at) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (tenant_id, user_id, client_row) DO UPDATE SET scope = excluded.scope, resources = excluded.resources,
         claims = excluded.claims, granted_at = excluded.granted_at`,
        tenant,
        consent.user_id,
        consent.client_row,
        JSON.stringify(consent.scope),
        JSON.stringify(consent.resources),
        JSON.stringify(consent.claims),
        consent.granted_at,
      ),
    );
  },
});
