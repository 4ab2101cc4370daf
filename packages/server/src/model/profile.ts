import type {
  AccessTokenFormat,
  ClientMetadata,
  ConsentPolicy,
  RefreshRotation,
  SigningAlgorithm,
} from './client.ts';

/** Everything a server can be asked for over HTTP; a profile says under which paths. */
export const ENDPOINTS = [
  'authorization',
  'token',
  'userinfo',
  'jwks',
  'introspection',
  'revocation',
  'end_session',
  'check_session',
  'login',
  'select_account',
  'consent',
  'signed_out',
  'setup',
  'home',
] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** Seconds. */
export type Lifetimes = Readonly<{
  authorization_code: number;
  access_token: number;
  id_token: number;
  /** From the last use of the line. */
  refresh_token: number;
  /** From the sign-in, however often the line is used. */
  refresh_token_absolute: number;
  /** How long the same old refresh token gets the same successor. */
  refresh_token_grace: number;
  session: number;
  session_idle: number;
  /** How long a sign-in or consent page may stay open. */
  interaction: number;
}>;

/** A provider's character as data: what differs between one system and another, and nothing else. */
export type Profile = Readonly<{
  name: string;
  /** Paths below the issuer; the first one is advertised, the others are answered alike. */
  paths: Readonly<Record<Endpoint, readonly string[]>>;
  lifetimes: Lifetimes;
  signing_algorithm: SigningAlgorithm;
  access_token_format: AccessTokenFormat;
  require_pkce: boolean;
  consent: ConsentPolicy;
  refresh_token_rotation: RefreshRotation;
  /** Scopes that make a refresh token part of the answer. */
  offline_scopes: readonly string[];
  /** Scope value to the claims it opens (OIDC Core §5.4). */
  scope_claims: Readonly<Record<string, readonly string[]>>;
  /** Where the claims of scopes are given when the client also gets an access token. */
  scope_claims_in_id_token: boolean;
  localhost_any_port: boolean;
  /** Whether any address on this machine is a good redirect, registered or not: for throw-away servers of developers alone. */
  any_loopback_redirect: boolean;
  token_type: 'Bearer' | 'bearer';
  default_clients: readonly ClientMetadata[];
}>;
