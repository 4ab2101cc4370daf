import type { ClientMetadata } from '../model/client.ts';
import { expandRedirectUri, type RedirectRegistration } from '../model/redirect-uri.ts';
import { applicationType, clientFaults, responseTypes } from './client-metadata-rules.ts';
import { clientShape } from './client-metadata-schema.ts';
import type { ClientRules } from './client-rules.ts';
import type { Fault } from './fault.ts';
import { checkFields, isRecord, sizeFault } from './fault.ts';

const MAX_BYTES = 64 * 1024;

export type ParsedClient = Readonly<{ metadata: ClientMetadata; client_secret?: string }>;

/** Registered names (RFC 7591 §2 and its registry) of what this server does not do. */
const UNSUPPORTED = new Set([
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
  'tls_client_auth_subject_dn',
  'tls_client_certificate_bound_access_tokens',
  'dpop_bound_access_tokens',
  'require_pushed_authorization_requests',
]);

/** Checks client metadata as it stands in a file, a command or a request, and fills in the defaults. All faults together. */
export function parseClientMetadata(
  input: unknown,
  rules: ClientRules,
): ParsedClient | { faults: readonly Fault[] } {
  const tooLarge = sizeFault(input, MAX_BYTES);
  if (tooLarge !== undefined) return { faults: [{ path: [], message: tooLarge }] };
  const checked = checkFields(clientShape, expanded(input, rules.redirects), []);
  const faults = [...checked.faults.map(sayUnsupported), ...clientFaults(checked.fields, rules)];
  if (checked.complete === undefined || faults.length > 0) return { faults };
  const { client_secret, ...given } = checked.complete;
  const metadata: ClientMetadata = {
    ...given,
    application_type: applicationType(given),
    response_types: responseTypes(given),
    consent: given.consent ?? rules.consent,
  };
  return client_secret === undefined ? { metadata } : { metadata, client_secret };
}

const REDIRECTS = ['redirect_uris', 'post_logout_redirect_uris'];

/** The metadata with every redirect in full. */
function expanded(input: unknown, redirects: RedirectRegistration): unknown {
  if (!isRecord(input)) return input;
  const entries = Object.entries(input).map(([name, value]) =>
    REDIRECTS.includes(name) && Array.isArray(value)
      ? [
          name,
          value.flatMap((uri: unknown): unknown[] =>
            typeof uri === 'string' ? [...inFull(uri, redirects)] : [uri],
          ),
        ]
      : [name, value],
  );
  return Object.fromEntries(entries);
}

/** Replaces one placeholder after the other. */
function inFull(uri: string, redirects: RedirectRegistration): readonly string[] {
  const once = expandRedirectUri(uri, redirects);
  return once.length === 1 && once[0] === uri ? once : once.flatMap((next) => inFull(next, redirects));
}

function sayUnsupported(fault: Fault): Fault {
  const key = fault.path.length === 1 ? String(fault.path[0]) : '';
  return UNSUPPORTED.has(key)
    ? { path: fault.path, message: 'is registered metadata that Signet does not support' }
    : fault;
}
