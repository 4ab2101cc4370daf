import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import * as oauth from 'oauth4webapi';
import { type Person, personAt } from '../support/person.ts';
import { REDIRECT, SECRET, type Signet, startSignet, type TestConfig, WEB_APP } from '../support/signet.ts';
import { walk, walkToPost } from './walk.ts';

const PLAIN = { [oauth.allowInsecureRequests]: true };
const API = 'https://api.example.com';
const client: oauth.Client = { client_id: 'web-app' };
const asWebApp = oauth.ClientSecretBasic(SECRET);

const CONFIG: TestConfig = {
  resources: [{ resource: API, name: 'Orders', scope: 'orders:read' }],
  scopes: [{ scope: 'orders:read', description: 'See your orders' }],
  clients: [{ ...WEB_APP, scope: `${WEB_APP.scope} orders:read` }],
};

type Provider = Readonly<{ signet: Signet; as: oauth.AuthorizationServer; person: Person }>;

/** Signet, and what its discovery document says of it. */
async function discover(
  t: TestContext,
  config = CONFIG,
  algorithm: 'oidc' | 'oauth2' = 'oidc',
): Promise<Provider> {
  const signet = await startSignet(t, config);
  const issuer = new URL(signet.issuer);
  const response = await oauth.discoveryRequest(issuer, { ...PLAIN, algorithm });
  return { signet, as: await oauth.processDiscoveryResponse(issuer, response), person: personAt(signet) };
}

type Asked = Readonly<{ link: URL; verifier: string; state: string; nonce: string }>;

async function ask({ as }: Provider, more: Record<string, string> = {}): Promise<Asked> {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  const link = new URL(as.authorization_endpoint ?? '');
  link.search = new URLSearchParams({
    client_id: 'web-app',
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: 'openid profile email offline_access',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...more,
  }).toString();
  return { link, verifier, state, nonce };
}

async function redeem({ as }: Provider, parameters: URLSearchParams, { verifier, nonce }: Asked) {
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    asWebApp,
    parameters,
    REDIRECT,
    verifier,
    PLAIN,
  );
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
    expectedNonce: nonce,
    requireIdToken: true,
  });
  await oauth.validateApplicationLevelSignature(as, response, PLAIN);
  return tokens;
}

async function signIn(provider: Provider, more: Record<string, string> = {}) {
  const asked = await ask(provider, more);
  const answer = await walk(provider.person, asked.link);
  return redeem(provider, oauth.validateAuthResponse(provider.as, client, answer, asked.state), asked);
}

const introspect = async (as: oauth.AuthorizationServer, token: string) =>
  oauth.processIntrospectionResponse(
    as,
    client,
    await oauth.introspectionRequest(as, client, asWebApp, token, PLAIN),
  );

/** A request to an API with a token. */
const withToken = (token: string): Request =>
  new Request('https://api.example.com/orders', { headers: { authorization: `Bearer ${token}` } });

test('oauth4webapi reads the metadata of OIDC Discovery and of RFC 8414 alike', async (t) => {
  const { signet, as } = await discover(t);
  const issuer = new URL(signet.issuer);
  const response = await oauth.discoveryRequest(issuer, { ...PLAIN, algorithm: 'oauth2' });
  assert.deepEqual(await oauth.processDiscoveryResponse(issuer, response), as);
});

for (const algorithm of ['oidc', 'oauth2'] as const) {
  test(`oauth4webapi finds the metadata of an issuer with a path, the ${algorithm} way (RFC 8414 §3)`, async (t) => {
    const provider = await discover(t, { ...CONFIG, issuer_path: '/tenants/one' }, algorithm);
    assert.equal(provider.as.issuer, provider.signet.issuer);
    assert.ok((await signIn(provider)).access_token);
  });
}

