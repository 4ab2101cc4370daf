import assert from 'node:assert/strict';
import * as client from 'openid-client';
import { type Person, personAt } from '../support/person.ts';
import { REDIRECT, SECRET, type Signet, startSignet, type TestConfig } from '../support/signet.ts';
import { walk } from './walk.ts';

/** The library, set up for one client of a Signet, and a person to sign in. */
export type Application = Readonly<{ signet: Signet; config: client.Configuration; person: Person }>;
export type Wish = Readonly<{
  metadata?: Partial<client.ClientMetadata>;
  auth?: client.ClientAuth;
  client_id?: string;
}>;

/** Signet with this configuration, and the library set up for one of its clients. */
export async function application(
  t: Parameters<typeof startSignet>[0],
  keys: TestConfig = {},
  wish: Wish = {},
): Promise<Application> {
  const signet = await startSignet(t, keys);
  const config = await client.discovery(
    new URL(signet.issuer),
    wish.client_id ?? 'web-app',
    wish.metadata,
    wish.auth ?? client.ClientSecretBasic(SECRET),
    { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] },
  );
  return { signet, config, person: personAt(signet) };
}

export type CodeRequest = Readonly<{
  parameters: Record<string, string>;
  checks: client.AuthorizationCodeGrantChecks;
}>;

/** A request for a code with everything the library can check, and what it is to be checked against. */
export async function codeRequest(more: Record<string, string> = {}): Promise<CodeRequest> {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const expectedNonce = client.randomNonce();
  const parameters = {
    redirect_uri: REDIRECT,
    scope: 'openid profile email offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
    ...more,
  };
  return {
    parameters,
    checks: { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true },
  };
}

/** Signs alice in with a code. */
export async function signIn({ config, person }: Application, more: Record<string, string> = {}) {
  const { parameters, checks } = await codeRequest(more);
  const answer = await walk(person, client.buildAuthorizationUrl(config, parameters));
  return client.authorizationCodeGrant(config, answer, checks);
}

export type Tokens = Awaited<ReturnType<typeof signIn>>;

/** Everything an application does with its tokens until it throws them away. */
export async function wholeLife(app: Application, tokens: Tokens): Promise<void> {
  const { config } = app;
  const { sub = '' } = tokens.claims() ?? {};
  const person = await client.fetchUserInfo(config, tokens.access_token, sub);
  assert.equal(person.name, 'Alice Example');
  assert.equal(person.email_verified, true);
  const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
  assert.equal(renewed.claims()?.sub, sub);
  assert.notEqual(renewed.refresh_token, tokens.refresh_token);
  assert.equal((await client.fetchUserInfo(config, renewed.access_token, sub)).sub, sub);
  await client.tokenRevocation(config, renewed.refresh_token ?? '');
  await assert.rejects(client.refreshTokenGrant(config, renewed.refresh_token ?? ''), {
    error: 'invalid_grant',
  });
  await assert.rejects(client.fetchUserInfo(config, renewed.access_token, sub), { status: 401 });
}
