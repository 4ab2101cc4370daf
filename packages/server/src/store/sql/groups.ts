import { type Group, MOST_GROUPS } from '../../model/group.ts';
import type { Source } from '../../model/user.ts';
import {
  allOrNothing,
  type Database,
  lastOrNothing,
  orNothing,
  type Row,
  type Statement,
  statement,
  type Value,
} from '../database.ts';
import type { GroupFields, GroupVerbs, PlannedGroup } from '../group-verbs.ts';
import { recorded } from './clients.ts';
import { versionIs, whereAll } from './conditions.ts';
import { containing } from './pattern.ts';
import { maybeText, number, text } from './row.ts';
import { readUser } from './user-rows.ts';

const readGroup = (row: Row): Group => ({
  id: number(row, 'id'),
  name: text(row, 'name'),
  display_name: maybeText(row, 'display_name'),
  description: maybeText(row, 'description'),
  members: number(row, 'members'),
  source: text(row, 'source') as Source,
  version: number(row, 'version'),
  created_at: number(row, 'created_at'),
  updated_at: number(row, 'updated_at'),
});

const GROUPS = `SELECT user_groups.*, (SELECT COUNT(*) FROM group_members WHERE group_members.tenant_id = user_groups.tenant_id
  AND group_members.group_id = user_groups.id) AS members FROM user_groups`;

const OF_THAT_NAME = '(SELECT id FROM user_groups WHERE tenant_id = ? AND name = ?)';

const insertGroup = (
  tenant: number,
  { name, display_name, description, source }: GroupFields & { source: Source },
  now: number,
): Statement =>
  statement(
    `INSERT INTO user_groups (tenant_id, name, display_name, description, source, version, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, 1, ?, ?) ON CONFLICT (tenant_id, name) DO NOTHING`,
    tenant,
    name,
    display_name,
    description,
    source,
    now,
    now,
  );

const changeGroup = (
  tenant: number,
  { name, display_name, description, source, version }: GroupFields & { source: Source; version: number },
  now: number,
): Statement =>
  statement(
    `UPDATE user_groups SET display_name = ?, description = ?, source = ?, version = version + 1, updated_at = ?
     WHERE tenant_id = ? AND name = ? AND version = ?`,
    display_name,
    description,
    source,
    now,
    tenant,
    name,
    version,
  );

/** The group goes with the last of the statements. */
function removeGroup(tenant: number, name: string, version?: number): readonly Statement[] {
  const wanted = versionIs(version);
  return [
    statement(
      `DELETE FROM group_members WHERE tenant_id = ? AND group_id = ${OF_THAT_NAME}`,
      tenant,
      tenant,
      name,
    ),
    statement(
      `DELETE FROM user_groups WHERE tenant_id = ? AND name = ? AND ${wanted.sql}`,
      tenant,
      name,
      ...wanted.parameters,
    ),
  ];
}

/** What a plan does to a group. */
export function plannedGroup(tenant: number, planned: PlannedGroup, now: number): readonly Statement[] {
  if (planned.what === 'create group') return [orNothing(insertGroup(tenant, planned.group, now))];
  if (planned.what === 'change group') return [orNothing(changeGroup(tenant, planned.group, now))];
  return lastOrNothing(removeGroup(tenant, planned.name, planned.version));
}

/** Whose groups they are: a user by number, or by `sub` where the same step makes them. */
type Member = Readonly<{ user_id: number } | { sub: string }>;

/** The groups of a user from now on; a name that is no group's is left out. */
export function setGroups(tenant: number, who: Member, names: readonly string[]): readonly Statement[] {
  const [column, value] = 'sub' in who ? ['sub', who.sub] : ['id', who.user_id];
  const user = `(SELECT users.id FROM users WHERE users.tenant_id = ? AND users.${column} = ?)`;
  const removal = statement(
    `DELETE FROM group_members WHERE tenant_id = ? AND user_id = ${user}`,
    tenant,
    tenant,
    value,
  );
  if (names.length === 0) return [removal];
  const insertion = statement(
    `INSERT INTO group_members (tenant_id, group_id, user_id)
     SELECT user_groups.tenant_id, user_groups.id, users.id FROM user_groups JOIN users ON users.tenant_id = user_groups.tenant_id
     WHERE user_groups.tenant_id = ? AND users.${column} = ? AND user_groups.name IN (${marks(names)})`,
    tenant,
    value,
    ...names,
  );
  return [removal, insertion];
}

const newVersionOf = (tenant: number, user_id: number, now: number): Statement =>
  statement(
    'UPDATE users SET version = version + 1, updated_at = ? WHERE tenant_id = ? AND id = ?',
    now,
    tenant,
    user_id,
  );

/** Values that one statement names; databases bound how many it can have. */
const MOST_NAMED = 500;

const marks = (values: readonly Value[]): string => values.map(() => '?').join(', ');