test('oauth4webapi signs in with code and PKCE and reads userinfo (OIDC Core §3.1)', async (t) => {
  const provider = await discover(t);
  const tokens = await signIn(provider);
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  const response = await oauth.userInfoRequest(provider.as, client, tokens.access_token, PLAIN);
  const person = await oauth.processUserInfoResponse(provider.as, client, claims?.sub ?? '', response);
  assert.equal(person.email, 'alice@example.com');
});

test('oauth4webapi takes code and ID token together, as fragment and form post (OIDC Core §3.3)', async (t) => {
  const provider = await discover(t);
  const { as, person } = provider;
  for (const mode of ['fragment', 'form_post']) {
    const asked = await ask(provider, { response_type: 'code id_token', response_mode: mode });
    const answer =
      mode === 'form_post' ? await walkToPost(person, asked.link) : await walk(person, asked.link);
    const parameters = await oauth.validateDetachedSignatureResponse(
      as,
      client,
      answer,
      asked.nonce,
      asked.state,
      oauth.skipAuthTimeCheck,
      PLAIN,
    );
    assert.ok((await redeem(provider, parameters, asked)).id_token);
  }
});

test('oauth4webapi sees a code, a state or a nonce of another answer (OIDC Core §3.3.2.10)', async (t) => {
  const provider = await discover(t);
  const asked = await ask(provider, { response_type: 'code id_token' });
  const answer = await walk(provider.person, asked.link);
  const validate = (changes: Record<string, string>, nonce = asked.nonce, state = asked.state) => {
    const parameters = new URLSearchParams(answer.hash.slice(1));
    for (const [name, value] of Object.entries(changes)) parameters.set(name, value);
    return oauth.validateDetachedSignatureResponse(
      provider.as,
      client,
      parameters,
      nonce,
      state,
      oauth.skipAuthTimeCheck,
      PLAIN,
    );
  };
  await assert.rejects(validate({ code: 'sgac_of.another.person' }), /c_hash/);
  await assert.rejects(validate({ state: 'another' }, asked.nonce, 'another'), /s_hash/);
  await assert.rejects(validate({}, 'another'), /nonce/);
  assert.ok(await validate({}));
});

test('oauth4webapi renews, introspects and revokes (RFC 6749 §6, RFC 7662 §2, RFC 7009 §2)', async (t) => {
  const provider = await discover(t);
  const { as, signet } = provider;
  const first = await signIn(provider);
  const seen = await introspect(as, first.refresh_token ?? '');
  assert.equal(seen.active, true);
  const response = await oauth.refreshTokenGrantRequest(
    as,
    client,
    asWebApp,
    first.refresh_token ?? '',
    PLAIN,
  );
  const second = await oauth.processRefreshTokenResponse(as, client, response);
  const access = await introspect(as, second.access_token);
  assert.deepEqual(
    [access.active, access.iss, access.client_id, access.username, access.token_type],
    [true, signet.issuer, 'web-app', 'alice', 'Bearer'],
  );
  const revoked = await oauth.revocationRequest(as, client, asWebApp, second.access_token, PLAIN);
  await oauth.processRevocationResponse(revoked);
  assert.deepEqual(await introspect(as, second.access_token), { active: false });
  assert.deepEqual(await introspect(as, 'no token at all'), { active: false });
});

test('oauth4webapi gets a token for a service itself, which no userinfo belongs to (RFC 6749 §4.4)', async (t) => {
  const { as } = await discover(t);
  const response = await oauth.clientCredentialsGrantRequest(
    as,
    client,
    asWebApp,
    { scope: 'orders:read', resource: API },
    PLAIN,
  );
  const tokens = await oauth.processClientCredentialsResponse(as, client, response);
  const claims = await oauth.validateJwtAccessToken(as, withToken(tokens.access_token), API, PLAIN);
  assert.deepEqual([claims.sub, claims.client_id, claims.scope], ['web-app', 'web-app', 'orders:read']);
  const userinfo = await oauth.userInfoRequest(as, client, tokens.access_token, PLAIN);
  assert.equal(userinfo.status, 401);
});

