import type { Definition, DefinitionKind, DefinitionVersion, StoredDefinition } from '../model/definition.ts';
import type { Source } from '../model/user.ts';
import type { ChangeEvent } from './admin-verbs.ts';

/** What a definition is found by. */
export type DefinitionKey = Readonly<{ kind: DefinitionKind; name: string }>;

/** A definition as it is to be, with the event that is recorded in the same step. */
export type NewDefinition = Readonly<{ definition: Definition; source: Source; event: ChangeEvent }>;
/** `source` stays as it is when none is given. */
export type ChangedDefinition = Readonly<{
  definition: Definition;
  source?: Source | undefined;
  event: ChangeEvent;
}>;

/** Scopes, resources and settings of a tenant, which make it what it is. */
export type DefinitionVerbs = {
  /** In the order of kind and name. */
  listDefinitions(tenant: number): Promise<readonly StoredDefinition[]>;
  findDefinition(tenant: number, key: DefinitionKey): Promise<StoredDefinition | undefined>;
  createDefinition(tenant: number, created: NewDefinition, now: number): Promise<'created' | 'duplicate'>;
  /** With `version`, only a definition that is still of that version. */
  changeDefinition(
    tenant: number,
    changed: ChangedDefinition,
    now: number,
    version?: number,
  ): Promise<'changed' | 'unknown' | 'stale'>;
  deleteDefinition(tenant: number, key: DefinitionKey, event: ChangeEvent): Promise<'deleted' | 'unknown'>;
  /** The newest first; of one that is there. */
  listDefinitionVersions(
    tenant: number,
    key: DefinitionKey,
    page: { before?: number | undefined; atMost: number },
  ): Promise<readonly DefinitionVersion[]>;
  findDefinitionVersion(
    tenant: number,
    key: DefinitionKey,
    version: number,
  ): Promise<DefinitionVersion | undefined>;
  /** How many changes the definitions of the tenant have seen; grows with each. */
  countDefinitionChanges(tenant: number): Promise<number>;
};
