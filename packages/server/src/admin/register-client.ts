import type { Provider } from '../keys/provider.ts';
import type { DelayRule } from '../model/attempt-rules.ts';
import { inSeconds } from '../model/clock.ts';
import { parseClientMetadata } from './client-metadata.ts';
import { clientRules } from './client-rules.ts';
import { createClient, newClientId } from './clients.ts';
import { type Fault, isRecord } from './fault.ts';

/** What an application may say of itself (RFC 7591 §2, OIDC Registration §2); what is not here goes unheeded, as both ask for. */
const REGISTRABLE = [
  'client_name',
  'client_uri',
  'policy_uri',
  'tos_uri',
  'initiate_login_uri',
  'contacts',
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
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
  'request_object_signing_alg',
  'default_max_age',
  'require_auth_time',
  'default_acr_values',
  'backchannel_logout_uri',
  'backchannel_logout_session_required',
];

/** Those that need a person; nobody registers a service for itself. */
const GRANT_TYPES = ['authorization_code', 'implicit', 'refresh_token'] as const;
const USUAL_GRANT_TYPES = ['authorization_code', 'refresh_token'];

/** From one place, so many at once and then ever slower. */
const PACE: DelayRule = { free: 20, unit: 1000, doublings: 12, forgetAfter: 86_400_000 };

/** The answer of the registration endpoint (RFC 7591 §3.2.1, §3.2.2). */
export type Registration =
  | Readonly<{ kind: 'registered'; document: Readonly<Record<string, unknown>> }>
  | Readonly<{
      kind: 'fault';
      error: 'invalid_redirect_uri' | 'invalid_client_metadata';
      description: string;
    }>
  | Readonly<{ kind: 'wait'; until: number }>;

/** Registers an application that nobody vouches for: people are asked for consent each time. `network` is where the wish comes from. */
export async function registerClient(
  provider: Provider,
  wish: unknown,
  network: string,
): Promise<Registration> {
  const { store, tenant, clock, random } = provider;
  if (!isRecord(wish)) return malformed('The body is no JSON object.');
  const attempt = await store.beginAttempt(tenant.id, `registration ${network}`, PACE, clock());
  if (!attempt.allowed) return { kind: 'wait', until: attempt.until };
  const rules = clientRules(tenant);
  const { by_application_type, dotted_schemes } = rules.redirects.manners;
  const parsed = parseClientMetadata(
    {
      grant_types: USUAL_GRANT_TYPES,
      ...registrable(wish),
      client_id: newClientId(random),
      consent: 'always',
    },
    {
      ...rules,
      adminScopes: false,
      grant_types: GRANT_TYPES.filter((grant) => rules.grant_types.includes(grant)),
      // The provider's own addresses, and what stands for them, are for those whom the operator knows.
      redirects: {
        manners: { by_application_type, dotted_schemes, placeholders: {} },
        sites: [],
        insecure: [],
      },
    },
  );
  if ('faults' in parsed) return refused(parsed.faults);
  const saved = await createClient(provider, parsed, 'registration');
  if (saved === undefined) throw new Error('A client_id was made twice.');
  const { client, client_secret } = saved;
  return {
    kind: 'registered',
    document: {
      client_id: client.client_id,
      client_id_issued_at: inSeconds(clock()),
      // A secret stays good for as long as the client is registered.
      ...(client_secret !== undefined && { client_secret, client_secret_expires_at: 0 }),
      ...registrable(client),
    },
  };
}

/** The members that may be said, as far as they have a value (RFC 7591 §2: null is as good as absent). */
const registrable = (group: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(group).filter(
      ([name, value]) => REGISTRABLE.includes(name) && value !== null && value !== undefined,
    ),
  );

const malformed = (description: string): Registration => ({
  kind: 'fault',
  error: 'invalid_client_metadata',
  description,
});

/** The faults in the characters that RFC 6749 §5.2 allows; no value of the wish is among their words. */
function refused(faults: readonly Fault[]): Registration {
  const isRedirect = faults.every(({ path }) => path[0] === 'redirect_uris');
  const sentences = faults.slice(0, 5).map(({ path, message }) => `${path.join('.')} ${message}`);
  const description = `${sentences.join('; ')}.`.replaceAll(/[^\x20\x21\x23-\x5B\x5D-\x7E]/g, "'");
  return {
    ...malformed(description),
    error: isRedirect ? 'invalid_redirect_uri' : 'invalid_client_metadata',
  } as Registration;
}
