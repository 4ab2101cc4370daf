import type { AdminVerbs, OwnedPage, Sought } from '../admin-verbs.ts';
import { type Database, type Row, type Statement, statement } from '../database.ts';
import { readClient } from './clients.ts';
import { type Conditions, whereAll } from './conditions.ts';
import { readGrant } from './grants.ts';
import { readRefusal } from './guards.ts';
import { containing } from './pattern.ts';
import { json, number } from './row.ts';
import { readSession } from './sessions.ts';
import { besideUser, readUser, userBeside } from './user-rows.ts';

type ListingVerbs = Pick<
  AdminVerbs,
  | 'pageClients'
  | 'pageUsers'
  | 'countUsersWithRole'
  | 'pageSessions'
  | 'pageGrants'
  | 'pageConsents'
  | 'listRefusals'
>;

/** Whether one of the columns holds the text. */
function holds(columns: readonly string[], text: string | undefined): Conditions[number] {
  const pattern = text === undefined ? undefined : containing(text);
  return [
    `(${columns.map((column) => `${column} LIKE ? ESCAPE '\\'`).join(' OR ')})`,
    ...columns.map(() => pattern),
  ];
}

/** A condition without values, when it is wished for. */
const isNull = (column: string, wish: boolean | undefined, whenTrue: 'NULL' | 'NOT NULL'): Conditions =>
  wish === undefined ? [] : [[`${column} IS ${wish === (whenTrue === 'NULL') ? 'NULL' : 'NOT NULL'}`]];

const pageStatement = (
  beginning: string,
  conditions: Conditions,
  order: string,
  atMost: number,
): Statement => {
  const { sql, values } = whereAll(conditions);
  return statement(`${beginning} WHERE ${sql} ORDER BY ${order} LIMIT ?`, ...values, atMost);
};

/** Rows looked at for one page, so that what many others have makes nobody wait. */
const MOST_LOOKED_AT = 20_000;

/** Rows that belong to users, with the newest first. */
async function ownedPage(
  database: Database,
  table: 'browser_sessions' | 'grants',
  tenant: number,
  page: Readonly<{ wanted: OwnedPage; living: Conditions }>,
): Promise<Sought<Row>> {
  const { before, user_id, client_row, atMost, lookAt = MOST_LOOKED_AT } = page.wanted;
  // What is one person's is found by an index.
  const floor = user_id === undefined ? await floorOf(database, table, { before, lookAt }) : 0;
  const found = await database.read(
    pageStatement(
      besideUser(table),
      [
        [`${table}.tenant_id = ?`, tenant],
        [`${table}.id > ?`, floor],
        [`${table}.id < ?`, before],
        [`${table}.user_id = ?`, user_id],
        ...(table === 'grants' ? ([['grants.client_row = ?', client_row]] as const) : []),
        ...page.living,
      ],
      `${table}.id DESC`,
      atMost,
    ),
  );
  return { found, until: floor === 0 ? null : floor + 1 };
}

/** The number above which a page looks; 0 when it can look at all there is. */
async function floorOf(
  database: Database,
  table: string,
  { before, lookAt }: Readonly<{ before: number | undefined; lookAt: number }>,
): Promise<number> {
  const [row] = await database.read(
    statement(
      `SELECT id FROM ${table} WHERE id < ? ORDER BY id DESC LIMIT 1 OFFSET ?`,
      before ?? Number.MAX_SAFE_INTEGER,
      lookAt,
    ),
  );
  return row === undefined ? 0 : number(row, 'id');
}

export const listingVerbs = (database: Database): ListingVerbs => ({
  async pageClients(tenant, { after, atMost, text, source }) {
    const rows = await database.read(
      pageStatement(
        'SELECT * FROM clients',
        [
          ['tenant_id = ?', tenant],
          ['client_id > ?', after],
          ['source = ?', source],
          holds(['LOWER(client_id)', 'name'], text),
        ],
        'client_id',
        atMost,
      ),
    );
    return rows.map(readClient);
  },

  async pageUsers(tenant, { afterUsername, atMost, text, role, disabled, locked }) {
    const rows = await database.read(
      pageStatement(
        'SELECT * FROM users',
        [
          ['tenant_id = ?', tenant],
          ['username > ?', afterUsername],
          ['role = ?', role],
          ...isNull('disabled_at', disabled, 'NOT NULL'),
          ...isNull('locked_at', locked, 'NOT NULL'),
          holds(['username', 'name', 'email'], text),
        ],
        'username',
        atMost,
      ),
    );
    return rows.map(readUser);
  },

  async countUsersWithRole(tenant, role) {
    const [row] = await database.read(
      statement(
        'SELECT COUNT(*) AS count FROM users WHERE tenant_id = ? AND role = ? AND disabled_at IS NULL',
        tenant,
        role,
      ),
    );
    return row === undefined ? 0 : number(row, 'count');
  },

  async pageSessions(tenant, wanted, now) {
    const living: Conditions = [['ended_at IS NULL'], ['expires_at > ?', now]];
    const { found, until } = await ownedPage(database, 'browser_sessions', tenant, { wanted, living });
    return { until, found: found.map((row) => ({ ...readSession(row), user: userBeside(row) })) };
  },

  async pageGrants(tenant, wanted, now) {
    const living: Conditions = [
      ['revoked_at IS NULL'],
      // A line of refresh tokens that has begun, or a code that may yet be redeemed.
      ['(refresh_expires_at > ? OR (code_redeemed_at IS NULL AND code_expires_at > ?))', now, now],
    ];
    const { found, until } = await ownedPage(database, 'grants', tenant, { wanted, living });
    return { until, found: found.map((row) => ({ ...readGrant(row), user: userBeside(row) })) };
  },

  async pageConsents(tenant, { after, user_id, client_row, atMost }) {
    const rows = await database.read(
      pageStatement(
        besideUser('consents'),
        [
          ['consents.tenant_id = ?', tenant],
          ['(consents.user_id, consents.client_row) > (?, ?)', after?.user_id, after?.client_row],
          ['consents.user_id = ?', user_id],
          ['consents.client_row = ?', client_row],
        ],
        'consents.user_id, consents.client_row',
        atMost,
      ),
    );
    return rows.map((row) => ({ ...readConsent(row), user: userBeside(row) }));
  },

  async listRefusals(tenant, { before, since, client_id, rule, endpoint, atMost }) {
    const rows = await database.read(
      pageStatement(
        'SELECT * FROM refusals',
        [
          ['tenant_id = ?', tenant],
          ['(at, reference) < (?, ?)', before?.at, before?.reference],
          ['at >= ?', since],
          ['client_id = ?', client_id],
          ['rule = ?', rule],
          ['endpoint = ?', endpoint],
        ],
        'at DESC, reference DESC',
        atMost,
      ),
    );
    return rows.map(readRefusal);
  },
});

const readConsent = (row: Row) => ({
  user_id: number(row, 'user_id'),
  client_row: number(row, 'client_row'),
  scope: json<readonly string[]>(row, 'scope'),
  resources: json<readonly string[]>(row, 'resources'),
  claims: json<readonly string[]>(row, 'claims'),
  granted_at: number(row, 'granted_at'),
});
