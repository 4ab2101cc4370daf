import { RESPONSE_TYPES } from '../model/client.ts';
import type { Profile } from '../model/profile.ts';
import { OPENID_SCOPES, standard } from './standard.ts';

const MINUTE = 60;
const DAY = 86_400;

/** What the programs that people install have in common. Their secrets are published: these name a program and prove nothing. */
const NATIVE = {
  application_type: 'native',
  grant_types: ['authorization_code', 'refresh_token', 'implicit'],
  response_types: RESPONSE_TYPES,
  // Unsigned ones say no more than the query would.
  request_object_signing_alg: 'none',
  consent: 'always',
};

const SIGN_IN = '/signin/v1';
const KONNECT = '/konnect/v1';

/** ownCloud Infinite Scale: the manners of its built-in identity provider. */
export const ocis: Profile = {
  ...standard,
  name: 'ocis',
  paths: {
    ...standard.paths,
    authorization: [`${SIGN_IN}/identifier/_/authorize`],
    token: [`${KONNECT}/token`],
    userinfo: [`${KONNECT}/userinfo`],
    jwks: [`${KONNECT}/jwks.json`],
    introspection: [],
    revocation: [],
    registration: [`${KONNECT}/register`],
    end_session: [`${SIGN_IN}/identifier/_/endsession`],
    check_session: [`${KONNECT}/session/check-session.html`],
    login: [`${SIGN_IN}/identifier`],
    select_account: [`${SIGN_IN}/chooseaccount`],
    consent: [`${SIGN_IN}/consent`],
    signed_out: [`${SIGN_IN}/goodbye`],
    home: ['/', `${SIGN_IN}/welcome`],
  },
  surfaces: ['ocis'],
  interaction: {
    login: { parameter: 'interaction', beside: { flow: 'oidc' }, repeats_request: true },
    select_account: { parameter: 'interaction', beside: { flow: 'oidc' }, repeats_request: true },
    consent: { parameter: 'interaction', beside: { flow: 'consent' }, repeats_request: true },
  },
  lifetimes: {
    ...standard.lifetimes,
    authorization_code: 2 * MINUTE,
    access_token: 5 * MINUTE,
    id_token: 5 * MINUTE,
    refresh_token: 30 * DAY,
  },
  signing_algorithm: 'PS256',
  first_kid: 'private-key',
  jwks_media_type: 'application/jwk-set+json',
  require_pkce: false,
  consent: 'always',
  // Phones and desktops repeat a refresh long after its answer was lost.
  refresh_token_rotation: 'none',
  scope_claims: {
    ...OPENID_SCOPES,
    // What a person may do at the file server, and where, when it asks the provider for it.
    profile: [...(OPENID_SCOPES['profile'] ?? []), 'roles', 'groups'],
    'LibgreGraph.UUID': ['lg.uuid'],
    'LibreGraph.RawSub': [],
  },
  user_claims: {
    'lg.uuid': { fact: 'sub' },
    email_verified: { first: [{ claim: 'email_verified' }, { constant: false }] },
  },
  redirects: {
    ...standard.redirects,
    localhost_any_port: true,
    loopback_hosts_alike: true,
    loopback_any_path: true,
    by_application_type: true,
    dotted_schemes: false,
    placeholders: { '{{OCIS_URL}}': 'every_site' },
  },
  requests: {
    ...standard.requests,
    challenge_method_default: 'S256',
    login_hints: ['login_hint', 'user'],
  },
  answers: { empty_state: true, scope: true, session_state: 'always' },
  logout: { without_asking: 'trusted_client', asks_at: 'signed_out' },
  tokens: {
    ...standard.tokens,
    claims_in_tokens: [],
    second_id_token: false,
    access_token_audience: 'client',
    access_token_claims: {
      'lg.t': { constant: '1' },
      'lg.i': {
        members: { id: { fact: 'sub' }, un: { fact: 'username' }, dn: { fact: 'display_name' } },
      },
      'lg.p': { constant: 'identifier-ldap' },
      scp: { fact: 'scope' },
      // The file server remembers it, to know whom a back-channel logout is about.
      sid: { fact: 'sid' },
    },
  },
  wording: {
    'nonce.missing': { says: 'nonce is required for implicit flow' },
    'consent.required': { error: 'interaction_required', says: 'consent required' },
    'consent.denied': { says: 'consent denied' },
  },
  client_file: 'ocis',
  // The file is the register: what is not in it is no client.
  vanished_clients: 'remove',
  default_clients: [
    {
      client_id: 'web',
      client_name: 'ownCloud Web app',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token', 'implicit'],
      response_types: NATIVE.response_types,
      redirect_uris: [
        '{{OCIS_URL}}/',
        '{{OCIS_URL}}/oidc-callback.html',
        '{{OCIS_URL}}/oidc-silent-redirect.html',
      ],
      post_logout_redirect_uris: ['{{OCIS_URL}}/'],
      request_object_signing_alg: NATIVE.request_object_signing_alg,
      consent: 'skip',
    },
    {
      ...NATIVE,
      client_id: 'xdXOt13JKxym1B1QcEncf2XDkLAexMBFwiT9j6EfhhHFJhs2KM9jbjTmf8JBXE69',
      client_secret: 'UBntmLjC2yYCeHwsyj73Uwo9TAaecAetRwMw0xYcvNL9yRdLSUi0hUAHfvCHFeFh',
      client_name: 'ownCloud desktop app',
      redirect_uris: ['http://127.0.0.1', 'http://localhost'],
    },
    {
      ...NATIVE,
      client_id: 'e4rAsNUSIUs0lF4nbv9FmCeUkTlV9GdgTLDH1b5uie7syb90SzEVrbN7HIpmWJeD',
      client_secret: 'dInFYGV33xKzhbRmpqQltYNdfLdJIfJ9L5ISoKhNoT9qZftpdWSP71VrpGR9pmoD',
      client_name: 'ownCloud Android app',
      redirect_uris: ['oc://android.owncloud.com'],
    },
    {
      ...NATIVE,
      client_id: 'mxd5OQDk6es5LzOzRvidJNfXLUZS2oN3oUFeXPP8LpPrhx3UroJFduGEYIBOxkY1',
      client_secret: 'KFeFWWEZO9TkisIQzR3fo7hfiMXlOpaqP8CFuTbSHzV1TUuGECglPxpiVKJfOXIx',
      client_name: 'ownCloud iOS app',
      redirect_uris: ['oc://ios.owncloud.com', 'oc.ios://ios.owncloud.com'],
    },
  ],
};
