import type { AttemptRules } from './attempt-rules.ts';
import type { ClaimSources } from './claim-source.ts';
import type {
  AccessTokenFormat,
  ConsentPolicy,
  GrantType,
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
  'registration',
  'end_session',
  'check_session',
  'login',
  'select_account',
  'consent',
  'signed_out',
  'out_of_band',
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
  /** How long what was sent to reset a password is good. */
  password_reset: number;
  /** How long an administrator acts as somebody else, with everything that comes of it. */
  impersonation: number;
}>;

/** What one system says differently from the words of `oauth/rules.ts`: the registered error, the sentence, the HTTP status. */
export type Wording = Readonly<{ error?: string; says?: string; status?: number }>;

/** What a redirect URI may say in the place of an address, and what it stands for. */
export type RedirectPlaceholder = 'site' | 'every_site' | 'every_insecure_site' | 'host';

/** What the comparison of redirect URIs leaves open (RFC 8252 §7.3), and what may be registered. */
export type RedirectManners = Readonly<{
  /** Whether `localhost` of a native application has the freedom of port that the loopback addresses have. */
  localhost_any_port: boolean;
  /** Whether 127.0.0.1, [::1] and localhost stand for each other in a native application. */
  loopback_hosts_alike: boolean;
  /** Whether a native application's loopback address without a path may be asked for with any path. */
  loopback_any_path: boolean;
  /** Whether any address on this machine is a good redirect, registered or not: for throw-away servers of developers alone. */
  any_loopback: boolean;
  /**
   * Whether web applications are held to https, and native ones to private schemes and loopback http (OIDC Registration §2,
   * application_type).
   */
  by_application_type: boolean;
  /** Whether a private scheme needs a dot (RFC 8252 §7.1). */
  dotted_schemes: boolean;
  /** Replaced when a client is registered; what results is compared exactly. */
  placeholders: Readonly<Record<string, RedirectPlaceholder>>;
}>;

/** Rules for authorization requests beyond those of OAuth and OpenID Connect. */
export type RequestManners = Readonly<{
  state_required: boolean;
  /** Characters that a state must have at least; 0 lets it be absent. */
  state_least: number;
  /** Characters that a nonce must have at least where one is required. */
  nonce_least: number;
  openid_required: boolean;
  /** What a code_challenge without a method is (RFC 7636 §4.3 says plain, which is never accepted). */
  challenge_method_default: 'plain' | 'S256';
  /** Whether a code_challenge is refused with a response type that yields no code, or goes unheeded. */
  challenge_without_code: 'refuse' | 'ignore';
  /** Whether a grant remembers the state it was asked for with, for a surface that answers the client once more. */
  state_remembered: boolean;
  /** Parameters that may name the person who is to sign in; the first one sent counts. */
  login_hints: readonly string[];
}>;

/** How an application's wish to sign out is taken (OIDC RP-Initiated Logout §2). */
export type LogoutManners = Readonly<{
  /** Whose valid hint ends the session at once: any application's, or only that of one which needs no consent. */
  without_asking: 'any_client' | 'trusted_client';
  /** Where all others are asked; where that is not the end-session endpoint, it leads there. */
  asks_at: 'end_session' | 'signed_out';
}>;

/** What answers of the authorization endpoint carry beyond the registered parameters. */
export type AnswerManners = Readonly<{
  /** `state=` also where none was sent. */
  empty_state: boolean;
  /** The granted scope beside a code. */
  scope: boolean;
  /** With every answer, with those to OpenID Connect requests, or never (OIDC Session Management §3). */
  session_state: 'always' | 'openid' | 'never';
}>;

