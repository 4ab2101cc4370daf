// long because generated from packages/server/src/api, by npm run docs

export type Account = Readonly<{
  sub: string;
  username: string;
  claims: Readonly<Record<string, unknown>>;
}>;

export type AccountPatch = Readonly<{
  claims: Readonly<{
    name?: string | null;
    given_name?: string | null;
    middle_name?: string | null;
    family_name?: string | null;
    nickname?: string | null;
    locale?: string | null;
    zoneinfo?: string | null;
  }>;
}>;

export type AuditEvent = Readonly<{
  id: number;
  at: string;
  action: string;
  actor: string;
  subject: string;
  client_id: string | null;
  network: string | null;
  request_id: string | null;
  facts: Readonly<Record<string, unknown>>;
}>;

export type Client = Readonly<{
  client_id: string;
  client_name?: string;
  client_uri?: string;
  logo_uri?: string;
  policy_uri?: string;
  tos_uri?: string;
  initiate_login_uri?: string;
  contacts?: readonly string[];
  software_id?: string;
  software_version?: string;
  application_type: 'web' | 'native';
  redirect_uris: readonly string[];
  post_logout_redirect_uris: readonly string[];
  grant_types: readonly ('authorization_code' | 'implicit' | 'refresh_token' | 'client_credentials' | 'password')[];
  response_types: readonly string[];
  scope?: string;
  token_endpoint_auth_method: 'client_secret_basic' | 'client_secret_post' | 'client_secret_jwt' | 'private_key_jwt' | 'none';
  token_endpoint_auth_signing_alg?: 'HS256' | 'ES256' | 'RS256' | 'PS256' | 'EdDSA';
  jwks?: Readonly<{
    keys: readonly (Readonly<Record<string, unknown>>)[];
  }>;
  jwks_uri?: string;
  subject_type: 'public' | 'pairwise';
  sector_identifier_uri?: string;
  id_token_signed_response_alg?: 'ES256' | 'RS256' | 'PS256' | 'EdDSA';
  userinfo_signed_response_alg?: 'ES256' | 'RS256' | 'PS256' | 'EdDSA';
  request_object_signing_alg?: 'none' | 'ES256' | 'RS256' | 'PS256' | 'EdDSA';
  require_signed_request_object?: boolean;
  backchannel_logout_uri?: string;
  backchannel_logout_session_required?: boolean;
  default_max_age?: number | string;
  require_auth_time?: boolean;
  default_acr_values?: readonly string[];
  require_pkce?: boolean;
  consent: 'remember' | 'always' | 'skip';
  resources?: readonly string[];
  introspection_audiences?: readonly string[];
  access_token_format?: 'jwt' | 'opaque';
  access_token_lifetime?: number | string;
  refresh_token_lifetime?: number | string;
  refresh_token_rotation?: 'rotate' | 'none';
  pkce_without_secret?: boolean;
  allowed_users?: readonly string[];
  description?: string;
  organization_id?: string;
  may_administer?: boolean;
  accept_token_endpoint_audience?: boolean;
  disabled?: boolean;
  source: 'file' | 'manual' | 'registration' | 'built-in';
  version: number;
  created_at: string;
  updated_at: string;
  expires_at?: string;
  previous_secret_until?: string;
}>;

