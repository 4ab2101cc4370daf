import { PROMPTS, RESPONSE_MODES } from '../model/authorization-request.ts';
import { ACR_VALUES } from '../model/browser-session.ts';
import { CLIENT_AUTH_METHODS, RESPONSE_TYPES, SIGNING_ALGORITHMS } from '../model/client.ts';
import type { Endpoint } from '../model/profile.ts';
import { endpointUrl, hasEndpoint, type Tenant } from '../model/tenant.ts';
import { ASYMMETRIC_ALGORITHMS, SYMMETRIC_ALGORITHMS } from './client-assertion.ts';
import { knownScope } from './scope.ts';

/** Name of an endpoint in the metadata (RFC 8414 §2, OIDC Discovery §3, OIDC Session Management §3.3). */
const ADVERTISED: Partial<Record<Endpoint, string>> = {
  authorization: 'authorization_endpoint',
  token: 'token_endpoint',
  userinfo: 'userinfo_endpoint',
  jwks: 'jwks_uri',
  introspection: 'introspection_endpoint',
  revocation: 'revocation_endpoint',
  registration: 'registration_endpoint',
  end_session: 'end_session_endpoint',
  check_session: 'check_session_iframe',
};

/** The provider's metadata, computed from what is mounted (OIDC Discovery §3, RFC 8414 §2). */
export function providerMetadata(
  tenant: Tenant,
  mounted: readonly Endpoint[],
): Readonly<Record<string, unknown>> {
  const { profile } = tenant;
  const confidential = CLIENT_AUTH_METHODS.filter((method) => method !== 'none');
  const assertionAlgorithms = [...ASYMMETRIC_ALGORITHMS, ...SYMMETRIC_ALGORITHMS];
  return {
    issuer: tenant.issuer,
    ...places(tenant, mounted),
    scopes_supported: knownScope(tenant),
    response_types_supported: RESPONSE_TYPES,
    response_modes_supported: RESPONSE_MODES,
    grant_types_supported: profile.grant_types,
    subject_types_supported: ['public', 'pairwise'],
    id_token_signing_alg_values_supported: SIGNING_ALGORITHMS,
    userinfo_signing_alg_values_supported: SIGNING_ALGORITHMS,
    request_object_signing_alg_values_supported: [...ASYMMETRIC_ALGORITHMS, 'none'],
    token_endpoint_auth_methods_supported: CLIENT_AUTH_METHODS,
    token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    ...(hasEndpoint(tenant, 'introspection') && {
      introspection_endpoint_auth_methods_supported: confidential,
      introspection_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    }),
    ...(hasEndpoint(tenant, 'revocation') && {
      revocation_endpoint_auth_methods_supported: CLIENT_AUTH_METHODS,
      revocation_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    }),
    code_challenge_methods_supported: ['S256'],
    prompt_values_supported: PROMPTS,
    acr_values_supported: ACR_VALUES,
    display_values_supported: ['page'],
    claim_types_supported: ['normal'],
    claims_supported: [
      ...new Set(['sub', 'iss', 'auth_time', 'acr', 'amr', ...Object.values(profile.scope_claims).flat()]),
    ],
    claims_parameter_supported: true,
    request_parameter_supported: true,
    request_uri_parameter_supported: false,
    require_request_uri_registration: false,
    authorization_response_iss_parameter_supported: true,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  };
}

const places = (tenant: Tenant, mounted: readonly Endpoint[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    mounted.flatMap((endpoint) => {
      const name = ADVERTISED[endpoint];
      return name !== undefined && hasEndpoint(tenant, endpoint)
        ? [[name, endpointUrl(tenant, endpoint)]]
        : [];
    }),
  );
