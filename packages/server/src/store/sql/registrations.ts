import {
  allOrNothing,
  type Database,
  idOf,
  insertion,
  lastOrNothing,
  orNothing,
  ownRow,
  type Row,
  type Statement,
  statement,
} from '../database.ts';
import type {
  InitialAccessToken,
  NewRegistration,
  Registration,
  RegistrationVerbs,
  SeenRegistration,
} from '../registration-verbs.ts';
import { insertEvent } from './audit.ts';
import { clientChange, clientCreation, removeClient } from './clients.ts';
import { bytes, maybeText, number, text } from './row.ts';

const readToken = (row: Row): InitialAccessToken => ({
  id: number(row, 'id'),
  uuid: text(row, 'uuid'),
  secret_hash: bytes(row, 'secret_hash'),
  description: maybeText(row, 'description'),
  uses: number(row, 'uses'),
  uses_left: number(row, 'uses_left'),
  created_at: number(row, 'created_at'),
  created_by: text(row, 'created_by'),
  expires_at: number(row, 'expires_at'),
});

const readRegistration = (row: Row): Registration => ({
  client_row: number(row, 'client_row'),
  token_hash: bytes(row, 'token_hash'),
  token_at: number(row, 'token_at'),
  version: number(row, 'version'),
  software_statement: maybeText(row, 'software_statement'),
  used_at: number(row, 'used_at'),
});

type InitialTokenVerbs = Pick<
  RegistrationVerbs,
  | 'createInitialAccessToken'
  | 'findInitialAccessToken'
  | 'listInitialAccessTokens'
  | 'deleteInitialAccessToken'
>;

