import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import * as client from 'openid-client';
import { REDIRECT, SECRET, SPA, WEB_APP } from '../support/signet.ts';
import { application, type CodeRequest, codeRequest, signIn, wholeLife } from './openid-application.ts';
import { walk, walkToPost } from './walk.ts';

const WAYS: readonly [string, client.ClientAuth][] = [
  ['client_secret_basic', client.ClientSecretBasic(SECRET)],
  ['client_secret_post', client.ClientSecretPost(SECRET)],
  ['client_secret_jwt', client.ClientSecretJwt(`${SECRET}-with-more-bytes`)],
];

for (const [method, auth] of WAYS) {
  test(`openid-client signs in with ${method}, renews, introspects and revokes`, async (t) => {
    const client_secret = method === 'client_secret_jwt' ? `${SECRET}-with-more-bytes` : SECRET;
    const clients = [{ ...WEB_APP, client_secret, token_endpoint_auth_method: method, require_pkce: true }];
    const app = await application(t, { clients }, { auth });
    const tokens = await signIn(app);
    assert.equal(tokens.claims()?.iss, app.signet.issuer);
    const seen = await client.tokenIntrospection(app.config, tokens.access_token);
    assert.equal(seen.active, true);
    assert.equal(seen.sub, tokens.claims()?.sub);
    assert.equal(seen.scope, 'openid profile email offline_access');
    await wholeLife(app, tokens);
    assert.equal((await client.tokenIntrospection(app.config, tokens.access_token)).active, false);
  });
}

for (const alg of ['ES256', 'PS256', 'RS256', 'Ed25519']) {
  test(`openid-client signs in with private_key_jwt of ${alg}`, async (t) => {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const { client_secret: _none, ...rest } = WEB_APP;
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg, use: 'sig' };
    const clients = [{ ...rest, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } }];
    const auth = client.PrivateKeyJwt({ key: privateKey, kid: 'k1' });
    const app = await application(t, { clients }, { auth });
    await wholeLife(app, await signIn(app));
  });
}

test('openid-client signs in as a public client', async (t) => {
  const app = await application(t, {}, { client_id: 'spa', auth: client.None() });
  await wholeLife(app, await signIn(app));
});

for (const alg of ['ES256', 'RS256', 'PS256', 'EdDSA']) {
  test(`openid-client verifies ID tokens and userinfo signed with ${alg}`, async (t) => {
    const algorithms = { id_token_signed_response_alg: alg, userinfo_signed_response_alg: alg };
    const app = await application(t, { clients: [{ ...WEB_APP, ...algorithms }] }, { metadata: algorithms });
    const tokens = await signIn(app);
    const person = await client.fetchUserInfo(app.config, tokens.access_token, tokens.claims()?.sub ?? '');
    assert.equal(person.email, 'alice@example.com');
  });
}

test('openid-client verifies ID tokens and JWTs of a provider whose algorithm is RS256', async (t) => {
  const metadata = { id_token_signed_response_alg: 'RS256' };
  const app = await application(t, { signing_algorithm: 'RS256' }, { metadata });
  await wholeLife(app, await signIn(app));
});

test('openid-client takes an ID token alone, from fragment and form post (OIDC Core §3.2)', async (t) => {
  const app = await application(t);
  client.useIdTokenResponseType(app.config);
  const nonce = client.randomNonce();
  const parameters = { redirect_uri: REDIRECT, scope: 'openid email', state: 'state of ours', nonce };
  const checks = { expectedState: 'state of ours' };
  const answer = await walk(app.person, client.buildAuthorizationUrl(app.config, parameters));
  assert.equal(answer.search, '');
  const claims = await client.implicitAuthentication(app.config, answer, nonce, checks);
  assert.equal(claims['email'], 'alice@example.com');
  const link = client.buildAuthorizationUrl(app.config, { ...parameters, response_mode: 'form_post' });
  const posted = await walkToPost(app.person, link);
  const again = await client.implicitAuthentication(app.config, posted, nonce, checks);
  assert.equal(again.sub, claims.sub);
});

