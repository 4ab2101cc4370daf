import type { Client } from '../model/client.ts';
import { scopeValues } from '../model/scope.ts';
import type { Tenant } from '../model/tenant.ts';

/** Every scope value there is: those of people, and those of resources. */
export const knownScope = ({ profile, resources }: Tenant): readonly string[] => [
  ...new Set([...Object.keys(profile.scope_claims), ...resources.flatMap(({ scope }) => scopeValues(scope))]),
];

/** The scope values a client may ask for: those it is registered with, or all there are when it is registered with none. */
export const allowedScope = ({ metadata }: Client, tenant: Tenant): readonly string[] =>
  metadata.scope === undefined ? knownScope(tenant) : scopeValues(metadata.scope);
