import { setImmediate } from 'node:timers/promises';
import type { AdminVerbs, OwnedPage, RefusalKey, Sought } from '../admin-verbs.ts';
import { type Database, type Row, type Statement, statement } from '../database.ts';
import { readClient } from './clients.ts';
import { type Conditions, MOST_LOOKED_AT, whereAll } from './conditions.ts';
import { readGrant } from './grants.ts';
import { readRefusal } from './guards.ts';
import { containing } from './pattern.ts';
import { json, number, text } from './row.ts';
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
function holds(columns: readonly string[], part: string | undefined): Conditions[number] {
  const pattern = part === undefined ? undefined : containing(part);
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

type List = Readonly<{
  table: 'clients' | 'users';
  /** By which it is in order. */
  key: 'client_id' | 'username';
  tenant: number;
  after: string;
  atMost: number;
  narrowing: Conditions;
}>;

/** Rows that are looked at in one go; a look at many more would keep everybody else waiting. */
const SLICE = 2_000;

/** A page of what is found among all, looked for slice by slice. */
async function pageInSlices(
  database: Database,
  { table, key, tenant, after, atMost, narrowing }: List,
): Promise<readonly Row[]> {
  const ofTenant = ['tenant_id = ?', tenant] as const;
  const found: Row[] = [];
  for (let from = after; ; await setImmediate()) {
    const beyond = [`${key} > ?`, from] as const;
    const { sql, values } = whereAll([ofTenant, beyond]);
    const [last] = await database.read(
      statement(
        `SELECT ${key} FROM ${table} WHERE ${sql} ORDER BY ${key} LIMIT 1 OFFSET ?`,
        ...values,
        SLICE - 1,
      ),
    );
    const end = last && text(last, key);
    const conditions = [ofTenant, beyond, [`${key} <= ?`, end] as const, ...narrowing];
    const rest = atMost - found.length;
    found.push(...(await database.read(pageStatement(`SELECT * FROM ${table}`, conditions, key, rest))));
    if (end === undefined || found.length === atMost) return found;
    from = end;
  }
}

export const listingVerbs = (database: Database): ListingVerbs => ({
  async pageClients(tenant, { after, atMost, text: part, source }) {
    const narrowing: Conditions = [['source = ?', source], holds(['LOWER(client_id)', 'name'], part)];
    const list = { table: 'clients', key: 'client_id', tenant, after, atMost, narrowing } as const;
    return (await pageInSlices(database, list)).map(readClient);
  },

  async pageUsers(tenant, { afterUsername: after, atMost, text: part, role, disabled, locked }) {
    const narrowing: Conditions = [
      ['role = ?', role],
      ...isNull('disabled_at', disabled, 'NOT NULL'),
      ...isNull('locked_at', locked, 'NOT NULL'),
      holds(['username', 'name', 'email'], part),
    ];
    const list = { table: 'users', key: 'username', tenant, after, atMost, narrowing } as const;
    return (await pageInSlices(database, list)).map(readUser);
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

  async listRefusals(tenant, { before, since, client_id, rule, endpoint, atMost, lookAt = MOST_LOOKED_AT }) {
    const within: Conditions = [
      ['tenant_id = ?', tenant],
      ['at >= ?', since],
      ['(at, reference) < (?, ?)', before?.at, before?.reference],
    ];
    const isNarrowed = [client_id, rule, endpoint].some((value) => value !== undefined);
    const until = isNarrowed ? await lastRefusal(database, within, lookAt) : undefined;
    const rows = await database.read(
      pageStatement(
        'SELECT * FROM refusals',
        [
          ...within,
          ['(at, reference) >= (?, ?)', until?.at, until?.reference],
          ['client_id = ?', client_id],
          ['rule = ?', rule],
          ['endpoint = ?', endpoint],
        ],
        'at DESC, reference DESC',
        atMost,
      ),
    );
    return { found: rows.map(readRefusal), until: until ?? null };
  },
});

/** The refusal that is looked at last for a page; undefined when all are looked at. */
async function lastRefusal(
  database: Database,
  within: Conditions,
  lookAt: number,
): Promise<RefusalKey | undefined> {
  const { sql, values } = whereAll(within);
  const [row] = await database.read(
    statement(
      `SELECT at, reference FROM refusals WHERE ${sql} ORDER BY at DESC, reference DESC LIMIT 1 OFFSET ?`,
      ...values,
      lookAt - 1,
    ),
  );
  return row && { at: number(row, 'at'), reference: text(row, 'reference') };
}

const readConsent = (row: Row) => ({
  user_id: number(row, 'user_id'),
  client_row: number(row, 'client_row'),
  scope: json<readonly string[]>(row, 'scope'),
  resources: json<readonly string[]>(row, 'resources'),
  claims: json<readonly string[]>(row, 'claims'),
  granted_at: number(row, 'granted_at'),
});
