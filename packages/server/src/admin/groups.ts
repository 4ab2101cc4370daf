import { eventFor } from '../keys/audit.ts';
import type { Provider } from '../keys/provider.ts';
import { isoTime } from '../model/clock.ts';
import { type Group, MOST_GROUPS, normalizeGroupName } from '../model/group.ts';
import type { Source, User } from '../model/user.ts';
import { changesBetween } from './changes.ts';
import type { GroupRecord } from './group-record.ts';

/** A group as an operator sees it. */
export type GroupView = Readonly<
  Omit<Group, 'id' | 'created_at' | 'updated_at'> & { created_at: string; updated_at: string }
>;

export const viewOfGroup = (group: Group): GroupView => ({
  name: group.name,
  display_name: group.display_name,
  description: group.description,
  members: group.members,
  source: group.source,
  version: group.version,
  created_at: isoTime(group.created_at),
  updated_at: isoTime(group.updated_at),
});

/** The group whom somebody names; a text that is no name is nobody's. */
export async function findGroup({ store, tenant }: Provider, text: string): Promise<Group | undefined> {
  const name = normalizeGroupName(text);
  return name === undefined ? undefined : store.findGroup(tenant.id, name);
}

/** What is said of a group, with a word for each member. */
export const groupFields = ({ name, display_name, description }: GroupRecord) => ({
  name,
  display_name: display_name ?? null,
  description: description ?? null,
});

export const groupEvent = (
  provider: Provider,
  action: `group.${string}`,
  subject: string,
  facts: Readonly<Record<string, unknown>> = {},
) => eventFor(provider, { action, subject, facts });

export async function createGroup(
  provider: Provider,
  record: GroupRecord,
  source: Source = 'manual',
): Promise<Group | 'duplicate'> {
  const { store, tenant, clock } = provider;
  const { name, ...after } = groupFields(record);
  const event = groupEvent(provider, 'group.created', name, { after });
  const outcome = await store.createGroup(tenant.id, { name, ...after, source, event }, clock());
  return outcome === 'created' ? ((await store.findGroup(tenant.id, name)) ?? 'duplicate') : outcome;
}

/** Changes what is said of a group that is still as it was read. */
export async function changeGroup(
  provider: Provider,
  before: Group,
  record: Omit<GroupRecord, 'name'>,
): Promise<Group | 'stale'> {
  const { store, tenant, clock } = provider;
  const { name, version } = before;
  const fields = groupFields({ name, ...record });
  const event = groupEvent(provider, 'group.updated', name, changesOfGroup(before, fields));
  const wanted = { ...fields, source: 'manual', version, event } as const;
  const outcome = await store.changeGroup(tenant.id, wanted, clock());
  return outcome === 'changed' ? ((await store.findGroup(tenant.id, name)) ?? 'stale') : outcome;
}

type Said = Readonly<Pick<Group, 'display_name' | 'description'>>;

export const changesOfGroup = (was: Said, is: Said) =>
  changesBetween(
    { display_name: was.display_name, description: was.description },
    { display_name: is.display_name, description: is.description },
  );

export function deleteGroup(provider: Provider, { name, members }: Group): Promise<'deleted' | 'unknown'> {
  const event = groupEvent(provider, 'group.deleted', name, { members });
  return provider.store.deleteGroup(provider.tenant.id, name, event);
}

/** Puts somebody into a group; `full` when they are in as many as anybody can be. */
export async function addMember(
  provider: Provider,
  { name }: Group,
  user: User,
): Promise<'added' | 'unchanged' | 'full'> {
  const { store, tenant, clock } = provider;
  const event = groupEvent(provider, 'group.member_added', name, { user: user.sub });
  const member = { group: name, user_id: user.id, event };
  if ((await store.addMember(tenant.id, member, clock())) === 'added') return 'added';
  return (await groupsOf(provider, user)).length < MOST_GROUPS ? 'unchanged' : 'full';
}

export function removeMember(
  provider: Provider,
  { name }: Group,
  user: User,
): Promise<'removed' | 'unchanged'> {
  const { store, tenant, clock } = provider;
  const event = groupEvent(provider, 'group.member_removed', name, { user: user.sub });
  return store.removeMember(tenant.id, { group: name, user_id: user.id, event }, clock());
}

/** The names of the groups of one person. */
export const groupsOf = async (provider: Provider, user: User): Promise<readonly string[]> =>
  (await groupsOfAll(provider, [user])).get(user.id) ?? [];

/** The names of the groups of each of these people, by their numbers. */
export async function groupsOfAll(
  { store, tenant }: Provider,
  users: readonly User[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const memberships = await store.listMemberships(
    tenant.id,
    users.map(({ id }) => id),
  );
  const byUser = Map.groupBy(memberships, ({ user_id }) => user_id);
  return new Map([...byUser].map(([id, held]) => [id, held.map(({ group }) => group)]));
}

/** Those of the names that are no group's. */
export async function strangeGroups(
  { store, tenant }: Provider,
  names: readonly string[],
): Promise<readonly string[]> {
  const known = await store.findGroupNames(tenant.id, names);
  return names.filter((name) => !known.includes(name));
}
