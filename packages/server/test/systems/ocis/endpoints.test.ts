import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { rotateKeys } from '../../../src/admin/keys.ts';
import { answerOf, personAt, userinfo } from '../../support/person.ts';
import { verified } from '../../support/tokens.ts';
import { ask, redeem, startOcis } from './ocis.ts';

const ocis = await startOcis({ after });

/** An access token for these scopes. */
async function accessToken(scope: string): Promise<string> {
  const { access_token = '' } = answerOf(
    await personAt(ocis).grant(ask({ response_type: 'id_token token', scope })),
  );
  return access_token;
}

test('discovery stands at the root of the issuer and names the places of the system, and nothing to register at (rows 50, 80)', async () => {
  assert.ok(!ocis.issuer.endsWith('/'));
  const response = await fetch(`${ocis.issuer}/.well-known/openid-configuration`);
  assert.equal(response.status, 200);
  const metadata = (await response.json()) as Record<string, unknown>;
  assert.equal(metadata['issuer'], ocis.issuer);
  const places = {
    authorization_endpoint: '/signin/v1/identifier/_/authorize',
    token_endpoint: '/konnect/v1/token',
    userinfo_endpoint: '/konnect/v1/userinfo',
    end_session_endpoint: '/signin/v1/identifier/_/endsession',
    check_session_iframe: '/konnect/v1/session/check-session.html',
    jwks_uri: '/konnect/v1/jwks.json',
  };
  for (const [name, path] of Object.entries(places)) assert.equal(metadata[name], ocis.issuer + path);
  const has = (name: string, ...values: string[]) => {
    const told = metadata[name] as string[];
    assert.deepEqual(
      values.filter((value) => !told.includes(value)),
      [],
      name,
    );
  };
  has(
    'scopes_supported',
    'openid',
    'offline_access',
    'profile',
    'email',
    'LibgreGraph.UUID',
    'LibreGraph.RawSub',
  );
  has(
    'response_types_supported',
    'id_token token',
    'id_token',
    'code id_token',
    'code id_token token',
    'code',
    'token',
  );
  has('subject_types_supported', 'public');
  has('id_token_signing_alg_values_supported', 'RS256', 'PS256');
  has('userinfo_signing_alg_values_supported', 'RS256', 'PS256');
  has('request_object_signing_alg_values_supported', 'ES256', 'RS256', 'PS256', 'none', 'EdDSA');
  // Desktop 5 and later, Android and iOS send their secret in the header when it stands here, and stumble when it does not.
  has('token_endpoint_auth_methods_supported', 'client_secret_basic', 'none');
  has('claims_supported', 'iss', 'sub', 'name', 'given_name', 'family_name', 'email', 'email_verified');
  // Desktop 6 and later ask for no prompt that is not here.
  has('prompt_values_supported', 'select_account', 'consent');
  assert.equal(metadata['claims_parameter_supported'], true);
  assert.equal(metadata['request_parameter_supported'], true);
  assert.equal(metadata['request_uri_parameter_supported'], false);
  for (const absent of ['registration_endpoint', 'revocation_endpoint', 'introspection_endpoint'])
    assert.equal(metadata[absent], undefined);
  const register = await fetch(`${ocis.issuer}/konnect/v1/register`, { method: 'POST', body: '{}' });
  assert.equal(register.status, 404);
});

test('the key set is one of jwk-set+json, and its RSA key named private-key verifies PS256 tokens (row 51)', async () => {
  const response = await fetch(ocis.url('/jwks'));
  assert.equal(response.headers.get('content-type'), 'application/jwk-set+json');
  const { keys } = (await response.json()) as { keys: Record<string, string>[] };
  assert.deepEqual(
    keys.map(({ kid, kty, alg }) => ({ kid, kty, alg })),
    [{ kid: 'private-key', kty: 'RSA', alg: 'PS256' }],
  );
  const { id_token } = answerOf(await personAt(ocis).grant(ask({ response_type: 'id_token' })));
  const { protectedHeader } = await verified(ocis, id_token);
  assert.deepEqual([protectedHeader.alg, protectedHeader.kid], ['PS256', 'private-key']);
});

test('a later key has a name of its own, and a key of another algorithm never takes the first name (row 51)', async (t) => {
  const signet = await startOcis(t);
  const kids = async () => {
    const { keys } = (await (await fetch(signet.url('/jwks'))).json()) as {
      keys: { kid: string; alg: string }[];
    };
    return keys.map(({ kid, alg }) => `${kid === 'private-key' ? kid : 'own'} ${alg}`);
  };
  await signet.provider.keyring.current('RS256');
  assert.deepEqual(await kids(), ['private-key PS256', 'own RS256']);
  await rotateKeys(signet.provider, { when: 'now' });
  assert.deepEqual(
    (await kids()).filter((kid) => kid.startsWith('private-key')),
    ['private-key PS256'],
  );
  assert.equal((await kids()).length, 4);
});