for (const mode of ['fragment', 'form_post']) {
  test(`openid-client takes code and ID token by ${mode} and checks c_hash and s_hash (OIDC Core §3.3)`, async (t) => {
    const app = await application(t);
    client.useCodeIdTokenResponseType(app.config);
    client.enableDetachedSignatureResponseChecks(app.config);
    const { parameters, checks } = await codeRequest({ response_mode: mode });
    const link = client.buildAuthorizationUrl(app.config, parameters);
    const answer = mode === 'form_post' ? await walkToPost(app.person, link) : await walk(app.person, link);
    await wholeLife(app, await client.authorizationCodeGrant(app.config, answer, checks));
  });
}

test('openid-client takes a code by form post (OAuth Form Post §2)', async (t) => {
  const app = await application(t);
  const { parameters, checks } = await codeRequest({ response_mode: 'form_post' });
  const posted = await walkToPost(app.person, client.buildAuthorizationUrl(app.config, parameters));
  await wholeLife(app, await client.authorizationCodeGrant(app.config, posted, checks));
});

for (const alg of ['ES256', 'PS256']) {
  test(`openid-client sends its request as an object signed with ${alg} (RFC 9101 §5)`, async (t) => {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg }] };
    const clients = [
      { ...WEB_APP, jwks, request_object_signing_alg: alg, require_signed_request_object: true },
    ];
    const app = await application(t, { clients });
    const { parameters, checks } = await codeRequest();
    const key = { key: privateKey, kid: 'k1' };
    const link = await client.buildAuthorizationUrlWithJAR(app.config, parameters, key);
    assert.deepEqual([...link.searchParams.keys()].sort(), ['client_id', 'request']);
    const answer = await walk(app.person, link);
    await wholeLife(app, await client.authorizationCodeGrant(app.config, answer, checks));
  });
}

const API = 'https://api.example.com';
const WITH_API = {
  resources: [{ resource: API, name: 'Orders', scope: 'orders:read' }],
  scopes: [{ scope: 'orders:read', description: 'See your orders' }],
  clients: [{ ...WEB_APP, scope: `${WEB_APP.scope} orders:read` }],
};

test('openid-client gets a token for one resource, by code and as itself (RFC 8707 §2)', async (t) => {
  const app = await application(t, WITH_API);
  const { parameters, checks } = await codeRequest({ scope: 'openid orders:read', resource: API });
  const answer = await walk(app.person, client.buildAuthorizationUrl(app.config, parameters));
  const tokens = await client.authorizationCodeGrant(app.config, answer, checks, { resource: API });
  const seen = await client.tokenIntrospection(app.config, tokens.access_token);
  assert.equal(seen.aud, API);
  assert.equal(seen.scope, 'openid orders:read');
  const own = await client.clientCredentialsGrant(app.config, { scope: 'orders:read', resource: API });
  const ownSeen = await client.tokenIntrospection(app.config, own.access_token);
  assert.equal(ownSeen.sub, 'web-app');
  assert.equal(ownSeen.aud, API);
  assert.equal(own.refresh_token, undefined);
  const elsewhere = client.clientCredentialsGrant(app.config, { resource: 'https://other.example' });
  await assert.rejects(elsewhere, { error: 'invalid_target' });
});

test('openid-client refuses an answer that names another issuer, or none (RFC 9207 §2.4)', async (t) => {
  const app = await application(t);
  const { parameters, checks } = await codeRequest();
  const answer = await walk(app.person, client.buildAuthorizationUrl(app.config, parameters));
  for (const change of [
    (url: URL) => url.searchParams.set('iss', 'https://other.example'),
    (url: URL) => url.searchParams.delete('iss'),
  ]) {
    const changed = new URL(answer);
    change(changed);
    await assert.rejects(client.authorizationCodeGrant(app.config, changed, checks), /response/);
  }
  assert.ok((await client.authorizationCodeGrant(app.config, answer, checks)).access_token);
});

