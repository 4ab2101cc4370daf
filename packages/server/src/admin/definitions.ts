import { eventFor } from '../keys/audit.ts';
import type { Provider } from '../keys/provider.ts';
import { isoTime } from '../model/clock.ts';
import {
  type Definition,
  type DefinitionKind,
  nameOfDefinition,
  type StoredDefinition,
} from '../model/definition.ts';
import type { NewAuditEvent } from '../store/store.ts';
import { changesBetween } from './changes.ts';
import { differencesOf, type Members } from './differences.ts';

/** What is said of it, its name aside. */
export function membersOf(definition: Definition): Members {
  switch (definition.kind) {
    case 'scope': {
      const { scope: _name, ...members } = definition.value;
      return members;
    }
    case 'resource': {
      const { resource: _name, ...members } = definition.value;
      return members;
    }
    case 'settings':
      return definition.value;
  }
}

type Change = Readonly<{ before?: Definition | undefined; after?: Definition | undefined }>;

/** The record of a creation, change or deletion, with what was otherwise before and after it. */
export function definitionEvent(provider: Provider, { before, after }: Change): NewAuditEvent {
  const of = after ?? before;
  const deed = before === undefined ? 'created' : after === undefined ? 'deleted' : 'updated';
  return eventFor(provider, {
    action: `${of?.kind ?? 'settings'}.${deed}`,
    subject: of === undefined ? '' : nameOfDefinition(of),
    facts: changesBetween(before ? membersOf(before) : {}, after ? membersOf(after) : {}),
  });
}

type Key = Readonly<{ kind: DefinitionKind; name: string }>;

/** Makes it; undefined when there is one of that name. */
export async function createDefinition(
  provider: Provider,
  definition: Definition,
): Promise<StoredDefinition | undefined> {
  const { store, tenant, clock } = provider;
  const event = definitionEvent(provider, { after: definition });
  const made = { definition, source: 'manual', event } as const;
  if ((await store.createDefinition(tenant.id, made, clock())) === 'duplicate') return undefined;
  return findDefinition(provider, { kind: definition.kind, name: nameOfDefinition(definition) });
}

/** Makes it what is said, if it is still what it was found to be. */
export async function changeDefinition(
  provider: Provider,
  before: StoredDefinition,
  definition: Definition,
): Promise<StoredDefinition | 'unknown' | 'stale'> {
  const { store, tenant, clock } = provider;
  const event = definitionEvent(provider, { before, after: definition });
  const outcome = await store.changeDefinition(tenant.id, { definition, event }, clock(), before.version);
  if (outcome !== 'changed') return outcome;
  return (
    (await findDefinition(provider, { kind: definition.kind, name: nameOfDefinition(definition) })) ??
    'unknown'
  );
}

export function deleteDefinition(
  provider: Provider,
  before: StoredDefinition,
): Promise<'deleted' | 'unknown'> {
  const { store, tenant } = provider;
  const key = { kind: before.kind, name: nameOfDefinition(before) };
  return store.deleteDefinition(tenant.id, key, definitionEvent(provider, { before }));
}

export const findDefinition = (
  { store, tenant }: Provider,
  key: Key,
): Promise<StoredDefinition | undefined> => store.findDefinition(tenant.id, key);

export const listDefinitions = ({ store, tenant }: Provider): Promise<readonly StoredDefinition[]> =>
  store.listDefinitions(tenant.id);

/** What was said, and the names of what is otherwise in the version after it. */
export type DefinitionVersionView = Readonly<{
  version: number;
  at: string;
  actor: string | null;
  changed: readonly string[];
  value: Members;
}>;

/** The newest first. */
export async function definitionVersions(
  { store, tenant }: Provider,
  key: Key,
  page: { before?: number | undefined; atMost: number },
): Promise<readonly DefinitionVersionView[]> {
  const found = await store.listDefinitionVersions(tenant.id, key, page);
  const after =
    page.before === undefined ? undefined : await store.findDefinitionVersion(tenant.id, key, page.before);
  return found.map((one, index) => {
    const next = (index === 0 ? after : found[index - 1]) ?? one;
    return {
      version: one.version,
      at: isoTime(one.at),
      actor: one.actor,
      changed: differencesOf(membersOf(one), membersOf(next)).map(({ member }) => member),
      value: one.value,
    };
  });
}

export const definitionVersion = ({ store, tenant }: Provider, key: Key, version: number) =>
  store.findDefinitionVersion(tenant.id, key, version);

/** So many clients are named to whoever asks. */
const MOST_NAMED = 20;

/** Clients whose registration names the scope or the resource, by client_id in their order; 20 at most. */
export async function clientsNaming(
  { store, tenant }: Provider,
  { kind, name }: Key,
): Promise<readonly string[]> {
  const naming: string[] = [];
  for (let after = ''; naming.length < MOST_NAMED; ) {
    const page = await store.pageClients(tenant.id, { after, atMost: 500 });
    const found = page.filter(({ metadata: { scope = '', resources = [] } }) =>
      kind === 'scope' ? scope.split(' ').includes(name) : resources.includes(name),
    );
    naming.push(...found.map(({ metadata }) => metadata.client_id));
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.metadata.client_id;
  }
  return naming.slice(0, MOST_NAMED);
}
