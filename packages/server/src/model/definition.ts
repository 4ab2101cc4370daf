import type { AccessTokenFormat } from './client.ts';
import type { Source } from './user.ts';

/** A scope beside those of the profile, or in the place of one. */
export type ScopeDefinition = Readonly<{
  scope: string;
  /** What a person reads on the consent page. */
  description?: string | undefined;
  /** Claims that it opens. */
  claims: readonly string[];
}>;

/** An API that access tokens can be made for (RFC 8707). Lifetimes are seconds; what is absent is the client's or the provider's. */
export type Resource = Readonly<{
  resource: string;
  name?: string | undefined;
  scope?: string | undefined;
  access_token_format?: AccessTokenFormat | undefined;
  access_token_lifetime?: number | undefined;
}>;

/** Settings that somebody has changed while the provider runs, by their names, such as `lifetimes.access_token`. */
export type StoredSettings = Readonly<Record<string, unknown>>;

export type DefinitionValues = { scope: ScopeDefinition; resource: Resource; settings: StoredSettings };
export type DefinitionKind = keyof DefinitionValues;

/** What a provider is, as far as it is stored: many scopes and resources, and the settings as one. */
export type Definition = {
  [Kind in DefinitionKind]: Readonly<{ kind: Kind; value: DefinitionValues[Kind] }>;
}[DefinitionKind];

/** What it is found by among those of its kind; of the settings there is one. */
export function nameOfDefinition({ kind, value }: Definition): string {
  switch (kind) {
    case 'scope':
      return value.scope;
    case 'resource':
      return value.resource;
    case 'settings':
      return '';
  }
}

export type StoredDefinition = Definition &
  Readonly<{
    source: Source;
    /** Grows by one with every change. */
    version: number;
    created_at: number;
    updated_at: number;
  }>;

/** What was said from one change to the next. */
export type DefinitionVersion = Definition & Readonly<{ version: number; at: number; actor: string | null }>;

/** Those of one kind. */
export const definitionsOf = <Kind extends DefinitionKind>(
  all: readonly StoredDefinition[],
  kind: Kind,
): readonly Extract<StoredDefinition, { kind: Kind }>[] =>
  all.filter((one): one is Extract<StoredDefinition, { kind: Kind }> => one.kind === kind);