test('an API that uses oauth4webapi takes access tokens and nothing else (RFC 9068 §4)', async (t) => {
  const provider = await discover(t);
  const tokens = await signIn(provider, { scope: 'openid orders:read offline_access', resource: API });
  const validate = (token: string, audience = API) =>
    oauth.validateJwtAccessToken(provider.as, withToken(token), audience, PLAIN);
  const claims = await validate(tokens.access_token);
  assert.equal(claims.client_id, 'web-app');
  assert.equal(claims.sub, oauth.getValidatedIdTokenClaims(tokens)?.sub);
  await assert.rejects(validate(tokens.access_token, 'https://other.example'), /aud/);
  await assert.rejects(validate(tokens.id_token ?? ''), /typ/);
  await assert.rejects(validate(tokens.refresh_token ?? ''));
});

for (const alg of ['ES256', 'RS256', 'PS256', 'EdDSA']) {
  test(`an API that uses oauth4webapi verifies access tokens signed with ${alg}`, async (t) => {
    const provider = await discover(t, { ...CONFIG, signing_algorithm: alg });
    const response = await oauth.clientCredentialsGrantRequest(
      provider.as,
      client,
      asWebApp,
      { resource: API },
      PLAIN,
    );
    const { access_token } = await oauth.processClientCredentialsResponse(provider.as, client, response);
    const options = { ...PLAIN, signingAlgorithms: [alg] };
    const claims = await oauth.validateJwtAccessToken(provider.as, withToken(access_token), API, options);
    assert.equal(claims.iss, provider.signet.issuer);
  });
}

test('oauth4webapi signs its request, with nothing of it outside (RFC 9101 §5)', async (t) => {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1' }] };
  const clients = [{ ...WEB_APP, jwks, require_signed_request_object: true }];
  const provider = await discover(t, { clients });
  const { link, ...asked } = await ask(provider);
  const unsigned = await walk(provider.person, link);
  assert.equal(unsigned.searchParams.get('error'), 'invalid_request');
  const key = { key: privateKey, kid: 'k1' };
  const request = await oauth.issueRequestObject(provider.as, client, link.searchParams, key);
  const signed = new URL(provider.as.authorization_endpoint ?? '');
  signed.search = new URLSearchParams({ client_id: 'web-app', request }).toString();
  const answer = await walk(provider.person, signed);
  const parameters = oauth.validateAuthResponse(provider.as, client, answer, asked.state);
  assert.ok((await redeem(provider, parameters, { link, ...asked })).id_token);
});

test('oauth4webapi reads the issuer and the state of a refusal (RFC 9207 §2)', async (t) => {
  const provider = await discover(t);
  const { link, state } = await ask(provider, { prompt: 'none' });
  const answer = await walk(provider.person, link);
  assert.throws(
    () => oauth.validateAuthResponse(provider.as, client, answer, state),
    (fault) => fault instanceof oauth.AuthorizationResponseError && fault.error === 'login_required',
  );
  answer.searchParams.set('iss', 'https://other.example');
  assert.throws(() => oauth.validateAuthResponse(provider.as, client, answer, state), /iss/);
});

test('oauth4webapi reads the challenge of a refused token (RFC 6750 §3)', async (t) => {
  const provider = await discover(t);
  const { id_token = '' } = await signIn(provider);
  const response = await oauth.userInfoRequest(provider.as, client, id_token, PLAIN);
  await assert.rejects(
    oauth.processUserInfoResponse(provider.as, client, oauth.skipSubjectCheck, response),
    (fault) => {
      assert.ok(fault instanceof oauth.WWWAuthenticateChallengeError);
      assert.equal(fault.cause[0]?.scheme, 'bearer');
      assert.equal(fault.cause[0]?.parameters.error, 'invalid_token');
      return true;
    },
  );
});
