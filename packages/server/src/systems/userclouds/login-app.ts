import { type ParsedClient, parseClientMetadata } from '../../admin/client-metadata.ts';
import { clientRules } from '../../admin/client-rules.ts';
import type { NumberedClient } from '../../admin/client-uuids.ts';
import type { Fault } from '../../admin/fault.ts';
import { RESPONSE_TYPES } from '../../model/client.ts';
import type { Site } from '../../web/site.ts';
import { isObject, type JsonObject, type Refusal, refusal } from './json-route.ts';

/** Metadata that an application is registered with by its RFC 7591 names. A change replaces all of it. */
const REGISTERED = [
  'redirect_uris',
  'token_endpoint_auth_method',
  'grant_types',
  'response_types',
  'client_name',
  'client_uri',
  'scope',
  'contacts',
  'tos_uri',
  'policy_uri',
  'jwks_uri',
  'jwks',
] as const;

/** What stays as it was unless it is sent, like all that an operator has set elsewhere. */
const FURTHER = ['post_logout_redirect_uris', 'application_type', 'organization_id'] as const;

const MEMBERS = [...REGISTERED, ...FURTHER];

/** Members of `token_validity` there, in seconds. */
const LIFETIMES = { access: 'access_token_lifetime', refresh: 'refresh_token_lifetime' } as const;

/** What a registration says, as metadata. What is not known is ignored (RFC 7591 §2). */
export function parseLoginApp(
  { provider }: Site,
  body: JsonObject,
  { client_id, before, allowed_users }: Wish,
): ParsedClient | Refusal {
  const sent = Object.fromEntries(
    MEMBERS.flatMap((name) => (body[name] === undefined || body[name] === null ? [] : [[name, body[name]]])),
  );
  const input = {
    ...kept(before),
    ...defaults(sent),
    ...sent,
    ...lifetimes(body),
    ...(allowed_users !== undefined && { allowed_users: allowed_users ?? undefined }),
    client_id,
  };
  const parsed = parseClientMetadata(input, { ...clientRules(provider.tenant), adminScopes: false });
  return 'faults' in parsed ? refusal(400, sayFaults(parsed.faults)) : parsed;
}

/** By username who may sign in: null for everybody, undefined for those who may already. */
export type Access = Readonly<{ allowed_users?: readonly string[] | null | undefined }>;

/** Which application it is about. */
type Wish = Readonly<{ client_id: string; before?: NumberedClient }> & Access;

function kept(before: NumberedClient | undefined): JsonObject {
  if (before === undefined) return {};
  const {
    uuid: _uuid,
    source: _source,
    version: _version,
    created_at: _made,
    updated_at: _changed,
    ...rest
  } = before;
  return Object.fromEntries(
    Object.entries(rest).filter(([name]) => !REGISTERED.some((replaced) => replaced === name)),
  );
}

/** An application gets the grants of UserClouds but for passwords, and the answers that go with its grants. */
function defaults(sent: JsonObject): JsonObject {
  const isPublic = sent['token_endpoint_auth_method'] === 'none';
  const own = ['authorization_code', 'refresh_token', ...(isPublic ? [] : ['client_credentials'])];
  const grant_types = sent['grant_types'] ?? own;
  const grants: readonly unknown[] = Array.isArray(grant_types) ? grant_types : [];
  const response_types = RESPONSE_TYPES.filter(
    (type) =>
      (!type.includes('code') || grants.includes('authorization_code')) &&
      (!type.includes('token') || grants.includes('implicit')),
  );
  return { grant_types, response_types };
}

function lifetimes(body: JsonObject): JsonObject {
  const validity = body['token_validity'];
  if (!isObject(validity)) return {};
  return Object.fromEntries(
    Object.entries(LIFETIMES).flatMap(([there, here]) =>
      validity[there] === undefined ? [] : [[here, validity[there]]],
    ),
  );
}

/** The faults in one line; none of them repeats a value. */
export const sayFaults = (faults: readonly Fault[]): string =>
  faults
    .map(({ path, message }) => `${path.join('.')} ${message}`)
    .join('; ')
    .slice(0, 1000);

/** An application as its administrators see it. The secret is there only in the answer that made it. */
export const loginAppView = (
  { uuid, client_id, organization_id, created_at, ...metadata }: NumberedClient,
  particulars: { client_secret?: string | undefined; can_login?: readonly string[] | undefined },
): JsonObject => ({
  app_id: uuid,
  organization_id: organization_id ?? NOBODYS,
  client_id,
  ...(particulars.client_secret !== undefined && { client_secret: particulars.client_secret }),
  client_id_issued_at: Math.floor(Date.parse(created_at) / 1000),
  client_secret_expires_at: 0,
  metadata: {
    ...Object.fromEntries(
      MEMBERS.flatMap((name) => (name in metadata ? [[name, (metadata as JsonObject)[name]]] : [])),
    ),
    token_validity: Object.fromEntries(
      Object.entries(LIFETIMES).flatMap(([there, here]) =>
        metadata[here] === undefined ? [] : [[there, metadata[here]]],
      ),
    ),
    restricted_access: particulars.can_login !== undefined,
    ...(particulars.can_login && { can_login: particulars.can_login }),
  },
});

/** The UUID of no organization. */
export const NOBODYS = '00000000-0000-0000-0000-000000000000';
