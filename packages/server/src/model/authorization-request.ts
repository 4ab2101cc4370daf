import type { ResponseType } from './client.ts';

export const PROMPTS = ['none', 'login', 'consent', 'select_account'] as const;
export type Prompt = (typeof PROMPTS)[number];

export const RESPONSE_MODES = ['query', 'fragment', 'form_post'] as const;
export type ResponseMode = (typeof RESPONSE_MODES)[number];

/** One member of the `claims` parameter (OIDC Core §5.5.1). */
export type ClaimRequest = Readonly<{ essential?: boolean; value?: unknown; values?: readonly unknown[] }>;

/** The `claims` parameter (OIDC Core §5.5): null asks for the claim in the default manner. */
export type ClaimsRequest = Readonly<{
  userinfo?: Readonly<Record<string, ClaimRequest | null>>;
  id_token?: Readonly<Record<string, ClaimRequest | null>>;
}>;

/** A checked authorization request: everything the engine will look at, and nothing else of what was sent. */
export type AuthorizationRequest = Readonly<{
  client_id: string;
  redirect_uri: string;
  /** Whether the client sent it, and so has to send it again with the code (RFC 6749 §4.1.3). */
  redirect_uri_sent: boolean;
  response_type: ResponseType;
  response_mode: ResponseMode;
  scope: readonly string[];
  resources: readonly string[];
  state?: string;
  nonce?: string;
  prompt: readonly Prompt[];
  /** Seconds. */
  max_age?: number;
  login_hint?: string;
  /** The `sub` that a valid id_token_hint named, as the client knows it. */
  hinted_sub?: string;
  ui_locales?: string;
  acr_values: readonly string[];
  display?: string;
  claims: ClaimsRequest;
  code_challenge?: string;
}>;
