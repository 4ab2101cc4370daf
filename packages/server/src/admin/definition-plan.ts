import type { Provider } from '../keys/provider.ts';
import {
  type Definition,
  nameOfDefinition,
  type Resource,
  type ScopeDefinition,
  type StoredDefinition,
} from '../model/definition.ts';
import type { PlannedChange } from '../store/store.ts';
import { definitionEvent, membersOf } from './definitions.ts';
import { created, type Difference, differencesOf } from './differences.ts';

/** What is to be done to one scope or resource. `adopt`: made by hand, the file's from now on. */
export type DefinitionStep = Readonly<{ kind: 'scope' | 'resource'; differences: readonly Difference[] }> &
  Readonly<
    | { action: 'create'; wanted: Definition }
    | { action: 'change' | 'adopt'; wanted: Definition; before: StoredDefinition }
    | { action: 'delete'; before: StoredDefinition }
  >;

export type WantedDefinitions = Readonly<{
  scopes: readonly ScopeDefinition[];
  resources: readonly Resource[];
}>;

/** Whether a step is about a scope or a resource. */
export const isOfDefinition = <Other extends Readonly<{ kind: string }>>(
  step: DefinitionStep | Other,
): step is DefinitionStep => step.kind === 'scope' || step.kind === 'resource';

export const idOfDefinition = (step: DefinitionStep): string =>
  nameOfDefinition(step.action === 'delete' ? step.before : step.wanted);

/** Steps for what is wanted; those that delete what the file made and names no more; and how many are made by hand. */
export type DefinitionPlan = Readonly<{
  steps: readonly DefinitionStep[];
  vanished: readonly DefinitionStep[];
  byHand: Readonly<{ scopes: number; resources: number }>;
}>;

export async function planOfDefinitions(
  { store, tenant }: Provider,
  { scopes, resources }: WantedDefinitions,
): Promise<DefinitionPlan> {
  const stored = (await store.listDefinitions(tenant.id)).filter(({ kind }) => kind !== 'settings');
  const known = new Map(stored.map((one) => [keyOf(one), one]));
  const wanted: readonly Definition[] = [
    ...scopes.map((value) => ({ kind: 'scope', value }) as const),
    ...resources.map((value) => ({ kind: 'resource', value }) as const),
  ];
  const named = new Set(wanted.map(keyOf));
  const others = stored.filter((one) => !named.has(keyOf(one)));
  const made = others.filter(({ source }) => source !== 'file');
  return {
    steps: wanted.flatMap((one) => stepOf(one, known.get(keyOf(one)))),
    vanished: others
      .filter(({ source }) => source === 'file')
      .map((before) => ({ kind: kindOf(before), action: 'delete', before, differences: [] })),
    byHand: {
      scopes: made.filter(({ kind }) => kind === 'scope').length,
      resources: made.filter(({ kind }) => kind === 'resource').length,
    },
  };
}

const keyOf = (definition: Definition): string => `${definition.kind} ${nameOfDefinition(definition)}`;

const kindOf = ({ kind }: Definition): 'scope' | 'resource' => (kind === 'scope' ? 'scope' : 'resource');

function stepOf(wanted: Definition, before: StoredDefinition | undefined): readonly DefinitionStep[] {
  const kind = kindOf(wanted);
  if (before === undefined)
    return [{ kind, action: 'create', wanted, differences: created(membersOf(wanted)) }];
  const differences = differencesOf(membersOf(before), membersOf(wanted));
  if (before.source !== 'file') return [{ kind, action: 'adopt', wanted, before, differences }];
  return differences.length === 0 ? [] : [{ kind, action: 'change', wanted, before, differences }];
}

/** The change that a step is, with the event that tells of it. */
export function changeOfDefinition(provider: Provider, step: DefinitionStep): PlannedChange {
  if (step.action === 'delete') {
    const { before } = step;
    const key = { kind: before.kind, name: nameOfDefinition(before) };
    const event = definitionEvent(provider, { before });
    return { what: 'delete definition', key, version: before.version, events: [event] };
  }
  const { wanted: definition } = step;
  if (step.action === 'create') {
    const event = definitionEvent(provider, { after: definition });
    return { what: 'create definition', created: { definition, source: 'file', event }, events: [] };
  }
  const { before } = step;
  const event = definitionEvent(provider, { before, after: definition });
  const changed = { definition, source: 'file', event } as const;
  return { what: 'change definition', changed, version: before.version, events: [] };
}
