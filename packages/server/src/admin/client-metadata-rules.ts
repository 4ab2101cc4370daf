import { ADMIN_SCOPE_PREFIX, BUILT_IN_CLIENT_IDS, isAdminScope } from '../model/admin-api.ts';
import type { GrantType, ResponseType } from '../model/client.ts';
import { parseUri, type RedirectRegistration, redirectUriFault } from '../model/redirect-uri.ts';
import { scopeValues } from '../model/scope.ts';
import type { clientShape } from './client-metadata-schema.ts';
import type { ClientRules } from './client-rules.ts';
import type { Checked, Fault } from './fault.ts';

/** Fields that are sound by themselves; a faulty one is not there, an absent one is undefined. */
export type ClientFields = Checked<typeof clientShape>['fields'];

const HS256_BYTES = 32;

const fault = (key: string, message: string): Fault => ({ path: [key], message });

/** Whether redirects with a private scheme tell that this is a native application, when nothing else does. */
export function applicationType(fields: ClientFields): 'web' | 'native' {
  if (fields.application_type !== undefined) return fields.application_type;
  const uris = [...(fields.redirect_uris ?? []), ...(fields.post_logout_redirect_uris ?? [])].map(parseUri);
  return uris.some((uri) => uri !== undefined && !/^https?:$/.test(uri.protocol)) ? 'native' : 'web';
}

/** RFC 7591 §2 has `code` as the default, which only means something with authorization_code. */
export function responseTypes(fields: ClientFields): readonly ResponseType[] {
  return (
    fields.response_types ?? (fields.grant_types?.includes('authorization_code') === true ? ['code'] : [])
  );
}

/** Every rule that looks at more than one field. */
export function clientFaults(fields: ClientFields, rules: ClientRules): readonly Fault[] {
  return [
    ...reservedFaults(fields),
    ...redirectFaults(fields, rules.redirects),
    ...grantFaults(fields),
    ...strangeGrants(fields, rules.grant_types),
    ...(rules.adminScopes ? [] : adminScopeFaults(fields)),
    ...secretFaults(fields, rules.secretRequired ?? false),
    ...keyFaults(fields),
    ...pairwiseFaults(fields),
  ];
}

/** What is Signet's own is given to no other client; what looks like a scope of the administration is one. */
function reservedFaults({ client_id, scope }: ClientFields): readonly Fault[] {
  const strange = scopeValues(scope).filter(
    (value) => value.startsWith(ADMIN_SCOPE_PREFIX) && !isAdminScope(value),
  );
  return [
    ...(client_id !== undefined && BUILT_IN_CLIENT_IDS.includes(client_id)
      ? [fault('client_id', 'is that of a client of Signet itself')]
      : []),
    ...strange.map((value) => fault('scope', `has ${value}, which is no scope of the administration`)),
  ];
}

function adminScopeFaults({ scope }: ClientFields): readonly Fault[] {
  const strange = scopeValues(scope).filter((value) => value.startsWith(ADMIN_SCOPE_PREFIX));
  return strange.length === 0
    ? []
    : [fault('scope', `has ${strange[0]}, which only an operator of Signet can give`)];
}

function strangeGrants(fields: ClientFields, known: readonly GrantType[]): readonly Fault[] {
  return (fields.grant_types ?? []).flatMap((grant, index) =>
    known.includes(grant)
      ? []
      : [{ path: ['grant_types', index], message: `is ${grant}, which this provider does not have` }],
  );
}

function redirectFaults(fields: ClientFields, registration: RedirectRegistration): readonly Fault[] {
  const type = applicationType(fields);
  const keys = ['redirect_uris', 'post_logout_redirect_uris'] as const;
  return keys.flatMap((key) =>
    (fields[key] ?? []).flatMap((uri, index) => {
      const message = redirectUriFault(uri, type, registration);
      return message === undefined ? [] : [{ path: [key, index], message }];
    }),
  );
}

