import type { Profile } from '../model/profile.ts';
import { OPENID_SCOPES, standard } from './standard.ts';

const DAY = 86_400;

/** The object type that UserClouds gives to users. */
const USER_TYPE = '1bf2b775-e521-41d3-8b7e-78e89427e6fe';

/** UserClouds: the manners of its service for authentication. */
export const userclouds: Profile = {
  ...standard,
  name: 'userclouds',
  paths: {
    ...standard.paths,
    authorization: ['/oidc/authorize', '/authorize', '/oauth/authorize'],
    token: ['/oidc/token', '/oauth/token'],
    userinfo: ['/oidc/userinfo', '/userinfo', '/oauth/userinfo'],
    jwks: ['/.well-known/jwks.json'],
    introspection: [],
    revocation: [],
    end_session: ['/oidc/logout'],
    check_session: [],
    login: ['/plexui/login'],
    select_account: ['/plexui/select-account'],
    consent: ['/plexui/consent'],
    signed_out: ['/plexui/signed-out'],
  },
  // `/login` there is for pages of an operator's own, which post JSON.
  surfaces: ['userclouds'],
  interaction: {
    login: { parameter: 'session_id', beside: {} },
    select_account: { parameter: 'session_id', beside: {} },
    consent: { parameter: 'session_id', beside: {} },
  },
  lifetimes: {
    ...standard.lifetimes,
    access_token: DAY,
    id_token: DAY,
    refresh_token: 30 * DAY,
  },
  signing_algorithm: 'RS256',
  grant_types: [...standard.grant_types, 'password'],
  require_pkce: false,
  consent: 'skip',
  scope_claims: {
    ...OPENID_SCOPES,
    openid: ['organization_id'],
  },
  user_claims: { nickname: { first: [{ claim: 'nickname' }, { fact: 'username' }] } },
  redirects: { ...standard.redirects, localhost_any_port: false, dotted_schemes: false },
  requests: {
    ...standard.requests,
    state_required: true,
    openid_required: true,
    challenge_without_code: 'refuse',
    state_remembered: true,
  },
  answers: { empty_state: false, scope: false, session_state: 'never' },
  tokens: {
    ...standard.tokens,
    claims_in_tokens: [],
    scope_claims_in_id_token: true,
    id_token_audience: ['client', 'issuer'],
    id_token_claims: {
      subject_type: { constant: '_user' },
      impersonated_by: { fact: 'impersonator' },
    },
    access_token_claims: {
      subject_type: { constant: USER_TYPE },
      organization_id: { claim: 'organization_id' },
      impersonated_by: { fact: 'impersonator' },
    },
    service_token_claims: {
      subject_type: { constant: '_login_app' },
      organization_id: { fact: 'client_organization' },
    },
    service_subject: 'uuid',
    service_userinfo: {
      sub: { fact: 'client_id' },
      name: { fact: 'client_name' },
      subject_type: { constant: 'client' },
    },
    refresh_token: 'always',
    verifier_attempts: 'one',
    audience_parameter: true,
  },
  home_names_address: true,
  wording: {
    'password.wrong': { says: 'Incorrect username or password' },
    'password.wait': { error: 'access_denied', says: 'call volume exceeded', status: 403 },
    'access.restricted': { says: 'You are not permitted to login to this app', status: 403 },
    'client.grant-type': { says: 'This application is not authorized to use this grant type.' },
  },
  attempts: {
    // The tenth failure in a row makes the account wait, the hundredth the network.
    account: { free: 9, unit: 1000, doublings: 6, forgetAfter: 1000 * DAY },
    network: { free: 99, unit: 60_000, doublings: 0, forgetAfter: 1000 * DAY },
    lock_after: null,
  },
  default_clients: [
    {
      client_name: 'Default Application',
      redirect_uris: ['http://localhost:8080/callback'],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    },
  ],
};
