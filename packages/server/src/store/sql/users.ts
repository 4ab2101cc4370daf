import { allOrNothing, type Database, lastOrNothing, statement } from '../database.ts';
import type { UserVerbs } from '../store.ts';
import { recorded } from './clients.ts';
import {
  changePassword,
  changeUser,
  disableStatements,
  enableStatement,
  insertUser,
  removeUser,
  userCreation,
} from './user-changes.ts';
import { readUser } from './user-rows.ts';

export const userVerbs = (database: Database): UserVerbs => ({
  async findUser(tenant, id) {
    const [row] = await database.read(
      statement('SELECT * FROM users WHERE tenant_id = ? AND id = ?', tenant, id),
    );
    return row && readUser(row);
  },

  async findUserByName(tenant, username) {
    const [row] = await database.read(
      statement('SELECT * FROM users WHERE tenant_id = ? AND username = ?', tenant, username),
    );
    return row && readUser(row);
  },

  async findUserBySub(tenant, sub) {
    const [row] = await database.read(
      statement('SELECT * FROM users WHERE tenant_id = ? AND sub = ?', tenant, sub),
    );
    return row && readUser(row);
  },

  async findUsersByEmail(tenant, email, atMost) {
    const rows = await database.read(
      statement(
        'SELECT * FROM users WHERE tenant_id = ? AND email = ? ORDER BY id LIMIT ?',
        tenant,
        email,
        atMost,
      ),
    );
    return rows.map(readUser);
  },

  async listUsers(tenant, { afterUsername, atMost }) {
    const rows = await database.read(
      statement(
        'SELECT * FROM users WHERE tenant_id = ? AND username > ? ORDER BY username LIMIT ?',
        tenant,
        afterUsername,
        atMost,
      ),
    );
    return rows.map(readUser);
  },

  async hasAdministrator(tenant) {
    const rows = await database.read(
      statement("SELECT 1 AS found FROM users WHERE tenant_id = ? AND role = 'admin' LIMIT 1", tenant),
    );
    return rows.length === 1;
  },

  async createUser(tenant, user, now, event) {
    const statements = [...userCreation(tenant, user, now), ...recorded(tenant, event)];
    return (await allOrNothing(database, statements)) ? 'created' : 'duplicate';
  },

  async updateUser(tenant, user, now, event) {
    await database.write(changeUser(tenant, user, now), ...recorded(tenant, event));
  },

  async upgradePasswordHash(tenant, id, { from, to }) {
    await database.write(
      statement(
        'UPDATE users SET password_hash = ? WHERE tenant_id = ? AND id = ? AND password_hash = ?',
        to,
        tenant,
        id,
        from,
      ),
    );
  },

  async setPassword(tenant, id, password, now) {
    await database.write(...changePassword(tenant, id, password, now), ...recorded(tenant, password.event));
  },

  async disableUser(tenant, id, now, event) {
    await database.write(...disableStatements(tenant, id, now), ...recorded(tenant, event));
  },

  async enableUser(tenant, id, now, event) {
    await database.write(enableStatement(tenant, id, now), ...recorded(tenant, event));
  },

  async deleteUser(tenant, id, now, event) {
    const removal = removeUser(tenant, id, { now, actor: event?.actor });
    const done = await allOrNothing(database, [...lastOrNothing(removal), ...recorded(tenant, event)]);
    return done ? 'deleted' : 'unknown';
  },

  async saveSetupLink(tenant, secret_hash, expires_at) {
    await database.write(
      statement(
        `INSERT INTO setup_links (tenant_id, secret_hash, expires_at) VALUES (?, ?, ?)
         ON CONFLICT (tenant_id) DO UPDATE SET secret_hash = excluded.secret_hash, expires_at = excluded.expires_at`,
        tenant,
        secret_hash,
        expires_at,
      ),
    );
  },

  async setupLinkIsGood(tenant, secret_hash, now) {
    const rows = await database.read(
      statement(`SELECT 1 AS found FROM setup_links WHERE ${GOOD_LINK}`, tenant, secret_hash, now),
    );
    return rows.length === 1;
  },

  async createFirstAdministrator(tenant, { secret_hash, user }, now) {
    const goodLink = `EXISTS (SELECT 1 FROM setup_links WHERE ${GOOD_LINK})`;
    const [created] = await database.write(
      insertUser(tenant, user, now, statement(goodLink, tenant, secret_hash, now)),
      // Only the user just made lets the link be spent: a name already taken leaves it good.
      statement(
        'DELETE FROM setup_links WHERE tenant_id = ? AND EXISTS (SELECT 1 FROM users WHERE tenant_id = ? AND sub = ?)',
        tenant,
        tenant,
        user.sub,
      ),
    );
    if (created?.count === 1) return 'created';
    return (await this.setupLinkIsGood(tenant, secret_hash, now)) ? 'duplicate' : 'spent';
  },
});

const GOOD_LINK = `tenant_id = ? AND secret_hash = ? AND expires_at > ?
  AND NOT EXISTS (SELECT 1 FROM users WHERE users.tenant_id = setup_links.tenant_id AND role = 'admin')`;
