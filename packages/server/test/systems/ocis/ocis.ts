import { createHash, randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Surroundings } from '../../../src/app.ts';
import { type Address, type Answered, type Parameters, post } from '../../support/person.ts';
import { type Ending, type Signet, startSignet, type TestConfig } from '../../support/signet.ts';

/** Where the system has what other providers have elsewhere. */
const PATHS: Readonly<Record<string, string>> = {
  '/authorize': '/signin/v1/identifier/_/authorize',
  '/token': '/konnect/v1/token',
  '/userinfo': '/konnect/v1/userinfo',
  '/jwks': '/konnect/v1/jwks.json',
  '/logout': '/signin/v1/identifier/_/endsession',
};

/** The published programs. */
export type Program = Readonly<{ client_id: string; client_secret: string; redirect_uri: string }>;

export const DESKTOP: Program = {
  client_id: 'xdXOt13JKxym1B1QcEncf2XDkLAexMBFwiT9j6EfhhHFJhs2KM9jbjTmf8JBXE69',
  client_secret: 'UBntmLjC2yYCeHwsyj73Uwo9TAaecAetRwMw0xYcvNL9yRdLSUi0hUAHfvCHFeFh',
  redirect_uri: 'http://127.0.0.1:38123',
};
export const ANDROID: Program = {
  client_id: 'e4rAsNUSIUs0lF4nbv9FmCeUkTlV9GdgTLDH1b5uie7syb90SzEVrbN7HIpmWJeD',
  client_secret: 'dInFYGV33xKzhbRmpqQltYNdfLdJIfJ9L5ISoKhNoT9qZftpdWSP71VrpGR9pmoD',
  redirect_uri: 'oc://android.owncloud.com',
};
export const IOS: Program = {
  client_id: 'mxd5OQDk6es5LzOzRvidJNfXLUZS2oN3oUFeXPP8LpPrhx3UroJFduGEYIBOxkY1',
  client_secret: 'KFeFWWEZO9TkisIQzR3fo7hfiMXlOpaqP8CFuTbSHzV1TUuGECglPxpiVKJfOXIx',
  redirect_uri: 'oc://ios.owncloud.com',
};

/** What all programs that people install ask for. */
export const NATIVE_SCOPE = 'openid offline_access email profile';

/** Starts Signet as the identity provider of ownCloud Infinite Scale; the web client's pages are on the same origin. */
export async function startOcis(
  t: Ending | TestContext,
  config: TestConfig = {},
  over: Partial<Surroundings> = {},
): Promise<Signet & Address> {
  const signet = await startSignet(t, { profile: 'ocis', clients: [], ...config }, over);
  const own = ['/', '/oidc-callback.html', '/oidc-silent-redirect.html'].map((path) => signet.issuer + path);
  return {
    ...signet,
    url: (path) => signet.issuer + (PATHS[path] ?? path),
    isClients: (location) => own.includes(location.replace(/[?#].*$/s, '')),
  };
}

/** An authorization request of the desktop program, or of another one. */
export const ask = (over: Parameters = {}, { client_id, redirect_uri } = DESKTOP): Parameters => ({
  client_id,
  redirect_uri,
  response_type: 'code',
  scope: NATIVE_SCOPE,
  state: 'state-of-the-client',
  nonce: 'nonce-of-the-client',
  ...over,
});

/** The request of the web client. */
export const askWeb = (signet: Signet, over: Parameters = {}): Parameters =>
  ask(over, { client_id: 'web', redirect_uri: `${signet.issuer}/oidc-callback.html`, client_secret: '' });

export const header = ({ client_id, client_secret }: Program): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`,
});

/** Redeems a code with id and secret in the form. */
export const redeem = (
  signet: Address,
  code: string | undefined,
  over: Parameters = {},
  program = DESKTOP,
): Promise<Answered> =>
  post(signet.url('/token'), { grant_type: 'authorization_code', code: code ?? '', ...program, ...over });

/** Refreshes in the same manner. */
export const renew = (
  signet: Address,
  refresh_token: unknown,
  over: Parameters = {},
  { client_id, client_secret } = DESKTOP,
): Promise<Answered> =>
  post(signet.url('/token'), {
    grant_type: 'refresh_token',
    refresh_token: String(refresh_token),
    client_id,
    client_secret,
    ...over,
  });

/** A verifier of so many characters with its challenge. */
export function verifierOf(characters: number): { code_verifier: string; code_challenge: string } {
  const code_verifier = randomBytes(characters).toString('base64url').slice(0, characters);
  return {
    code_verifier,
    code_challenge: createHash('sha256').update(code_verifier).digest('base64url'),
  };
}