const initialTokenVerbs = (database: Database): InitialTokenVerbs => ({
  async createInitialAccessToken(tenant, token, event) {
    const [created] = await database.write(
      insertion(
        `INSERT INTO initial_access_tokens (tenant_id, uuid, secret_hash, description, uses, uses_left, created_at, created_by, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        tenant,
        token.uuid,
        token.secret_hash,
        token.description,
        token.uses,
        token.uses,
        token.created_at,
        token.created_by,
        token.expires_at,
      ),
      insertEvent(tenant, event),
    );
    return idOf(created);
  },

  async findInitialAccessToken(tenant, id) {
    const [row] = await database.read(
      statement('SELECT * FROM initial_access_tokens WHERE tenant_id = ? AND id = ?', tenant, id),
    );
    return row && readToken(row);
  },

  async listInitialAccessTokens(tenant, { before, atMost }) {
    const rows = await database.read(
      statement(
        'SELECT * FROM initial_access_tokens WHERE tenant_id = ? AND id < ? ORDER BY id DESC LIMIT ?',
        tenant,
        before ?? Number.MAX_SAFE_INTEGER,
        atMost,
      ),
    );
    return rows.map(readToken);
  },

  async deleteInitialAccessToken(tenant, uuid, event) {
    const deletion = statement(
      'DELETE FROM initial_access_tokens WHERE tenant_id = ? AND uuid = ?',
      tenant,
      uuid,
    );
    const done = await allOrNothing(database, [orNothing(deletion), insertEvent(tenant, event)]);
    return done ? 'deleted' : 'unknown';
  },
});

export const registrationVerbs = (database: Database): RegistrationVerbs => ({
  ...initialTokenVerbs(database),

  async registerClient(tenant, registration, now) {
    const done = await allOrNothing(database, [
      ...spending(tenant, registration.spend, now),
      ...clientCreation(tenant, registration.client, now),
      ...insertRegistration(tenant, registration, now),
    ]);
    return done ? 'registered' : 'refused';
  },

  async findRegistration(tenant, client_row) {
    const [row] = await database.read(
      statement('SELECT * FROM registrations WHERE tenant_id = ? AND client_row = ?', tenant, client_row),
    );
    return row && readRegistration(row);
  },

  async updateRegistration(tenant, seen, { client, token_hash, software_statement }, now) {
    const done = await allOrNothing(database, [
      orNothing(
        statement(
          `UPDATE registrations SET token_hash = ?, token_at = ?, version = version + 1, software_statement = ? WHERE ${SEEN}`,
          token_hash,
          now,
          software_statement,
          ...parametersOf(tenant, seen),
        ),
      ),
      ...clientChange(tenant, client, now, seen.version),
    ]);
    return done ? 'updated' : 'stale';
  },

  async deleteRegistration(tenant, { client_id, ...seen }, event, now) {
    const done = await allOrNothing(database, [
      orNothing(statement(`DELETE FROM registrations WHERE ${SEEN}`, ...parametersOf(tenant, seen))),
      ...removal(tenant, client_id, { now, version: seen.version, actor: event.actor }),
      insertEvent(tenant, event),
    ]);
    return done ? 'deleted' : 'stale';
  },

  async noteClientUses(tenant, client_rows, now) {
    if (client_rows.length === 0) return;
    await database.write(
      ...client_rows.map((row) =>
        ownRow(
          'UPDATE registrations SET used_at = ? WHERE tenant_id = ? AND client_row = ? AND used_at < ?',
          now,
          tenant,
          row,
          now,
        ),
      ),
    );
  },

  async listIdleClients(tenant, { usedBefore, atMost }, now) {
    const [over, unused] = await Promise.all([
      database.read(idle(tenant, 'clients.expires_at <= ?', now, atMost)),
      usedBefore === undefined
        ? []
        : database.read(idle(tenant, 'registrations.used_at < ?', usedBefore, atMost)),
    ]);
    const names = [...over, ...unused].map((row) => text(row, 'client_id'));
    return [...new Set(names)].slice(0, atMost);
  },

  async removeIdleClient(tenant, client_id, { usedBefore, event }, now) {
    const done = await allOrNothing(database, [
      orNothing(
        statement(
          `DELETE FROM registrations WHERE tenant_id = ? AND client_row IN (SELECT clients.id FROM clients WHERE clients.tenant_id = ?
           AND clients.client_id = ? AND clients.version = registrations.version
           AND (clients.expires_at <= ? OR registrations.used_at < ?))`,
          tenant,
          tenant,
          client_id,
          now,
          // Nothing was used before all time.
          usedBefore ?? -1,
        ),
      ),
      ...removal(tenant, client_id, { now, actor: event.actor }),
      insertEvent(tenant, event),
    ]);
    return done ? 'deleted' : 'unchanged';
  },
});

/** One use, if there is one left. */
const spending = (tenant: number, spend: NewRegistration['spend'], now: number): readonly Statement[] =>
  spend === undefined
    ? []
    : [
        orNothing(
          statement(
            `UPDATE initial_access_tokens SET uses_left = uses_left - 1
             WHERE tenant_id = ? AND id = ? AND secret_hash = ? AND uses_left > 0 AND expires_at > ?`,
            tenant,
            spend.id,
            spend.secret_hash,
            now,
          ),
        ),
      ];

function insertRegistration(
  tenant: number,
  { client, token_hash, software_statement, expires_at }: NewRegistration,
  now: number,
): readonly Statement[] {
  const { client_id } = client.metadata;
  return [
    statement(
      `INSERT INTO registrations (tenant_id, client_row, token_hash, token_at, version, software_statement, used_at)
       SELECT tenant_id, id, ?, CAST(? AS BIGINT), version, CAST(? AS TEXT), CAST(? AS BIGINT)
       FROM clients WHERE tenant_id = ? AND client_id = ?`,
      token_hash,
      now,
      software_statement,
      now,
      tenant,
      client_id,
    ),
    ...(expires_at === null
      ? []
      : [
          statement(
            'UPDATE clients SET expires_at = ? WHERE tenant_id = ? AND client_id = ?',
            expires_at,
            tenant,
            client_id,
          ),
        ]),
  ];
}

const SEEN = 'tenant_id = ? AND client_row = ? AND token_hash = ? AND version = ?';
const parametersOf = (tenant: number, { client_row, token_hash, version }: SeenRegistration) =>
  [tenant, client_row, token_hash, version] as const;

/** The client goes with the last of the statements, or nothing happens. */
const removal = (...how: Parameters<typeof removeClient>): readonly Statement[] =>
  lastOrNothing(removeClient(...how));

const idle = (tenant: number, condition: string, since: number, atMost: number): Statement =>
  statement(
    `SELECT clients.client_id FROM registrations
     JOIN clients ON clients.id = registrations.client_row AND clients.tenant_id = registrations.tenant_id
     WHERE registrations.tenant_id = ? AND ${condition} AND clients.version = registrations.version LIMIT ?`,
    tenant,
    since,
    atMost,
  );