test('openid-client has an old sign-in repeated by max_age and sees the new auth_time (OIDC Core §3.1.2.1)', async (t) => {
  const app = await application(t, {}, { metadata: { [client.clockSkew]: 3600 } });
  const { parameters, checks } = await codeRequest({ max_age: '600' });
  const link = client.buildAuthorizationUrl(app.config, parameters);
  await walk(app.person, link);
  const isAsked = async () => {
    const page = await app.person.follow(await app.person.visit(link.href));
    return /name="password"/.test(page.text);
  };
  assert.equal(await isAsked(), false, 'the sign-in is young enough');
  app.signet.clock.advance(3_600_000);
  assert.equal(await isAsked(), true);
  const asked = Math.floor(app.signet.clock.now() / 1000);
  const answer = await walk(app.person, link);
  const tokens = await client.authorizationCodeGrant(app.config, answer, { ...checks, maxAge: 600 });
  assert.ok(Number(tokens.claims()?.auth_time) >= asked);
});

test('openid-client reads refusals: of the person, of a silent request, of a spent code, of a wrong secret', async (t) => {
  const app = await application(t, { clients: [{ ...WEB_APP, consent: 'always' }] });
  const silent = await codeRequest({ prompt: 'none' });
  const unknown = await walk(app.person, client.buildAuthorizationUrl(app.config, silent.parameters));
  const error = (answer: URL, { checks }: CodeRequest) =>
    client.authorizationCodeGrant(app.config, answer, checks);
  await assert.rejects(error(unknown, silent), { error: 'login_required' });

  const asked = await codeRequest();
  const link = client.buildAuthorizationUrl(app.config, asked.parameters);
  const answer = await walk(app.person, link);
  await error(answer, asked);
  await assert.rejects(error(answer, asked), { error: 'invalid_grant', status: 400 });

  const consent = await app.person.follow(await app.person.visit(link.href));
  const { location = '' } = await app.person.submit(consent, { decision: 'deny' });
  await assert.rejects(error(new URL(location), asked), { error: 'access_denied' });

  const wrong = new client.Configuration(
    app.config.serverMetadata(),
    'web-app',
    {},
    client.ClientSecretBasic('wrong'),
  );
  client.allowInsecureRequests(wrong);
  await assert.rejects(
    client.clientCredentialsGrant(wrong),
    (fault: client.WWWAuthenticateChallengeError) => {
      assert.equal(fault.status, 401);
      assert.equal(fault.cause[0]?.scheme, 'basic');
      return true;
    },
  );
});

test('openid-client leads to the sign-out, after which nobody is signed in (OIDC RP-Initiated Logout §2)', async (t) => {
  const app = await application(t);
  const { id_token = '' } = await signIn(app);
  const link = client.buildEndSessionUrl(app.config, {
    id_token_hint: id_token,
    post_logout_redirect_uri: 'http://127.0.0.1:9000/',
    state: 'bye',
  });
  const { location } = await app.person.visit(link.href);
  assert.equal(location, 'http://127.0.0.1:9000/?state=bye');
  const silent = await codeRequest({ prompt: 'none' });
  const answer = await walk(app.person, client.buildAuthorizationUrl(app.config, silent.parameters));
  assert.equal(answer.searchParams.get('error'), 'login_required');
});

test('openid-client finds a provider whose issuer has a path', async (t) => {
  const app = await application(t, { issuer_path: '/tenants/one' });
  await wholeLife(app, await signIn(app));
});

test('openid-client signs in to a provider with opaque access tokens', async (t) => {
  const app = await application(t, { access_token_format: 'opaque', clients: [WEB_APP, SPA] });
  const tokens = await signIn(app);
  assert.doesNotMatch(tokens.access_token, /\./);
  assert.equal((await client.tokenIntrospection(app.config, tokens.access_token)).active, true);
  await wholeLife(app, tokens);
});