export type ClientPatch = Readonly<{
  client_name?: string | null;
  client_uri?: string | null;
  logo_uri?: string | null;
  policy_uri?: string | null;
  tos_uri?: string | null;
  initiate_login_uri?: string | null;
  contacts?: readonly string[] | null;
  software_id?: string | null;
  software_version?: string | null;
  application_type?: 'web' | 'native' | null;
  redirect_uris?: readonly string[] | null;
  post_logout_redirect_uris?: readonly string[] | null;
  grant_types?: readonly ('authorization_code' | 'implicit' | 'refresh_token' | 'client_credentials' | 'password')[] | null;
  response_types?: readonly string[] | null;
  scope?: string | null;
  token_endpoint_auth_method?: 'client_secret_basic' | 'client_secret_post' | 'client_secret_jwt' | 'private_key_jwt' | 'none' | null;
  token_endpoint_auth_signing_alg?: 'HS256' | 'ES256' | 'RS256' | 'PS256' | 'EdDSA' | null;
  jwks?: Readonly<{
    keys: readonly (Readonly<Record<string, unknown>>)[];
  }> | null;
  jwks_uri?: string | null;
  subject_type?: 'public' | 'pairwise' | null;
  sector_identifier_uri?: string | null;
  id_token_signed_response_alg?: 'ES256' | 'RS256' | 'PS256' | 'EdDSA' | null;
  userinfo_signed_response_alg?: 'ES256' | 'RS256' | 'PS256' | 'EdDSA' | null;
  request_object_signing_alg?: 'none' | 'ES256' | 'RS256' | 'PS256' | 'EdDSA' | null;
  require_signed_request_object?: boolean | null;
  backchannel_logout_uri?: string | null;
  backchannel_logout_session_required?: boolean | null;
  default_max_age?: number | string | null;
  require_auth_time?: boolean | null;
  default_acr_values?: readonly string[] | null;
  require_pkce?: boolean | null;
  consent?: 'remember' | 'always' | 'skip' | null;
  resources?: readonly string[] | null;
  introspection_audiences?: readonly string[] | null;
  access_token_format?: 'jwt' | 'opaque' | null;
  access_token_lifetime?: number | string | null;
  refresh_token_lifetime?: number | string | null;
  refresh_token_rotation?: 'rotate' | 'none' | null;
  pkce_without_secret?: boolean | null;
  allowed_users?: readonly string[] | null;
  description?: string | null;
  organization_id?: string | null;
  may_administer?: boolean | null;
  accept_token_endpoint_audience?: boolean | null;
  disabled?: boolean | null;
}>;

export type ClientVersion = Readonly<{
  version: number;
  at: string;
  actor: string | null;
  changed: readonly string[];
  metadata: Readonly<Record<string, unknown>>;
}>;

export type Consent = Readonly<{
  sub: string;
  username: string;
  client_id: string | null;
  scope: string;
  resources: readonly string[];
  claims: readonly string[];
  granted_at: string;
}>;

export type DefinitionVersion = Readonly<{
  version: number;
  at: string;
  actor: string | null;
  changed: readonly string[];
  value: Readonly<Record<string, unknown>>;
}>;

export type DeletedClient = Readonly<{
  client_id: string;
  client_name: string | null;
  deleted_at: string;
  deleted_by: string | null;
}>;

export type DeletedUser = Readonly<{
  sub: string;
  username: string;
  role: 'user' | 'admin' | 'support' | 'auditor';
  deleted_at: string;
  deleted_by: string | null;
}>;

export type ExplainedRefusal = Readonly<{
  reference: string;
  at: string;
  rule: string;
  says: string;
  error: string;
  endpoint: string;
  client_id: string | null;
  spec: string;
  fix: string;
  facts: Readonly<Record<string, unknown>>;
  differences: readonly string[];
  setting?: Readonly<{
    name: string;
    value: unknown;
    of: 'client' | 'provider';
  }>;
}>;

export type Grant = Readonly<{
  id: string;
  sub: string;
  username: string;
  client_id: string | null;
  scope: string;
  resources: readonly string[];
  created_at: string;
  used_at: string | null;
  expires_at: string;
  has_refresh_token: boolean;
}>;

export type Group = Readonly<{
  name: string;
  display_name: string | null;
  description: string | null;
  members: number;
  source: 'file' | 'manual';
  version: number;
  created_at: string;
  updated_at: string;
}>;

export type GroupPatch = Readonly<{
  display_name?: string | null;
  description?: string | null;
}>;

export type InitialAccessToken = Readonly<{
  id: string;
  description: string | null;
  uses: number;
  uses_left: number;
  created_at: string;
  created_by: string;
  expires_at: string;
}>;

export type Key = Readonly<{
  kid: string;
  alg: 'ES256' | 'RS256' | 'PS256' | 'EdDSA';
  state: 'next' | 'current' | 'former';
  published_at: string;
  active_from: string;
  retire_at?: string;
}>;

export type Me = Readonly<{
  sub: string | null;
  username: string | null;
  role: 'user' | 'admin' | 'support' | 'auditor' | null;
  client_id: string;
  permissions: readonly ('signet:clients:read' | 'signet:clients:write' | 'signet:users:read' | 'signet:users:write' | 'signet:groups:read' | 'signet:groups:write' | 'signet:sessions:read' | 'signet:sessions:write' | 'signet:consents:read' | 'signet:consents:write' | 'signet:grants:read' | 'signet:grants:write' | 'signet:keys:read' | 'signet:keys:write' | 'signet:refusals:read' | 'signet:refusals:write' | 'signet:audit:read' | 'signet:audit:write' | 'signet:settings:read' | 'signet:settings:write' | 'signet:scopes:read' | 'signet:scopes:write' | 'signet:resources:read' | 'signet:resources:write' | 'signet:tenants:read' | 'signet:tenants:write' | 'signet:statistics:read' | 'signet:statistics:write')[];
}>;

