import type { Profile } from '../model/profile.ts';
import { OPENID_SCOPES, standard } from './standard.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const SCOPE = 'openid email profile pydio offline';

/** What the four programs of Pydio Cells have in common. */
const PROGRAM = {
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  scope: SCOPE,
  consent: 'skip',
};

const SYNC_PATHS = ['', '/', '/servers/callback'];
const OUT_OF_BAND = ['/oauth2/oob', '/oauth/oob'];
const onEverySite = (paths: readonly string[]): readonly string[] => paths.map((path) => `#binds...#${path}`);

/** Pydio Cells: the manners of its OpenID Connect service, and those of its programs. */
export const cells: Profile = {
  ...standard,
  name: 'cells',
  issuer_path: '/oidc',
  paths: {
    ...standard.paths,
    authorization: ['/oidc/oauth2/auth'],
    token: ['/oidc/oauth2/token'],
    userinfo: ['/oidc/userinfo'],
    jwks: ['/oidc/.well-known/jwks.json'],
    introspection: [],
    revocation: ['/oidc/oauth2/revoke'],
    end_session: ['/oidc/oauth2/sessions/logout'],
    check_session: [],
    login: ['/oauth2/login', '/login'],
    select_account: ['/oauth2/select-account'],
    consent: ['/oauth2/consent'],
    signed_out: ['/oauth2/logout/callback', '/oauth2/logout', '/logout'],
    out_of_band: OUT_OF_BAND,
  },
  interaction: {
    login: { parameter: 'login_challenge', beside: {} },
    select_account: { parameter: 'login_challenge', beside: {} },
    consent: { parameter: 'consent_challenge', beside: {} },
  },
  lifetimes: {
    ...standard.lifetimes,
    authorization_code: 10 * MINUTE,
    access_token: 10 * MINUTE,
    id_token: HOUR,
    refresh_token: 60 * DAY,
    interaction: 30 * MINUTE,
    password_reset: 20 * MINUTE,
  },
  signing_algorithm: 'RS256',
  surfaces: ['cells'],
  require_pkce: false,
  consent: 'skip',
  offline_scopes: ['offline', 'offline_access'],
  scope_claims: {
    ...OPENID_SCOPES,
    openid: ['name', 'authSource'],
    pydio: [],
    offline: [],
  },
  // The programs show `name` as the login, and read it from the ID token.
  user_claims: { name: { fact: 'username' }, authSource: { constant: 'pydio' } },
  redirects: {
    ...standard.redirects,
    localhost_any_port: false,
    dotted_schemes: false,
    placeholders: {
      '#default_bind#': 'site',
      '#binds...#': 'every_site',
      '#insecure_binds...#': 'every_insecure_site',
      'http://serverName': 'every_site',
      serverName: 'host',
    },
  },
  requests: { ...standard.requests, state_required: true, state_least: 8, nonce_least: 8 },
  answers: { empty_state: false, scope: true, session_state: 'never' },
  tokens: {
    ...standard.tokens,
    claims_in_tokens: [],
    token_type: 'bearer',
    scope_claims_in_id_token: true,
    id_token_claims: { jti: { fact: 'token_id' } },
    // The mobile programs read `aud` as a list and nothing else.
    id_token_audience_form: 'list',
  },
  status_code_in_errors: true,
  wording: {
    'state.missing': { error: 'invalid_state' },
    'state.too-short': { error: 'invalid_state' },
    'nonce.missing': { error: 'insufficient_entropy' },
    'nonce.too-short': { error: 'insufficient_entropy' },
    'pkce.verifier-malformed': { error: 'invalid_grant' },
    'refresh-token.replayed': { error: 'token_inactive', status: 401 },
  },
  // The lock takes the place of the waits.
  attempts: {
    ...standard.attempts,
    account: { ...standard.attempts.account, free: 1_000_000 },
    lock_after: 10,
  },
  personal_token_kind: 'cells',
  client_file: 'cells',
  vanished_clients: 'remove',
  default_clients: [
    {
      ...PROGRAM,
      client_id: 'cells-frontend',
      client_name: 'CellsFrontend Application',
      redirect_uris: ['#default_bind#/auth/callback'],
      post_logout_redirect_uris: ['#default_bind#/auth/logout'],
      refresh_token_lifetime: 2 * HOUR,
    },
    {
      ...PROGRAM,
      client_id: 'cells-sync',
      client_name: 'CellsSync Application',
      redirect_uris: SYNC_PATHS.flatMap((path) => [
        `http://localhost:3000${path}`,
        `http://localhost:[3636-3666]${path}`,
      ]),
    },
    {
      ...PROGRAM,
      client_id: 'cells-client',
      client_name: 'Cells Client CLI Tool',
      redirect_uris: [
        'http://localhost:3000/servers/callback',
        'http://localhost:3636',
        ...onEverySite(OUT_OF_BAND),
      ],
    },
    {
      ...PROGRAM,
      client_id: 'cells-mobile',
      client_name: 'Mobile Applications',
      redirect_uris: ['cellsauth://callback', 'cellsauth://serverName'],
    },
  ],
};
