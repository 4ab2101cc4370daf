import { resourceSchema } from '../admin/definition-schema.ts';
import { listDefinitions } from '../admin/definitions.ts';
import { checkFields } from '../admin/fault.ts';
import { ADMIN_API_PATH } from '../model/admin-api.ts';
import { isoTime } from '../model/clock.ts';
import { definitionsOf, type StoredDefinition } from '../model/definition.ts';
import type { Tenant } from '../model/tenant.ts';
import { requireStored } from './definition-input.ts';
import { type DefinitionFace, definitionOperations } from './definition-operations.ts';
import { newResource, resourcePatch, resourceView } from './definition-schema.ts';
import { etag, type Operation, ok } from './operation.ts';
import { badBody } from './problem.ts';

const shown = (stored: StoredDefinition) => {
  if (stored.kind !== 'resource') return undefined;
  const { value, source, version, created_at, updated_at } = stored;
  return {
    resource: value.resource,
    name: value.name ?? null,
    scope: value.scope ?? '',
    access_token_format: value.access_token_format ?? null,
    access_token_lifetime: value.access_token_lifetime ?? null,
    source,
    version,
    created_at: isoTime(created_at),
    updated_at: isoTime(updated_at),
  };
};

/** Tokens for Signet itself are not to be had as those for somebody else's interface. */
const isOwn = ({ sites, profile }: Tenant, resource: string): boolean =>
  sites.flatMap((site) => [site, site + profile.issuer_path, site + ADMIN_API_PATH]).includes(resource);

const FACE: DefinitionFace = {
  kind: 'resource',
  one: 'Resource',
  resource: 'resources',
  many: 'APIs that access tokens can be made for',
  deletion: 'Deletes a resource that no application names; no access tokens are made for it any more',
  view: resourceView,
  created: newResource,
  patch: resourcePatch,
  shown,
  parse: ({ provider }, input) => {
    // As it is told where it has none.
    const { scope, ...others } = input;
    const given = scope === '' ? others : input;
    const { complete, faults } = checkFields(resourceSchema.shape, given, []);
    if (complete === undefined) throw badBody(faults);
    if (isOwn(provider.tenant, complete.resource))
      throw badBody([{ path: ['resource'], message: 'is an address of Signet itself' }]);
    return { kind: 'resource', value: complete };
  },
  fixed: () => undefined,
  hasAnother: () => false,
  list: async ({ provider }) => definitionsOf(await listDefinitions(provider), 'resource').map(shown),
  read: async (call) => {
    const stored = await requireStored(call, FACE);
    return ok(shown(stored), etag(stored.version));
  },
};

/** APIs of a provider, each at its percent-encoded address. */
export const RESOURCES: readonly Operation[] = definitionOperations(FACE);
