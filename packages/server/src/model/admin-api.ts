import type { ClientMetadata } from './client.ts';
import type { Resource } from './definition.ts';
import { scopeValues } from './scope.ts';
import type { Tenant } from './tenant.ts';

/** What the administration is divided into; each has a scope to read and one to write. */
export const ADMIN_RESOURCES = [
  'clients',
  'users',
  'groups',
  'sessions',
  'consents',
  'grants',
  'keys',
  'refusals',
  'audit',
  'settings',
  'scopes',
  'resources',
  'tenants',
  'statistics',
] as const;
export type AdminResource = (typeof ADMIN_RESOURCES)[number];
export type AdminVerb = 'read' | 'write';
export type AdminScope = `signet:${AdminResource}:${AdminVerb}`;

export const adminScope = (resource: AdminResource, verb: AdminVerb): AdminScope =>
  `signet:${resource}:${verb}`;

/** Every scope of the administration. They are there without configuration, and only for clients whose registration names them. */
export const ADMIN_SCOPES: readonly AdminScope[] = ADMIN_RESOURCES.flatMap((resource) => [
  adminScope(resource, 'read'),
  adminScope(resource, 'write'),
]);

/** Values that begin so are kept for scopes of the administration. */
export const ADMIN_SCOPE_PREFIX = 'signet:';

export const isAdminScope = (value: string): value is AdminScope =>
  value.startsWith(ADMIN_SCOPE_PREFIX) && ADMIN_SCOPES.some((known) => known === value);

/** The scopes of the administration that a client is registered with. */
export const adminScopesOf = ({ scope }: Pick<ClientMetadata, 'scope'>): readonly AdminScope[] =>
  scopeValues(scope).filter(isAdminScope);

/** Path of the interface for administrators, below the site. */
export const ADMIN_API_PATH = '/api/v1';

/** The address of the interface, which is the audience of the access tokens for it. */
export const adminApiOf = ({ site }: Pick<Tenant, 'site'>): string => site + ADMIN_API_PATH;

/** The interface as a resource that tokens are made for. */
export const adminApiResource = (tenant: Pick<Tenant, 'site'>): Resource => ({
  resource: adminApiOf(tenant),
  name: 'Signet',
  scope: ADMIN_SCOPES.join(' '),
});

/** Signet's own clients. */
export const CONSOLE_CLIENT_ID = 'signet-console';
export const COMMAND_LINE_CLIENT_ID = 'signet-cli';
export const BUILT_IN_CLIENT_IDS: readonly string[] = [CONSOLE_CLIENT_ID, COMMAND_LINE_CLIENT_ID];