export type NewClient = Readonly<{
  client_id?: string;
  client_name?: string;
  client_uri?: string;
  logo_uri?: string;
  policy_uri?: string;
  tos_uri?: string;
  initiate_login_uri?: string;
  contacts?: readonly string[];
  software_id?: string;
  software_version?: string;
  application_type?: 'web' | 'native';
  redirect_uris?: readonly string[];
  post_logout_redirect_uris?: readonly string[];
  grant_types?: readonly ('authorization_code' | 'implicit' | 'refresh_token' | 'client_credentials' | 'password')[];
  response_types?: readonly string[];
  scope?: string;
  token_endpoint_auth_method?: 'client_secret_basic' | 'client_secret_post' | 'client_secret_jwt' | 'private_key_jwt' | 'none';
  token_endpoint_auth_signing_alg?: 'HS256' | 'ES256' | 'RS256' | 'PS256' | 'EdDSA';
  jwks?: Readonly<{
    keys: readonly (Readonly<Record<string, unknown>>)[];
  }>;
  jwks_uri?: string;
  subject_type?: 'public' | 'pairwise';
  sector_identifier_uri?: string;
  id_token_signed_response_alg?: 'ES256' | 'RS256' | 'PS256' | 'EdDSA';
  userinfo_signed_response_alg?: 'ES256' | 'RS256' | 'PS256' | 'EdDSA';
  request_object_signing_alg?: 'none' | 'ES256' | 'RS256' | 'PS256' | 'EdDSA';
  require_signed_request_object?: boolean;
  backchannel_logout_uri?: string;
  backchannel_logout_session_required?: boolean;
  default_max_age?: number | string;
  require_auth_time?: boolean;
  default_acr_values?: readonly string[];
  require_pkce?: boolean;
  consent?: 'remember' | 'always' | 'skip';
  resources?: readonly string[];
  introspection_audiences?: readonly string[];
  access_token_format?: 'jwt' | 'opaque';
  access_token_lifetime?: number | string;
  refresh_token_lifetime?: number | string;
  refresh_token_rotation?: 'rotate' | 'none';
  pkce_without_secret?: boolean;
  allowed_users?: readonly string[];
  description?: string;
  organization_id?: string;
  may_administer?: boolean;
  accept_token_endpoint_audience?: boolean;
  disabled?: boolean;
  client_secret?: string;
}>;

export type NewGroup = Readonly<{
  name: string;
  display_name?: string;
  description?: string;
}>;

export type NewResource = Readonly<{
  resource: string;
  name?: string | null;
  scope?: string | null;
  access_token_format?: 'jwt' | 'opaque' | null;
  access_token_lifetime?: number | string | null;
}>;

export type NewScope = Readonly<{
  scope: string;
  description?: string | null;
  claims?: readonly string[] | null;
}>;

export type NewUser = Readonly<{
  username: string;
  password?: string;
  password_hash?: string;
  claims?: Readonly<{
    name?: string;
    given_name?: string;
    family_name?: string;
    middle_name?: string;
    nickname?: string;
    preferred_username?: string;
    profile?: string;
    picture?: string;
    website?: string;
    email?: string;
    email_verified?: boolean;
    gender?: string;
    birthdate?: string;
    zoneinfo?: string;
    locale?: string;
    phone_number?: string;
    phone_number_verified?: boolean;
    address?: Readonly<{
      formatted?: string;
      street_address?: string;
      locality?: string;
      region?: string;
      postal_code?: string;
      country?: string;
    }>;
    updated_at?: number;
  }>;
  role?: 'user' | 'admin' | 'support' | 'auditor';
  groups?: readonly string[];
  disabled?: boolean;
}>;

export type OwnConsent = Readonly<{
  sub: string;
  username: string;
  client_id: string | null;
  scope: string;
  resources: readonly string[];
  claims: readonly string[];
  granted_at: string;
  client_name: string;
}>;

