import type { Provider } from '../keys/provider.ts';
import type { Group } from '../model/group.ts';
import type { PlannedChange } from '../store/store.ts';
import { created, type Difference, differencesOf } from './differences.ts';
import type { GroupRecord } from './group-record.ts';
import { changesOfGroup, groupEvent, groupFields } from './groups.ts';
import type { UserRecord } from './user-record.ts';

/** What is to be done to one group, with what it was found to be. */
export type GroupStep = Readonly<{ kind: 'group'; differences: readonly Difference[] }> &
  Readonly<
    | { action: 'create'; wanted: GroupRecord }
    | { action: 'change' | 'adopt'; wanted: GroupRecord; before: Group }
    | { action: 'delete'; before: Group }
  >;

/** The steps by which the groups are what a configuration asks for. */
export async function stepsOfGroups(
  { store, tenant }: Provider,
  wanted: readonly GroupRecord[],
): Promise<readonly GroupStep[]> {
  const steps = await Promise.all(
    wanted.map(async (group) => stepOfGroup(group, await store.findGroup(tenant.id, group.name))),
  );
  return steps.flat();
}

function stepOfGroup(wanted: GroupRecord, before: Group | undefined): readonly GroupStep[] {
  const kind = 'group';
  const { display_name, description } = wanted;
  if (before === undefined)
    return [{ kind, action: 'create', wanted, differences: created({ display_name, description }) }];
  const differences = differencesOf(saidOf(before), { display_name, description });
  if (before.source !== 'file') return [{ kind, action: 'adopt', wanted, before, differences }];
  return differences.length === 0 ? [] : [{ kind, action: 'change', wanted, before, differences }];
}

const saidOf = ({ display_name, description }: Group) => ({
  display_name: display_name ?? undefined,
  description: description ?? undefined,
});

/** Groups that the configuration names no more: what becomes of those that it made, and how many others there are. */
export async function otherGroups(
  provider: Provider,
  wanted: readonly GroupRecord[],
): Promise<Readonly<{ vanished: readonly GroupStep[]; byHand: number }>> {
  const names = new Set(wanted.map(({ name }) => name));
  const others = (await allGroups(provider)).filter(({ name }) => !names.has(name));
  const vanished = others
    .filter(({ source }) => source === 'file')
    .map((before) => ({ kind: 'group', action: 'delete', before, differences: [] }) as const);
  return { vanished, byHand: others.length - vanished.length };
}

/** Every group, in the order of their names. */
export async function allGroups({ store, tenant }: Provider): Promise<readonly Group[]> {
  const found: Group[] = [];
  for (let after = ''; ; after = found.at(-1)?.name ?? '') {
    const page = await store.pageGroups(tenant.id, { after, atMost: MOST_READ });
    found.push(...page);
    if (page.length < MOST_READ) return found;
  }
}

/** Groups read at once of all. */
const MOST_READ = 500;

/** Users who are to be in a group that is neither described nor there, with a sentence that says so. */
export async function groupFaults(
  { store, tenant }: Provider,
  { users, groups }: Readonly<{ users: readonly UserRecord[]; groups: readonly GroupRecord[] }>,
): Promise<ReadonlyMap<UserRecord, string>> {
  const described = new Set(groups.map(({ name }) => name));
  const others = new Set(users.flatMap((user) => user.groups ?? []).filter((name) => !described.has(name)));
  const known = new Set(await store.findGroupNames(tenant.id, [...others]));
  return new Map(
    users.flatMap((user) => {
      const strange = user.groups?.find((name) => others.has(name) && !known.has(name));
      if (strange === undefined) return [];
      return [[user, `The user ${user.username} is to be in the group ${strange}, which there is none of.`]];
    }),
  );
}

/** What the store is to do for a step. */
export function changeOfGroup(provider: Provider, step: GroupStep): PlannedChange {
  if (step.action === 'delete') {
    const { name, version, members } = step.before;
    const event = groupEvent(provider, 'group.deleted', name, { members });
    return { what: 'delete group', name, version, events: [event] };
  }
  const group = { ...groupFields(step.wanted), source: 'file' } as const;
  if (step.action === 'create') {
    const { name, source: _, ...after } = group;
    return { what: 'create group', group, events: [groupEvent(provider, 'group.created', name, { after })] };
  }
  const { version } = step.before;
  const event = groupEvent(provider, 'group.updated', group.name, changesOfGroup(step.before, group));
  return { what: 'change group', group: { ...group, version }, events: [event] };
}
