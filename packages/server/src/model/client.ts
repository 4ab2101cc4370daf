import type { Source } from './user.ts';

export const GRANT_TYPES = [
  'authorization_code',
  'implicit',
  'refresh_token',
  'client_credentials',
  /** Only where a profile has it (RFC 6749 §4.3; OAuth 2.1 has none). */
  'password',
] as const;
export type GrantType = (typeof GRANT_TYPES)[number];

export const CLIENT_AUTH_METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
  'none',
] as const;
export type ClientAuthMethod = (typeof CLIENT_AUTH_METHODS)[number];

/** Words of a response type in the order in which it is registered and advertised (OAuth Multiple Response Types §5). */
export const RESPONSE_TYPES = [
  'code',
  'id_token',
  'token',
  'id_token token',
  'code id_token',
  'code token',
  'code id_token token',
] as const;
export type ResponseType = (typeof RESPONSE_TYPES)[number];

export const SIGNING_ALGORITHMS = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const;
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

export type ConsentPolicy = 'remember' | 'always' | 'skip';
export type AccessTokenFormat = 'jwt' | 'opaque';
export type RefreshRotation = 'rotate' | 'none';
export type JsonWebKeySet = Readonly<{ keys: readonly Readonly<Record<string, unknown>>[] }>;

/** Registered metadata by its RFC 7591 / OIDC Registration names, then Signet's own switches. Lifetimes are seconds. */
export type ClientMetadata = Readonly<{
  client_id: string;
  client_name?: string | undefined;
  client_uri?: string | undefined;
  logo_uri?: string | undefined;
  policy_uri?: string | undefined;
  tos_uri?: string | undefined;
  initiate_login_uri?: string | undefined;
  contacts?: readonly string[] | undefined;
  software_id?: string | undefined;
  software_version?: string | undefined;
  application_type: 'web' | 'native';
  redirect_uris: readonly string[];
  post_logout_redirect_uris: readonly string[];
  grant_types: readonly GrantType[];
  response_types: readonly ResponseType[];
  scope?: string | undefined;
  token_endpoint_auth_method: ClientAuthMethod;
  token_endpoint_auth_signing_alg?: string | undefined;
  jwks?: JsonWebKeySet | undefined;
  jwks_uri?: string | undefined;
  subject_type: 'public' | 'pairwise';
  sector_identifier_uri?: string | undefined;
  id_token_signed_response_alg?: SigningAlgorithm | undefined;
  userinfo_signed_response_alg?: SigningAlgorithm | undefined;
  request_object_signing_alg?: string | undefined;
  require_signed_request_object?: boolean | undefined;
  /** Where the application hears that a session is over (OIDC Back-Channel Logout §2.2). */
  backchannel_logout_uri?: string | undefined;
  backchannel_logout_session_required?: boolean | undefined;
  default_max_age?: number | undefined;
  require_auth_time?: boolean | undefined;
  default_acr_values?: readonly string[] | undefined;
  /** Whether PKCE is demanded; the profile decides when absent. */
  require_pkce?: boolean | undefined;
  consent: ConsentPolicy;
  /** Resource indicators (RFC 8707) the client may ask for; every registered one when absent. */
  resources?: readonly string[] | undefined;
  /** Audiences whose access tokens the client may introspect, besides its own tokens (RFC 7662 §4). */
  introspection_audiences?: readonly string[] | undefined;
  access_token_format?: AccessTokenFormat | undefined;
  access_token_lifetime?: number | undefined;
  refresh_token_lifetime?: number | undefined;
  refresh_token_rotation?: RefreshRotation | undefined;
  /** Whether a code asked for with PKCE, and what follows from it, may be redeemed without the secret that the client has. */
  pkce_without_secret?: boolean | undefined;
  /** Only these users, by username, may sign in to the application; everybody when absent. */
  allowed_users?: readonly string[] | undefined;
  /** What the application is for, said to operators alone. */
  description?: string | undefined;
  /** Told in tokens where the profile says so. */
  organization_id?: string | undefined;
  /** Whether the client may administer the provider with tokens that it got for itself. */
  may_administer?: boolean | undefined;
  /** Also accept the token endpoint's address as the audience of client assertions, for older libraries. */
  accept_token_endpoint_audience?: boolean | undefined;
  disabled?: boolean | undefined;
}>;

/** A registered client as the store holds it. */
export type Client = Readonly<{
  /** Row number, used in other rows and never reused. */
  row: number;
  metadata: ClientMetadata;
  /** Keyed digest of the secret; null for a client without one. */
  secret_digest: Uint8Array | null;
  /** The secret itself, sealed: only for client_secret_jwt, which needs it to check a signature. */
  secret_sealed: Uint8Array | null;
  /** The secret before this one, while it is good beside it (milliseconds). */
  previous_secret: Readonly<{ digest: Uint8Array; sealed: Uint8Array | null; until: number }> | null;
  source: Source;
  /** When its registration is over; null: never. */
  expires_at: number | null;
  /** Grows by one with every change. */
  version: number;
  created_at: number;
  updated_at: number;
}>;

/** The secret before the present one, if it is still good. */
export const livingPreviousSecret = ({ previous_secret }: Client, now: number): Client['previous_secret'] =>
  previous_secret !== null && now < previous_secret.until ? previous_secret : null;

/** Whether the client may do anything: it is not switched off, and its registration not over. */
export const isLivingClient = ({ metadata, expires_at }: Client, now: number): boolean =>
  metadata.disabled !== true && (expires_at === null || now < expires_at);

/** A public client cannot keep a secret (RFC 6749 §2.1). */
export const isPublicClient = (metadata: ClientMetadata): boolean =>
  metadata.token_endpoint_auth_method === 'none';

export const clientDisplayName = (metadata: ClientMetadata): string =>
  metadata.client_name ?? metadata.client_id;
