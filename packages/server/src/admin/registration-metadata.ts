import type { Provider } from '../keys/provider.ts';
import { formatScope, scopeValues } from '../model/scope.ts';
import type { Tenant } from '../model/tenant.ts';
import { verifySoftwareStatement } from '../oauth/software-statement.ts';
import { type ParsedClient, parseClientMetadata } from './client-metadata.ts';
import { type ClientRules, clientRules } from './client-rules.ts';
import { type Fault, isRecord } from './fault.ts';
import { policyFaults } from './registration-policy.ts';
import { sectorFault } from './sector-identifier.ts';

type Group = Readonly<Record<string, unknown>>;

/** What an application may say of itself (RFC 7591 §2, OIDC Registration §2); what is not here goes unheeded, as both ask for. */
const REGISTRABLE = [
  'client_name',
  'client_uri',
  'logo_uri',
  'policy_uri',
  'tos_uri',
  'initiate_login_uri',
  'contacts',
  'software_id',
  'software_version',
  'application_type',
  'redirect_uris',
  'post_logout_redirect_uris',
  'grant_types',
  'response_types',
  'scope',
  'token_endpoint_auth_method',
  'token_endpoint_auth_signing_alg',
  'jwks',
  'jwks_uri',
  'subject_type',
  'sector_identifier_uri',
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
  'request_object_signing_alg',
  'require_signed_request_object',
  'default_max_age',
  'require_auth_time',
  'default_acr_values',
  'backchannel_logout_uri',
  'backchannel_logout_session_required',
];

/** What an application has where it says nothing. */
const USUAL_GRANT_TYPES = ['authorization_code', 'refresh_token'] as const;

/** Why a wish is refused (RFC 7591 §3.2.2), in the characters that RFC 6749 §5.2 allows. */
export type RegistrationFault = Readonly<{
  kind: 'fault';
  error:
    | 'invalid_redirect_uri'
    | 'invalid_client_metadata'
    | 'invalid_software_statement'
    | 'unapproved_software_statement';
  description: string;
}>;

/** A client as it asks to be, and the statement about its software. */
export type Wish = Readonly<{ kind: 'wish'; parsed: ParsedClient; software_statement: string | null }>;

/** What a body asks for within the policy of the provider. People are asked for consent each time. */
export async function readWish(
  provider: Provider,
  body: unknown,
  client_id: string,
): Promise<Wish | RegistrationFault> {
  if (!isRecord(body)) return malformed('The body is no JSON object.');
  const stated = await statedIn(provider, body['software_statement']);
  if (stated.kind === 'fault') return stated;
  const { tenant } = provider;
  const asked = { ...registrable(body), ...registrable(stated.claims) };
  const input = { ...withinPolicy(asked, tenant), client_id, consent: 'always' };
  const parsed = parseClientMetadata(input, rulesOf(tenant));
  if ('faults' in parsed) return refused(parsed.faults);
  const faults = [
    ...policyFaults(parsed.metadata, tenant.registration),
    ...(await sectorFault(provider, parsed.metadata)),
  ];
  if (faults.length > 0) return refused(faults);
  return { kind: 'wish', parsed, software_statement: stated.text };
}

/** The members that may be said, as far as they have a value (RFC 7591 §2: null is as good as absent). */
export const registrable = (group: Group): Group =>
  Object.fromEntries(
    Object.entries(group).filter(
      ([name, value]) => REGISTRABLE.includes(name) && value !== null && value !== undefined,
    ),
  );

type Stated = Readonly<{ kind: 'stated'; claims: Group; text: string | null }>;

/** What the statement says counts for more than the other members (RFC 7591 §3.1.1). Where no issuer is known, none is looked at. */
async function statedIn(provider: Provider, statement: unknown): Promise<Stated | RegistrationFault> {
  const { issuers, required } = provider.tenant.registration.software_statement;
  if (issuers.length === 0) return { kind: 'stated', claims: {}, text: null };
  if (statement === undefined || statement === null) {
    if (!required) return { kind: 'stated', claims: {}, text: null };
    return unbelieved('invalid', 'A software statement is needed here.');
  }
  if (typeof statement !== 'string') return unbelieved('invalid', 'The software statement is no text.');
  const verified = await verifySoftwareStatement(provider, statement);
  if (verified.kind === 'verified') return { kind: 'stated', claims: verified.claims, text: statement };
  return verified.kind === 'invalid'
    ? unbelieved('invalid', 'The software statement is not a JWT that verifies and is good now.')
    : unbelieved('unapproved', 'The issuer of the software statement is not among those that are trusted.');
}

const unbelieved = (kind: 'invalid' | 'unapproved', description: string): RegistrationFault => ({
  kind: 'fault',
  error: `${kind}_software_statement`,
  description,
});

/** The grant types that are usual, and of the scope what the policy has (RFC 7591 §2: values may be replaced, and are told). */
function withinPolicy(asked: Group, { registration }: Tenant): Group {
  const { grant_types: allowed, scope } = registration;
  const usual = USUAL_GRANT_TYPES.filter((grant) => allowed.includes(grant));
  const grant_types = usual.includes('authorization_code') ? usual : allowed;
  if (scope === undefined) return { grant_types, ...asked };
  const most = scopeValues(scope);
  const given = asked['scope'];
  // Anything else is faulty, and told so.
  if (given !== undefined && typeof given !== 'string') return { grant_types, ...asked };
  const wanted = scopeValues(given).filter((value) => most.includes(value) || value.startsWith('signet:'));
  return { grant_types, ...asked, scope: given === undefined ? scope : formatScope(wanted) };
}

function rulesOf(tenant: Tenant): ClientRules {
  const rules = clientRules(tenant);
  const { by_application_type, dotted_schemes } = rules.redirects.manners;
  return {
    ...rules,
    adminScopes: false,
    grant_types: tenant.registration.grant_types.filter((grant) => rules.grant_types.includes(grant)),
    // The provider's own addresses, and what stands for them, are for those whom the operator knows.
    redirects: {
      manners: { by_application_type, dotted_schemes, placeholders: {} },
      sites: [],
      insecure: [],
    },
  };
}

export const malformed = (description: string): RegistrationFault => ({
  kind: 'fault',
  error: 'invalid_client_metadata',
  description,
});

/** No value of the wish is among the words. */
function refused(faults: readonly Fault[]): RegistrationFault {
  const isRedirect = faults.every(({ path }) => path[0] === 'redirect_uris');
  const sentences = faults.slice(0, 5).map(({ path, message }) => `${path.join('.')} ${message}`);
  const description = `${sentences.join('; ')}.`.replaceAll(/[^\x20\x21\x23-\x5B\x5D-\x7E]/g, "'");
  return {
    kind: 'fault',
    error: isRedirect ? 'invalid_redirect_uri' : 'invalid_client_metadata',
    description,
  };
}
