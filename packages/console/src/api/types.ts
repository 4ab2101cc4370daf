/** A page of a list; `next` leads to the following one. */
export type Page<Item> = Readonly<{ items: readonly Item[]; next: string | null }>;

export type Client = Readonly<{
  client_id: string;
  client_name?: string;
  client_uri?: string;
  policy_uri?: string;
  tos_uri?: string;
  description?: string;
  application_type: 'web' | 'native';
  redirect_uris: readonly string[];
  post_logout_redirect_uris: readonly string[];
  grant_types: readonly string[];
  response_types: readonly string[];
  scope?: string;
  token_endpoint_auth_method: string;
  backchannel_logout_uri?: string;
  id_token_signed_response_alg?: string;
  initiate_login_uri?: string;
  require_pkce?: boolean;
  consent: 'remember' | 'always' | 'skip';
  resources?: readonly string[];
  access_token_format?: 'jwt' | 'opaque';
  access_token_lifetime?: number;
  refresh_token_lifetime?: number;
  default_max_age?: number;
  allowed_users?: readonly string[];
  disabled?: boolean;
  source?: string;
  version: number;
  created_at: string;
  updated_at: string;
}>;

/** What can be said of a client when it is registered or changed. */
export type ClientDraft = Readonly<
  Partial<Record<keyof Client | 'client_secret', string | number | boolean | readonly string[] | null>>
>;

/** A client as the answer that made it tells it: the secret is in no other answer. */
export type CreatedClient = Client & Readonly<{ client_secret?: string }>;

export type User = Readonly<{
  sub: string;
  username: string;
  claims: Readonly<Record<string, unknown>>;
  role: Role;
  groups?: readonly string[];
  disabled: boolean;
  locked: boolean;
  created_at: string;
  updated_at: string;
  version?: number;
}>;

export type Role = 'user' | 'auditor' | 'support' | 'admin';

/** Who calls, and what token, registration and role open together. */
export type Me = Readonly<{
  sub: string | null;
  username: string | null;
  role: Role | null;
  permissions: readonly string[];
}>;

export type Session = Readonly<{
  id: string;
  sid: string;
  sub?: string;
  username?: string;
  signed_in_at: string;
  last_seen_at: string;
  expires_at: string;
  user_agent: string;
  current?: boolean;
}>;

export type Consent = Readonly<{
  client_id: string | null;
  client_name?: string;
  scope: string;
  granted_at: string;
}>;

export type Refusal = Readonly<{
  reference: string;
  at: string;
  rule: string;
  error: string;
  endpoint: string;
  client_id: string | null;
  facts?: Readonly<Record<string, unknown>>;
  says?: string;
  fix?: string;
  spec?: string;
  differences?: readonly string[];
  setting?: Readonly<{ name: string; value: unknown; of: 'client' | 'provider' }>;
}>;

export type AuditEvent = Readonly<{
  id: number | string;
  at: string;
  action: string;
  actor: string;
  subject: string;
  client_id: string | null;
  network: string | null;
  request_id: string | null;
  facts: Readonly<Record<string, unknown>>;
}>;

export type SigningKey = Readonly<{
  kid: string;
  alg: string;
  state: 'next' | 'current' | 'former';
  published_at: string;
  active_from: string;
  retire_at?: string;
}>;