export type OwnSession = Readonly<{
  id: string;
  sid: string;
  sub: string;
  username: string;
  signed_in_at: string;
  last_seen_at: string;
  expires_at: string;
  user_agent: string;
  impersonator: string | null;
  current: boolean;
}>;

export type PasswordChange = Readonly<{
  current_password: string;
  password: string;
}>;

export type Plan = Readonly<{
  plan: string;
  steps: readonly (Readonly<{
    kind: string;
    id: string;
    action: 'create' | 'change' | 'adopt' | 'delete';
    differences: readonly (Readonly<{
      member: string;
      before?: unknown;
      after?: unknown;
      secret?: true;
    }>)[];
  }>)[];
  left: readonly (Readonly<{
    kind: string;
    id: string;
  }>)[];
  by_hand: Readonly<Record<string, number>>;
  faults: readonly string[];
}>;

export type Preview = Readonly<{
  scope: readonly string[];
  access_token_format: 'jwt' | 'opaque';
  id_token: Readonly<Record<string, Readonly<{
    value: unknown;
    why: string;
  }>>> | null;
  userinfo: Readonly<Record<string, Readonly<{
    value: unknown;
    why: string;
  }>>> | null;
  access_token: Readonly<Record<string, Readonly<{
    value: unknown;
    why: string;
  }>>>;
}>;

export type Problem = Readonly<{
  type: string;
  title: string;
  status: number;
  detail: string;
  errors?: readonly (Readonly<{
    pointer?: string;
    parameter?: string;
    detail: string;
  }>)[];
  reference?: string;
}>;

export type Refusal = Readonly<{
  reference: string;
  at: string;
  rule: string;
  says: string;
  error: string;
  endpoint: string;
  client_id: string | null;
}>;

export type Resource = Readonly<{
  resource: string;
  name: string | null;
  scope: string;
  access_token_format: 'jwt' | 'opaque' | null;
  access_token_lifetime: number | null;
  source: 'file' | 'manual';
  version: number;
  created_at: string | null;
  updated_at: string | null;
}>;

export type ResourcePatch = Readonly<{
  name?: string | null;
  scope?: string | null;
  access_token_format?: 'jwt' | 'opaque' | null;
  access_token_lifetime?: number | string | null;
}>;

export type SavedClient = Readonly<{
  client_id: string;
  client_name?: string;
  client_uri?: string;
  logo_uri?: string;
  policy_uri?: string;
  tos_uri?: string;
  initiate_login_uri?: string;
  contacts?: readonly string[];
  software_id?: string;
  software_version?: string;
  application_type: 'web' | 'native';
  redirect_uris: readonly string[];
  post_logout_redirect_uris: readonly string[];
  grant_types: readonly ('authorization_code' | 'implicit' | 'refresh_token' | 'client_credentials' | 'password')[];
  response_types: readonly string[];
  scope?: string;
  token_endpoint_auth_method: 'client_secret_basic' | 'client_secret_post' | 'client_secret_jwt' | 'private_key_jwt' | 'none';
  token_endpoint_auth_signing_alg?: 'HS256' | 'ES256' | 'RS256' | 'PS256' | 'EdDSA';
  jwks?: Readonly<{
    keys: readonly (Readonly<Record<string, unknown>>)[];
  }>;
  jwks_uri?: string;
  subject_type: 'public' | 'pairwise';
  sector_identifier_uri?: string;
  id_token_signed_response_alg?: 'ES256' | 'RS256' | 'PS256' | 'EdDSA';
  userinfo_signed_response_alg?: 'ES256' | 'RS256' | 'PS256' | 'EdDSA';
  request_object_signing_alg?: 'none' | 'ES256' | 'RS256' | 'PS256' | 'EdDSA';
  require_signed_request_object?: boolean;
  backchannel_logout_uri?: string;
  backchannel_logout_session_required?: boolean;
  default_max_age?: number | string;
  require_auth_time?: boolean;
  default_acr_values?: readonly string[];
  require_pkce?: boolean;
  consent: 'remember' | 'always' | 'skip';
  resources?: readonly string[];
  introspection_audiences?: readonly string[];
  access_token_format?: 'jwt' | 'opaque';
  access_token_lifetime?: number | string;
  refresh_token_lifetime?: number | string;
  refresh_token_rotation?: 'rotate' | 'none';
  pkce_without_secret?: boolean;
  allowed_users?: readonly string[];
  description?: string;
  organization_id?: string;
  may_administer?: boolean;
  accept_token_endpoint_audience?: boolean;
  disabled?: boolean;
  source: 'file' | 'manual' | 'registration' | 'built-in';
  version: number;
  created_at: string;
  updated_at: string;
  expires_at?: string;
  previous_secret_until?: string;
  client_secret?: string;
}>;