/** RFC 7591 §2.1: response types and grant types belong together. */
function grantFaults(fields: ClientFields): readonly Fault[] {
  const grants = fields.grant_types;
  if (grants === undefined) return [];
  const faults: Fault[] = [];
  const interactive = grants.filter((grant) => grant === 'authorization_code' || grant === 'implicit');
  for (const [index, type] of (fields.response_types ?? []).entries()) {
    const words = type.split(' ');
    const needed = [
      ...(words.includes('code') ? ['authorization_code'] : []),
      ...(/token/.test(type) ? ['implicit'] : []),
    ];
    const missing = needed.filter((grant) => !grants.some((given) => given === grant));
    if (missing.length === 0) continue;
    faults.push({
      path: ['response_types', index],
      message: `needs ${missing.join(' and ')} in grant_types (RFC 7591 §2.1)`,
    });
  }
  if (grants.length === 0) faults.push(fault('grant_types', 'must have at least 1 entry'));
  if (grants.length === 1 && grants[0] === 'refresh_token') {
    faults.push(fault('grant_types', 'has refresh_token alone, which only renews what another grant began'));
  }
  if (interactive.length > 0 && fields.redirect_uris?.length === 0) {
    faults.push(
      fault('redirect_uris', `is missing: ${interactive.join(' and ')} must know where to send the answer`),
    );
  }
  if ('response_types' in fields && interactive.length > 0 && responseTypes(fields).length === 0) {
    faults.push(
      fault(
        'response_types',
        'is missing: say which answers the application asks for, such as "id_token token"',
      ),
    );
  }
  if (grants.includes('client_credentials') && fields.token_endpoint_auth_method === 'none') {
    faults.push(
      fault(
        'grant_types',
        'has client_credentials, which a client that cannot prove itself may not use (RFC 6749 §4.4)',
      ),
    );
  }
  return faults;
}

function secretFaults(fields: ClientFields, secretRequired: boolean): readonly Fault[] {
  const method = fields.token_endpoint_auth_method;
  if (method === undefined || !('client_secret' in fields)) return [];
  const secret = fields.client_secret;
  if (secret !== undefined && (method === 'none' || method === 'private_key_jwt')) {
    return [
      fault('client_secret', `has no use with token_endpoint_auth_method ${method}: remove one of the two`),
    ];
  }
  if (secret === undefined) {
    if (!secretRequired || method === 'none' || method === 'private_key_jwt') return [];
    return [
      fault(
        'client_secret',
        `is missing: ${method} needs one (a public client has token_endpoint_auth_method none)`,
      ),
    ];
  }
  if (method !== 'client_secret_jwt' || Buffer.byteLength(secret) >= HS256_BYTES) return [];
  return [
    fault(
      'client_secret',
      `is shorter than ${HS256_BYTES} bytes, which client_secret_jwt needs (RFC 7518 §3.2)`,
    ),
  ];
}

function keyFaults(fields: ClientFields): readonly Fault[] {
  const { token_endpoint_auth_method: method, token_endpoint_auth_signing_alg: algorithm } = fields;
  const faults: Fault[] = [];
  const knowsKeys = 'jwks' in fields && 'jwks_uri' in fields;
  const keyless = knowsKeys && fields.jwks === undefined && fields.jwks_uri === undefined;
  if (fields.jwks !== undefined && fields.jwks_uri !== undefined) {
    faults.push(fault('jwks_uri', 'is given beside jwks: only one of the two may be (RFC 7591 §2)'));
  }
  if (method === 'private_key_jwt' && keyless) {
    faults.push(fault('jwks', 'is missing: private_key_jwt needs jwks or jwks_uri'));
  }
  if (algorithm !== undefined && method !== undefined && !algorithmFits(algorithm, method)) {
    faults.push(
      fault('token_endpoint_auth_signing_alg', `does not fit token_endpoint_auth_method ${method}`),
    );
  }
  const requestAlgorithm = fields.request_object_signing_alg;
  if (requestAlgorithm !== undefined && requestAlgorithm !== 'none' && keyless) {
    faults.push(fault('request_object_signing_alg', 'needs the keys of the client: give jwks or jwks_uri'));
  }
  if (requestAlgorithm === 'none' && fields.require_signed_request_object === true) {
    faults.push(
      fault('request_object_signing_alg', 'is none although require_signed_request_object is true'),
    );
  }
  return faults;
}

function algorithmFits(algorithm: string, method: string): boolean {
  return method === (algorithm === 'HS256' ? 'client_secret_jwt' : 'private_key_jwt');
}

/** OIDC Core §8.1: the sector is one host. */
function pairwiseFaults(fields: ClientFields): readonly Fault[] {
  if (fields.subject_type !== 'pairwise' || !('sector_identifier_uri' in fields)) return [];
  const hosts = new Set(fields.redirect_uris?.map((uri) => parseUri(uri)?.host));
  if (fields.sector_identifier_uri !== undefined || (hosts.size <= 1 && !hosts.has(''))) return [];
  return [
    fault(
      'sector_identifier_uri',
      'is missing: pairwise subjects need it when the redirect URIs have not one host (OIDC Core §8.1)',
    ),
  ];
}
