import type { Provider } from '../keys/provider.ts';
import type { Client } from '../model/client.ts';
import type { User } from '../model/user.ts';
import { claimMembers } from './changes.ts';
import type { ParsedClient } from './client-metadata.ts';
import { changesOf, storedSecret, usesSecret } from './clients.ts';
import {
  type DefinitionStep,
  idOfDefinition,
  isOfDefinition,
  planOfDefinitions,
  type WantedDefinitions,
} from './definition-plan.ts';
import { created, type Difference, differenceOf, differencesOf } from './differences.ts';
import { type GroupStep, groupFaults, otherGroups, stepsOfGroups } from './group-plan.ts';
import type { GroupRecord } from './group-record.ts';
import { groupsOf } from './groups.ts';
import { allUsers } from './user-changes.ts';
import type { UserRecord } from './user-record.ts';
import { seedDigest } from './users.ts';

/** What a configuration asks for. */
export type Wanted = WantedDefinitions &
  Readonly<{
    clients: readonly ParsedClient[];
    users: readonly UserRecord[];
    groups: readonly GroupRecord[];
    /** Clients of the profile that others take the place of, by client_id. */
    replaced: readonly string[];
  }>;

/** What is to be done to one thing, with what it was found to be. `adopt`: made by hand, the file's from now on. */
export type Step = DefinitionStep | GroupStep | PeopleStep;

type PeopleStep = Readonly<{ differences: readonly Difference[] }> &
  Readonly<
    | { kind: 'client'; action: 'create'; wanted: ParsedClient }
    | { kind: 'client'; action: 'change' | 'adopt'; wanted: ParsedClient; before: Client }
    | { kind: 'client'; action: 'delete'; before: Client }
    | { kind: 'user'; action: 'create'; wanted: UserRecord }
    | { kind: 'user'; action: 'change' | 'adopt'; wanted: UserRecord; before: User }
    | { kind: 'user'; action: 'delete'; before: User }
  >;

export type Named = Readonly<{ kind: Step['kind']; id: string }>;

export type Plan = Readonly<{
  steps: readonly Step[];
  /** The file made them, and names them no more; they go when somebody prunes. */
  left: readonly Named[];
  /** How many were made by hand and are nobody's business here. */
  byHand: Readonly<Record<'clients' | 'users' | 'groups' | 'scopes' | 'resources', number>>;
  /** What cannot be done, in sentences. */
  faults: readonly string[];
}>;

/** The scope value, the resource, the client_id, the username, or the name of the group. */
export function idOf(step: Step): string {
  if (isOfDefinition(step)) return idOfDefinition(step);
  if (step.kind === 'group') return step.action === 'delete' ? step.before.name : step.wanted.name;
  if (step.kind === 'client')
    return step.action === 'delete' ? step.before.metadata.client_id : step.wanted.metadata.client_id;
  return step.action === 'delete' ? step.before.username : step.wanted.username;
}

/** Compares everything that is stored with what is wanted; `prune` deletes what the file made and names no more. */
export async function planOf(
  provider: Provider,
  wanted: Wanted,
  { prune }: { prune: boolean },
): Promise<Plan> {
  const { store, tenant } = provider;
  const [clients, users] = await Promise.all([store.listClients(tenant.id), allUsers(provider)]);
  const named = await planOfNamed(provider, wanted);
  const definitions = await planOfDefinitions(provider, wanted);
  const clientIds = new Set(wanted.clients.map(({ metadata }) => metadata.client_id));
  const usernames = new Set(wanted.users.map(({ username }) => username));
  const replaced = new Set(wanted.replaced);
  const otherClients = clients.filter(
    ({ metadata }) => !clientIds.has(metadata.client_id) && !replaced.has(metadata.client_id),
  );
  const otherUsers = users.filter(({ username }) => !usernames.has(username));
  const groups = await otherGroups(provider, wanted.groups);
  const vanished: readonly Step[] = [
    ...definitions.vanished,
    ...otherClients.filter(isOfFile).map(deletionOfClient),
    ...otherUsers.filter(isOfFile).map(deletionOfUser),
    ...groups.vanished,
  ];
  return {
    ...named,
    steps: prune ? [...named.steps, ...vanished] : named.steps,
    left: prune ? [] : vanished.map((step) => ({ kind: step.kind, id: idOf(step) })),
    byHand: {
      ...definitions.byHand,
      clients: otherClients.length - otherClients.filter(isOfFile).length,
      users: otherUsers.length - otherUsers.filter(isOfFile).length,
      groups: groups.byHand,
    },
  };
}

