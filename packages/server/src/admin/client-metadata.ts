import type { ClientMetadata, ConsentPolicy } from '../model/client.ts';
import { applicationType, clientFaults, responseTypes } from './client-metadata-rules.ts';
import { clientShape } from './client-metadata-schema.ts';
import type { Fault } from './fault.ts';
import { checkFields, sizeFault } from './fault.ts';

const MAX_BYTES = 64 * 1024;

/** What the provider adds where the metadata is silent. */
export type ClientDefaults = Readonly<{
  consent: ConsentPolicy;
  /** Methods with a secret need one in the metadata; left out where a secret is made for the client. */
  secretRequired?: boolean;
}>;

export type ParsedClient = Readonly<{ metadata: ClientMetadata; client_secret?: string }>;

/** Registered names (RFC 7591 §2 and its registry) of what this server does not do. */
const UNSUPPORTED = new Set([
  'logo_uri',
  'software_id',
  'software_version',
  'software_statement',
  'request_uris',
  'id_token_encrypted_response_alg',
  'id_token_encrypted_response_enc',
  'userinfo_encrypted_response_alg',
  'userinfo_encrypted_response_enc',
  'request_object_encryption_alg',
  'request_object_encryption_enc',
  'frontchannel_logout_uri',
  'frontchannel_logout_session_required',
  'backchannel_logout_uri',
  'backchannel_logout_session_required',
  'tls_client_auth_subject_dn',
  'tls_client_certificate_bound_access_tokens',
  'dpop_bound_access_tokens',
  'require_pushed_authorization_requests',
]);

/** Checks client metadata as it stands in a file, a command or a request, and fills in the defaults. All faults together. */
export function parseClientMetadata(
  input: unknown,
  defaults: ClientDefaults,
): ParsedClient | { faults: readonly Fault[] } {
  const tooLarge = sizeFault(input, MAX_BYTES);
  if (tooLarge !== undefined) return { faults: [{ path: [], message: tooLarge }] };
  const checked = checkFields(clientShape, input, []);
  const faults = [
    ...checked.faults.map(sayUnsupported),
    ...clientFaults(checked.fields, defaults.secretRequired ?? false),
  ];
  if (checked.complete === undefined || faults.length > 0) return { faults };
  const { client_secret, ...given } = checked.complete;
  const metadata: ClientMetadata = {
    ...given,
    application_type: applicationType(given),
    response_types: responseTypes(given),
    consent: given.consent ?? defaults.consent,
  };
  return client_secret === undefined ? { metadata } : { metadata, client_secret };
}

function sayUnsupported(fault: Fault): Fault {
  const key = fault.path.length === 1 ? String(fault.path[0]) : '';
  return UNSUPPORTED.has(key)
    ? { path: fault.path, message: 'is registered metadata that Signet does not support' }
    : fault;
}