/** What is found of many values, asked for some hundred at a time. */
async function readOfMany<Named extends Value>(
  database: Database,
  values: readonly Named[],
  query: (some: readonly Named[]) => Statement,
): Promise<readonly Row[]> {
  const found: Row[] = [];
  for (let from = 0; from < values.length; from += MOST_NAMED)
    found.push(...(await database.read(query(values.slice(from, from + MOST_NAMED)))));
  return found;
}

export const groupVerbs = (database: Database): GroupVerbs => ({
  async findGroup(tenant, name) {
    const [row] = await database.read(statement(`${GROUPS} WHERE tenant_id = ? AND name = ?`, tenant, name));
    return row && readGroup(row);
  },

  async findGroupNames(tenant, names) {
    const rows = await readOfMany(database, names, (some) =>
      statement(
        `SELECT name FROM user_groups WHERE tenant_id = ? AND name IN (${marks(some)}) ORDER BY name`,
        tenant,
        ...some,
      ),
    );
    return rows.map((row) => text(row, 'name'));
  },

  async pageGroups(tenant, { after, atMost, text: part, source }) {
    const pattern = part === undefined ? undefined : containing(part);
    const { sql, values } = whereAll([
      ['tenant_id = ?', tenant],
      ['name > ?', after],
      ['source = ?', source],
      [`LOWER(name || ' ' || COALESCE(display_name, '')) LIKE ? ESCAPE '\\'`, pattern],
    ]);
    const rows = await database.read(
      statement(`${GROUPS} WHERE ${sql} ORDER BY name LIMIT ?`, ...values, atMost),
    );
    return rows.map(readGroup);
  },

  async createGroup(tenant, group, now) {
    const statements = [orNothing(insertGroup(tenant, group, now)), ...recorded(tenant, group.event)];
    return (await allOrNothing(database, statements)) ? 'created' : 'duplicate';
  },

  async changeGroup(tenant, group, now) {
    const statements = [orNothing(changeGroup(tenant, group, now)), ...recorded(tenant, group.event)];
    return (await allOrNothing(database, statements)) ? 'changed' : 'stale';
  },

  async deleteGroup(tenant, name, event) {
    const statements = [...lastOrNothing(removeGroup(tenant, name)), ...recorded(tenant, event)];
    return (await allOrNothing(database, statements)) ? 'deleted' : 'unknown';
  },

  async pageMembers(tenant, name, { after, atMost }) {
    const rows = await database.read(
      statement(
        `SELECT users.* FROM group_members JOIN users ON users.id = group_members.user_id AND users.tenant_id = group_members.tenant_id
         WHERE group_members.tenant_id = ? AND group_members.group_id = ${OF_THAT_NAME} AND group_members.user_id > ?
         ORDER BY group_members.user_id LIMIT ?`,
        tenant,
        tenant,
        name,
        after,
        atMost,
      ),
    );
    return rows.map(readUser);
  },

  async listMemberships(tenant, users) {
    const rows = await readOfMany(database, users, (some) =>
      statement(
        `SELECT group_members.user_id, user_groups.name FROM group_members JOIN user_groups ON user_groups.id = group_members.group_id
         WHERE group_members.tenant_id = ? AND group_members.user_id IN (${marks(some)}) ORDER BY user_groups.name`,
        tenant,
        ...some,
      ),
    );
    return rows.map((row) => ({ user_id: number(row, 'user_id'), group: text(row, 'name') }));
  },

  async addMember(tenant, { group, user_id, event }, now) {
    const insertion = statement(
      `INSERT INTO group_members (tenant_id, group_id, user_id)
       SELECT user_groups.tenant_id, user_groups.id, users.id FROM user_groups JOIN users ON users.tenant_id = user_groups.tenant_id
       WHERE user_groups.tenant_id = ? AND user_groups.name = ? AND users.id = ?
       AND (SELECT COUNT(*) FROM group_members held WHERE held.tenant_id = ? AND held.user_id = ?) < ?
       ON CONFLICT (tenant_id, group_id, user_id) DO NOTHING`,
      tenant,
      group,
      user_id,
      tenant,
      user_id,
      MOST_GROUPS,
    );
    const statements = [orNothing(insertion), newVersionOf(tenant, user_id, now), ...recorded(tenant, event)];
    return (await allOrNothing(database, statements)) ? 'added' : 'unchanged';
  },

  async removeMember(tenant, { group, user_id, event }, now) {
    const removal = statement(
      `DELETE FROM group_members WHERE tenant_id = ? AND group_id = ${OF_THAT_NAME} AND user_id = ?`,
      tenant,
      tenant,
      group,
      user_id,
    );
    const statements = [orNothing(removal), newVersionOf(tenant, user_id, now), ...recorded(tenant, event)];
    return (await allOrNothing(database, statements)) ? 'removed' : 'unchanged';
  },
});