/** The same for what the configuration names alone, without a look at anything else. */
export async function planOfNamed(
  provider: Provider,
  wanted: Wanted,
): Promise<Pick<Plan, 'steps' | 'faults'>> {
  const { store, tenant } = provider;
  const steps: Step[] = [...(await planOfDefinitions(provider, wanted)).steps];
  const faults: string[] = [];
  for (const client_id of wanted.replaced) {
    const before = await store.findClient(tenant.id, client_id);
    if (before?.source === 'file') steps.push(deletionOfClient(before));
  }
  for (const client of wanted.clients) {
    const before = await store.findClient(tenant.id, client.metadata.client_id);
    if (before?.source === 'built-in')
      faults.push(`The client ${client.metadata.client_id} is Signet's own and cannot be described.`);
    else steps.push(...stepOfClient(provider, client, before));
  }
  // Before the users that are in them.
  steps.push(...(await stepsOfGroups(provider, wanted.groups)));
  const strange = await groupFaults(provider, wanted);
  for (const user of wanted.users) {
    const before = await store.findUserByName(tenant.id, user.username);
    const fault = strange.get(user) ?? (await faultOfSub(provider, user, before));
    const held = user.groups && before && (await groupsOf(provider, before));
    if (fault === undefined) steps.push(...stepOfUser(provider, user, before, held));
    else faults.push(fault);
  }
  return { steps, faults };
}

const isOfFile = ({ source }: Client | User): boolean => source === 'file';

const deletionOfClient = (before: Client): Step => ({
  kind: 'client',
  action: 'delete',
  before,
  differences: [],
});
const deletionOfUser = (before: User): Step => ({ kind: 'user', action: 'delete', before, differences: [] });

function stepOfClient(provider: Provider, wanted: ParsedClient, before: Client | undefined): readonly Step[] {
  const kind = 'client';
  const { metadata, client_secret } = wanted;
  const secret = storedSecret(provider, metadata, usesSecret(metadata) ? client_secret : undefined);
  const sameSecret = Buffer.from(before?.secret_digest ?? []).equals(secret.digest ?? Buffer.alloc(0));
  const secrets: readonly Difference[] = sameSecret ? [] : [{ member: 'client_secret', secret: true }];
  if (before === undefined)
    return [{ kind, action: 'create', wanted, differences: [...created(metadata), ...secrets] }];
  const changes = changesOf(before, metadata);
  const differences = [
    ...changes.changed.map((member) => differenceOf(member, changes.before[member], changes.after[member])),
    ...secrets,
  ];
  return changed({ kind, wanted, before, differences });
}

function stepOfUser(
  provider: Provider,
  wanted: UserRecord,
  before: User | undefined,
  held: readonly string[] | undefined,
): readonly Step[] {
  const kind = 'user';
  const seed = seedDigest(provider, wanted);
  const { claims, role, disabled, groups } = wanted;
  const password: readonly Difference[] =
    seed === undefined || seed === before?.seed_digest ? [] : [{ member: 'password', secret: true }];
  if (before === undefined) {
    const members = {
      ...claimMembers(claims),
      role,
      ...(groups !== undefined && groups.length > 0 && { groups }),
      ...(disabled === true && { disabled }),
    };
    return [{ kind, action: 'create', wanted, differences: [...created(members), ...password] }];
  }
  const wasDisabled = before.disabled_at !== null;
  const members = [
    { ...claimMembers(before.claims), role: before.role, groups: held?.toSorted(), disabled: wasDisabled },
    { ...claimMembers(claims), role, groups: groups?.toSorted(), disabled: disabled ?? wasDisabled },
  ] as const;
  return changed({ kind, wanted, before, differences: [...differencesOf(...members), ...password] });
}

type Changed = Readonly<{ differences: readonly Difference[] }> &
  Readonly<
    | { kind: 'client'; wanted: ParsedClient; before: Client }
    | { kind: 'user'; wanted: UserRecord; before: User }
  >;

/** Nothing where nothing differs and the file has made it. */
function changed(step: Changed): readonly Step[] {
  if (!isOfFile(step.before)) return [{ ...step, action: 'adopt' }];
  return step.differences.length === 0 ? [] : [{ ...step, action: 'change' }];
}

/** A `sub` is never changed, and never given to two. */
async function faultOfSub(
  { store, tenant }: Provider,
  { username, sub }: UserRecord,
  before: User | undefined,
): Promise<string | undefined> {
  if (sub === undefined || sub === before?.sub) return undefined;
  if (before !== undefined) return `The user ${username} has another sub already, which cannot be changed.`;
  const other = await store.findUserBySub(tenant.id, sub);
  return other && `The sub of the user ${username} is that of ${other.username}.`;
}