export type Scope = Readonly<{
  scope: string;
  description: string | null;
  claims: readonly string[];
  source: 'profile' | 'resource' | 'file' | 'manual';
  version: number;
  created_at: string | null;
  updated_at: string | null;
}>;

export type ScopePatch = Readonly<{
  description?: string | null;
  claims?: readonly string[] | null;
}>;

export type Session = Readonly<{
  id: string;
  sid: string;
  sub: string;
  username: string;
  signed_in_at: string;
  last_seen_at: string;
  expires_at: string;
  user_agent: string;
  impersonator: string | null;
}>;

export type Setting = Readonly<{
  name: string;
  value: unknown;
  from: 'profile' | 'configuration' | 'stored';
  origin: string | null;
  inherited: boolean;
  writable: boolean;
}>;

export type SettingsPatch = Readonly<{
  display_name?: string | null;
  signing_algorithm?: 'ES256' | 'RS256' | 'PS256' | 'EdDSA' | null;
  access_token_format?: 'jwt' | 'opaque' | null;
  require_pkce?: boolean | null;
  consent?: 'remember' | 'always' | 'skip' | null;
  refresh_token_rotation?: 'rotate' | 'none' | null;
  sign_in_by_email?: boolean | null;
  password_reset_uri?: string | null;
  'lifetimes.authorization_code'?: number | string | null;
  'lifetimes.access_token'?: number | string | null;
  'lifetimes.id_token'?: number | string | null;
  'lifetimes.refresh_token'?: number | string | null;
  'lifetimes.refresh_token_absolute'?: number | string | null;
  'lifetimes.refresh_token_grace'?: number | string | null;
  'lifetimes.session'?: number | string | null;
  'lifetimes.session_idle'?: number | string | null;
  'lifetimes.interaction'?: number | string | null;
  'lifetimes.password_reset'?: number | string | null;
  'lifetimes.impersonation'?: number | string | null;
}>;

export type Statistics = Readonly<{
  since: string;
  until: string;
  span: 'hour' | 'day';
  items: readonly (Readonly<{
    at: string;
    counts: Readonly<Record<string, number>>;
  }>)[];
}>;

export type Tenant = Readonly<{
  name: string;
  issuer: string;
  site: string;
  sites: readonly string[];
  profile: string;
  display_name: string;
}>;

export type User = Readonly<{
  sub: string;
  username: string;
  claims: Readonly<Record<string, unknown>>;
  role: 'user' | 'admin' | 'support' | 'auditor';
  groups: readonly string[];
  disabled: boolean;
  locked: boolean;
  version: number;
  created_at: string;
  updated_at: string;
}>;

export type UserPatch = Readonly<{
  username?: string;
  claims?: Readonly<Record<string, unknown>>;
  role?: 'user' | 'admin' | 'support' | 'auditor';
  groups?: readonly string[] | null;
}>;

export type UserWithPassword = Readonly<{
  sub: string;
  username: string;
  claims: Readonly<Record<string, unknown>>;
  role: 'user' | 'admin' | 'support' | 'auditor';
  groups: readonly string[];
  disabled: boolean;
  locked: boolean;
  version: number;
  created_at: string;
  updated_at: string;
  password?: string;
}>;

export type Wanted = Readonly<{
  scopes?: readonly (Readonly<Record<string, unknown>>)[];
  resources?: readonly (Readonly<Record<string, unknown>>)[];
  clients?: readonly (Readonly<Record<string, unknown>>)[];
  groups?: readonly (Readonly<Record<string, unknown>>)[];
  users?: readonly (Readonly<Record<string, unknown>>)[];
  prune?: boolean;
}>;

export type WantedAsPlanned = Readonly<{
  scopes?: readonly (Readonly<Record<string, unknown>>)[];
  resources?: readonly (Readonly<Record<string, unknown>>)[];
  clients?: readonly (Readonly<Record<string, unknown>>)[];
  groups?: readonly (Readonly<Record<string, unknown>>)[];
  users?: readonly (Readonly<Record<string, unknown>>)[];
  prune?: boolean;
  plan: string;
}>;