test('authorization is asked for by GET or POST, and leads to the login page with the request and flow=oidc (row 52)', async () => {
  const query = new URLSearchParams(ask({ prompt: 'select_account consent' }));
  const byGet = await fetch(`${ocis.url('/authorize')}?${query.toString()}`, { redirect: 'manual' });
  const login = new URL(byGet.headers.get('location') ?? '');
  assert.equal(login.origin + login.pathname, `${ocis.issuer}/signin/v1/identifier`);
  for (const name of ['client_id', 'redirect_uri', 'response_type', 'scope', 'state', 'nonce', 'prompt'])
    assert.equal(login.searchParams.get(name), query.get(name), name);
  assert.equal(login.searchParams.get('flow'), 'oidc');
  const person = personAt(ocis);
  const page = await person.follow(
    await person.visit(ocis.url('/authorize'), { method: 'POST', body: query }),
  );
  assert.match(page.url, /\/signin\/v1\/identifier\?.*flow=oidc/);
  assert.match(page.text, /name="password"/);
});

test('a request that is too long to be repeated still leads to the login page (row 52)', async () => {
  const person = personAt(ocis);
  const page = await person.authorize(ask({ state: 's'.repeat(4000), nonce: 'n'.repeat(2000) }));
  assert.equal(page.status, 200);
  assert.match(page.text, /name="password"/);
});

test('tokens are fetched by POST, refused by GET, and never kept by a cache (row 53)', async () => {
  const { code } = answerOf(await personAt(ocis).grant(ask()));
  const { status, headers } = await redeem(ocis, code);
  assert.equal(status, 200);
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.equal(headers.get('pragma'), 'no-cache');
  const byGet = await fetch(`${ocis.url('/token')}?grant_type=authorization_code&code=${code}`);
  assert.equal(byGet.status, 405);
});

test('userinfo gives the claims of the scopes by GET, POST and HEAD (row 54)', async (t) => {
  const claims = {
    name: 'Albert Einstein',
    given_name: 'Albert',
    family_name: 'Einstein',
    email: 'einstein@example.org',
  };
  const signet = await startOcis(t, { users: [{ username: 'alice', password: 'wonderland', claims }] });
  const token = async (scope: string) =>
    answerOf(await personAt(signet).grant(ask({ response_type: 'id_token token', scope })))['access_token'] ??
    '';
  const full = await userinfo(signet, await token('openid profile email'));
  const { sub, ...others } = full.body;
  assert.match(String(sub), /\S/);
  assert.partialDeepStrictEqual(others, { ...claims, preferred_username: 'alice', email_verified: false });
  const bare = await userinfo(signet, await token('openid'));
  assert.deepEqual(bare.body, { sub });
  const authorization = `Bearer ${await token('openid')}`;
  for (const method of ['POST', 'HEAD']) {
    const response = await fetch(signet.url('/userinfo'), { method, headers: { authorization } });
    assert.equal(response.status, 200, method);
    assert.equal(await response.text(), method === 'HEAD' ? '' : JSON.stringify({ sub }));
  }
});

test('userinfo answers 401 with a challenge to a bad token and to none (row 54)', async () => {
  const bad = await userinfo(ocis, 'not-a-token');
  assert.equal(bad.status, 401);
  assert.match(bad.headers.get('www-authenticate') ?? '', /^Bearer .*error="invalid_token"/);
  const none = await fetch(ocis.url('/userinfo'));
  assert.equal(none.status, 401);
  assert.match(none.headers.get('www-authenticate') ?? '', /^Bearer/);
  const { id_token = '' } = answerOf(await personAt(ocis).grant(ask({ response_type: 'id_token' })));
  assert.equal((await userinfo(ocis, id_token)).status, 401);
});

test('discovery, keys, tokens and userinfo are readable by pages of any origin (row 85)', async () => {
  const origin = 'https://cloud.example';
  const readable = async (url: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('origin', origin);
    const response = await fetch(url, { ...init, headers });
    assert.equal(response.headers.get('access-control-allow-origin'), '*', url);
  };
  await readable(`${ocis.issuer}/.well-known/openid-configuration`);
  await readable(ocis.url('/jwks'));
  await readable(ocis.url('/token'), { method: 'POST', body: new URLSearchParams() });
  await readable(ocis.url('/userinfo'), {
    headers: { authorization: `Bearer ${await accessToken('openid')}` },
  });
  for (const path of ['/token', '/userinfo']) {
    const asked = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    await readable(ocis.url(path), { method: 'OPTIONS', headers: asked });
  }
});

test('what the system does not have is not there: revocation, introspection, pushed requests, devices (row 50)', async () => {
  for (const path of [
    '/revoke',
    '/introspect',
    '/konnect/v1/revoke',
    '/konnect/v1/introspect',
    '/konnect/v1/par',
  ])
    assert.equal((await fetch(ocis.issuer + path, { method: 'POST' })).status, 404, path);
});
