import { scopeSchema } from '../admin/definition-schema.ts';
import { findDefinition, listDefinitions } from '../admin/definitions.ts';
import { checkFields } from '../admin/fault.ts';
import { isoTime } from '../model/clock.ts';
import { definitionsOf, type StoredDefinition } from '../model/definition.ts';
import { scopeValues } from '../model/scope.ts';
import { definitionOperations } from './definition-operations.ts';
import { newScope, scopePatch, scopeView } from './definition-schema.ts';
import { type Call, etag, type Operation, ok } from './operation.ts';
import { badBody, notFound, Problem } from './problem.ts';

const NOT_STORED = { version: 0, created_at: null, updated_at: null };

const shown = (stored: StoredDefinition) => {
  if (stored.kind !== 'scope') return undefined;
  const { value, source, version, created_at, updated_at } = stored;
  return {
    scope: value.scope,
    description: value.description ?? null,
    claims: value.claims,
    source,
    version,
    created_at: isoTime(created_at),
    updated_at: isoTime(updated_at),
  };
};

const claimsOfProfile = ({ provider: { tenant } }: Call): ReadonlyMap<string, readonly string[]> =>
  new Map(Object.entries(tenant.named_profile.scope_claims));

/** What is there and not stored: scopes of the profile, and values that a resource alone names. */
function notStored(call: Call, definitions: readonly StoredDefinition[]) {
  const stored = new Set(definitionsOf(definitions, 'scope').map(({ value }) => value.scope));
  const ofProfile = claimsOfProfile(call);
  const named = definitionsOf(definitions, 'resource').flatMap(({ value }) => scopeValues(value.scope));
  const view = (scope: string, source: 'profile' | 'resource') => ({
    scope,
    description: null,
    claims: ofProfile.get(scope) ?? [],
    source,
    ...NOT_STORED,
  });
  return {
    ofProfile: [...ofProfile.keys()].filter((one) => !stored.has(one)).map((one) => view(one, 'profile')),
    ofResources: [...new Set(named)]
      .filter((one) => !stored.has(one) && !ofProfile.has(one))
      .map((one) => view(one, 'resource')),
  };
}

/** Scopes of a provider: those of its profile, and those that are stored. */
export const SCOPES: readonly Operation[] = definitionOperations({
  kind: 'scope',
  one: 'Scope',
  resource: 'scopes',
  many: 'Scope values that applications may ask for: those of the profile, those that are stored, and those that resources alone name',
  deletion:
    'Deletes a scope that no application names; where it took the place of one of the profile, that is back',
  view: scopeView,
  created: newScope,
  patch: scopePatch,
  shown,
  parse: (_call, input) => {
    const { complete, faults } = checkFields(scopeSchema.shape, input, []);
    if (complete === undefined) throw badBody(faults);
    return { kind: 'scope', value: complete };
  },
  fixed: (call, name) =>
    claimsOfProfile(call).has(name)
      ? new Problem(
          'conflict',
          `The scope ${name} is that of the profile. A configuration file can give another one its place.`,
        )
      : undefined,
  hasAnother: (call, name) => claimsOfProfile(call).has(name),
  list: async (call) => {
    const definitions = await listDefinitions(call.provider);
    const { ofProfile, ofResources } = notStored(call, definitions);
    return [...ofProfile, ...definitionsOf(definitions, 'scope').map(shown), ...ofResources];
  },
  read: async (call) => {
    const name = call.path('scope');
    const stored = await findDefinition(call.provider, { kind: 'scope', name });
    if (stored !== undefined) return ok(shown(stored), etag(stored.version));
    const { ofProfile, ofResources } = notStored(call, await listDefinitions(call.provider));
    const found = [...ofProfile, ...ofResources].find(({ scope }) => scope === name);
    if (found === undefined) throw notFound('scope');
    return ok(found, etag(0));
  },
});