/** What tokens carry, and for whom they are. */
export type TokenManners = Readonly<{
  token_type: 'Bearer' | 'bearer';
  /** Where the claims of scopes are given when the client also gets an access token. */
  scope_claims_in_id_token: boolean;
  /** Claims that scopes open and that every ID token and access token tells beside userinfo (RFC 9068 §2.2.3.1). */
  claims_in_tokens: readonly string[];
  /** Claims of every ID token beside the protocol's. */
  id_token_claims: ClaimSources;
  id_token_audience: readonly ('client' | 'issuer')[];
  /** How an audience of one alone is written: programs exist that read only one of the two (RFC 7519 §4.1.3). */
  id_token_audience_form: 'text' | 'list';
  /** Claims of access tokens for a person, and of those a service has for itself. */
  access_token_claims: ClaimSources;
  service_token_claims: ClaimSources;
  /** For whom an access token is when no resource is asked for. */
  access_token_audience: 'issuer' | 'client';
  /** Who a service is in its own tokens: its client_id (RFC 9068 §2.2), or a UUID that no other client ever has. */
  service_subject: 'client_id' | 'uuid';
  /** What userinfo says to a service of itself; it is refused where nothing is named. */
  service_userinfo: ClaimSources;
  /** Whether a refresh token has to be asked for with an offline scope, or comes with every code of a client that may have one. */
  refresh_token: 'offline_scope' | 'always';
  /** Whether a code is over with the first verifier that does not fit. */
  verifier_attempts: 'one' | 'any';
  /** Whether a code is worth an ID token too when one came in front of it (OIDC Core §3.3.3.3 says so). */
  second_id_token: boolean;
  /** Whether a service may name any absolute URI in the repeatable parameter `audience`, which the issuer is added to. */
  audience_parameter: boolean;
}>;

/** A provider's character as data: what differs between one system and another, and nothing else. */
export type Profile = Readonly<{
  name: string;
  /** What the issuer ends with beyond the address of the site, such as `/oidc`; empty where they are the same. */
  issuer_path: string;
  /** Paths below the site; the first one is advertised, the others are answered alike. None: there is no such endpoint. */
  paths: Readonly<Record<Endpoint, readonly string[]>>;
  /** Names of further surfaces that are served, none of them OAuth (`systems/surfaces.ts`). */
  surfaces: readonly string[];
  /** Under which name the pages carry the request that waits for the person, and what they say beside it. */
  interaction: Readonly<Record<'login' | 'select_account' | 'consent', InteractionQuery>>;
  lifetimes: Lifetimes;
  signing_algorithm: SigningAlgorithm;
  /** Identifier of the first key of the signing algorithm; all others are made at random. Undefined: it, too. */
  first_kid: string | undefined;
  jwks_media_type: string;
  access_token_format: AccessTokenFormat;
  grant_types: readonly GrantType[];
  require_pkce: boolean;
  consent: ConsentPolicy;
  refresh_token_rotation: RefreshRotation;
  /** Scopes that make a refresh token part of the answer. */
  offline_scopes: readonly string[];
  /** Scope value to the claims it opens (OIDC Core §5.4). */
  scope_claims: Readonly<Record<string, readonly string[]>>;
  /** Claims of a person that are computed, over those of the record. */
  user_claims: ClaimSources;
  redirects: RedirectManners;
  requests: RequestManners;
  answers: AnswerManners;
  logout: LogoutManners;
  tokens: TokenManners;
  /** Whether error answers repeat their HTTP status in the member `status_code`. */
  status_code_in_errors: boolean;
  /** Whether the page for somebody who came without a request names the address of the provider. */
  home_names_address: boolean;
  /** By the names of rules in `oauth/rules.ts`. */
  wording: Readonly<Record<string, Wording>>;
  attempts: AttemptRules;
  /** Whether an e-mail address that one person alone has does for the login name. */
  sign_in_by_email: boolean;
  /** The kind of personal token that programs of the system take in the place of a password; undefined where they take none. */
  personal_token_kind: string | undefined;
  /** Name of the reader of a file with clients in the system's own form, which then replace the default ones (`systems/client-files.ts`). */
  client_file: string | undefined;
  /** What becomes at start of clients that a configuration file once brought and has no more. */
  vanished_clients: 'keep' | 'remove';
  /** Client metadata as in a configuration file. */
  default_clients: readonly Readonly<Record<string, unknown>>[];
}>;

/** The parameter that holds the sealed request, and constant ones beside it. */
export type InteractionQuery = Readonly<{
  parameter: string;
  beside: Readonly<Record<string, string>>;
  /** Whether what the application asked for stands there too, for people and proxies to see; nothing reads it. */
  repeats_request?: true;
}>;
