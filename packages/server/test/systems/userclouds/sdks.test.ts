import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { resourceServer } from '@signet/resource-server';
import { answerOf, claimsOf, personAt } from '../../support/person.ts';
import { ALICE, type Signet } from '../../support/signet.ts';
import { APP, CALLBACK, SERVICE, startUserClouds, verified } from './userclouds.ts';
// The real programs, where they are.
import './go-sample.ts';
import './python-sdk.ts';

/** What the API of the tenant itself checks: issuer, signature, end, and its own URL among the audiences. */
async function passesApi(signet: Signet, access_token: string): Promise<void> {
  const api = resourceServer({ issuer: signet.issuer, audience: signet.issuer });
  const { claims } = await api.verify({
    headers: { authorization: `Bearer ${access_token}` },
    url: '/userstore/api/users',
  });
  assert.equal(claims.iss, signet.issuer);
}

/** Python's urllib.parse.quote, which leaves a slash as it is. */
const quoted = (text: string): string =>
  encodeURIComponent(text)
    .replaceAll('%2F', '/')
    .replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

test('the request of the Python SDK: quoted Basic, and a body of the grant type alone (row 128)', async (t) => {
  const signet = await startUserClouds(t);
  const credentials = `${quoted(APP.client_id)}:${quoted(APP.client_secret)}`;
  const response = await fetch(signet.url('/oidc/token'), {
    method: 'POST',
    headers: {
      Authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      'Content-Type': 'application/x-www-form-urlencoded',
      'User-Agent': 'UserClouds Python SDK v1.11.0',
      'X-Usercloudssdk-Version': '1.11.0',
    },
    body: 'grant_type=client_credentials',
  });
  assert.equal(response.status, 200);
  const { access_token } = JSON.parse(await response.text()) as { access_token: string };
  // It reads the end of the token unverified, to know when to ask for the next one.
  assert.equal(typeof claimsOf(access_token)['exp'], 'number');
  await passesApi(signet, access_token);
});

test('the Python SDK keeps the text of an error (row 128)', async (t) => {
  const signet = await startUserClouds(t);
  const response = await fetch(signet.url('/oidc/token'), {
    method: 'POST',
    headers: {
      Authorization: `Basic ${Buffer.from(`${APP.client_id}:wrong`).toString('base64')}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  });
  assert.equal(response.status, 401);
  assert.equal((JSON.parse(await response.text()) as { error: string }).error, 'invalid_client');
});

test('the request of the TypeScript SDK: a form with the tenant as audience (row 128)', async (t) => {
  const signet = await startUserClouds(t);
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: APP.client_id,
    client_secret: APP.client_secret,
    audience: signet.issuer,
  });
  const json = await fetch(`${signet.issuer}/oidc/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  }).then((response) => response.json() as Promise<{ access_token: string }>);
  await passesApi(signet, json.access_token);
});

test('the request of the Go SDK: a form in the order of its names, with further audiences (row 128)', async (t) => {
  const signet = await startUserClouds(t);
  const own = 'https://api.example/custom';
  const encode = encodeURIComponent;
  // url.Values.Encode sorts by name.
  const body = [
    `audience=${encode(own)}`,
    `audience=${encode('https://api.example/other')}`,
    `client_id=${SERVICE.client_id}`,
    `client_secret=${encode(SERVICE.client_secret)}`,
    'grant_type=client_credentials',
  ].join('&');
  const response = await fetch(signet.url('/oidc/token'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'User-Agent': 'Go-http-client/1.1' },
    body,
  });
  assert.equal(response.status, 200);
  const { access_token } = (await response.json()) as { access_token: string };
  await passesApi(signet, access_token);
  const api = resourceServer({ issuer: signet.issuer, audience: own });
  assert.ok(await api.verify(`Bearer ${access_token}`));
});

test('the Go SDK reads an OAuth error only under exactly its content type (row 128)', async (t) => {
  const signet = await startUserClouds(t);
  const response = await fetch(signet.url('/oidc/token'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'client_id=nobody&client_secret=x&grant_type=client_credentials',
  });
  assert.ok(response.status >= 400);
  assert.equal(response.headers.get('content-type'), 'application/json');
  const told = (await response.json()) as Record<string, string>;
  assert.deepEqual(Object.keys(told), ['error', 'error_description']);
});

/** golang.org/x/oauth2 with its automatic style: Basic first, then the same again with id and secret in the body. */
async function exchangeLikeGo(signet: Signet, form: Record<string, string>, secret: string) {
  const post = (headers: Record<string, string>, fields: Record<string, string>) =>
    fetch(signet.url('/oidc/token'), {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  const encode = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+');
  const basic = Buffer.from(`${encode(APP.client_id)}:${encode(secret)}`).toString('base64');
  const first = await post({ Authorization: `Basic ${basic}` }, form);
  if (first.ok) return { attempts: 1, response: first };
  return {
    attempts: 2,
    response: await post({}, { ...form, client_id: APP.client_id, client_secret: APP.client_secret }),
  };
}

for (const withPkce of [false, true]) {
  test(`the documented Go sample ${withPkce ? 'with' : 'without'} PKCE: discovery, code, exchange, verified ID token (row 128)`, async (t) => {
    const signet = await startUserClouds(t);
    // oidc.NewProvider(tenant URL): the issuer must be the URL that was given.
    const found = (await (
      await fetch(`${signet.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
    ).json()) as Record<string, string>;
    assert.equal(found['issuer'], signet.issuer);
    const code_verifier = randomBytes(32).toString('base64url');
    const state = randomBytes(16).toString('base64url');
    // AuthCodeURL writes its query sorted by name.
    const query = new URLSearchParams({
      client_id: APP.client_id,
      ...(withPkce && {
        code_challenge: createHash('sha256').update(code_verifier).digest('base64url'),
        code_challenge_method: 'S256',
      }),
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'openid profile email',
      state,
    });
    const person = personAt(signet);
    const page = await person.follow(
      await person.visit(`${found['authorization_endpoint']}?${query.toString()}`),
    );
    const answer = answerOf(await person.submit(page, ALICE));
    assert.equal(answer['state'], state);
    const form = {
      ...(withPkce && { code_verifier }),
      code: answer['code'] ?? '',
      grant_type: 'authorization_code',
      redirect_uri: CALLBACK,
    };
    const { attempts, response } = await exchangeLikeGo(signet, form, APP.client_secret);
    assert.deepEqual([attempts, response.status], [1, 200]);
    const tokens = (await response.json()) as Record<string, string>;
    const { payload } = await verified(signet, tokens['id_token'], { audience: APP.client_id });
    assert.equal(payload['email'], 'alice@example.com');
    await passesApi(signet, tokens['access_token'] ?? '');
  });
}

test('a 401 on Basic leaves the code good for the second attempt of x/oauth2 (row 128)', async (t) => {
  const signet = await startUserClouds(t);
  const person = personAt(signet);
  const { code = '' } = answerOf(
    await person.grant({
      client_id: APP.client_id,
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'openid',
      state: 'a-state',
    }),
  );
  const form = { code, grant_type: 'authorization_code', redirect_uri: CALLBACK };
  const { attempts, response } = await exchangeLikeGo(signet, form, 'a secret that Basic got wrong');
  assert.deepEqual([attempts, response.status], [2, 200]);
});
