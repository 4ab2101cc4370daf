import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, basic, personAt, pkce, post, request, type Seen } from '../support/person.ts';
import { REDIRECT, SECRET, startSignet, WEB_APP } from '../support/signet.ts';
import { newClientKey, seconds, verified } from '../support/tokens.ts';

const signet = await startSignet({ after });
type Metadata = Readonly<Record<string, unknown>>;
const read = async (address: string): Promise<Metadata> => (await (await fetch(address)).json()) as Metadata;
const metadata = await read(signet.url('/.well-known/openid-configuration'));
const list = (name: string, from = metadata): string[] => {
  const value = from[name];
  assert.ok(Array.isArray(value), name);
  return value;
};

test('the provider describes itself below its issuer (OIDC Discovery §4, §4.1, §4.2)', async () => {
  const response = await fetch(signet.url('/.well-known/openid-configuration'));
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
  assert.equal(response.headers.get('cache-control'), 'public, max-age=300');
  assert.equal(response.headers.get('access-control-allow-origin'), '*');
  assert.equal(metadata['issuer'], signet.issuer);
});

test('the same stands where OAuth looks for it, whether or not the issuer has a path (RFC 8414 §3, §3.1, §3.2, §5)', async (t) => {
  assert.deepEqual(await read(signet.url('/.well-known/oauth-authorization-server')), metadata);
  const below = await startSignet(t, { issuer_path: '/tenants/one' });
  const origin = new URL(below.issuer).origin;
  for (const address of [
    `${below.issuer}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server/tenants/one`,
    `${origin}/.well-known/openid-configuration/tenants/one`,
  ]) {
    const found = await read(address);
    assert.equal(found['issuer'], below.issuer, address);
    assert.ok(String(found['token_endpoint']).startsWith(`${below.issuer}/`));
  }
  assert.equal((await fetch(`${origin}/.well-known/openid-configuration`)).status, 404);
});

test('everything that has to be there is there (OIDC Discovery §3, RFC 8414 §2, OIDC Core §15.1, §15.3)', () => {
  for (const name of [
    'issuer',
    'authorization_endpoint',
    'token_endpoint',
    'userinfo_endpoint',
    'jwks_uri',
    'scopes_supported',
    'response_types_supported',
    'subject_types_supported',
    'id_token_signing_alg_values_supported',
    'claims_supported',
    'revocation_endpoint',
    'introspection_endpoint',
  ])
    assert.ok(metadata[name] !== undefined, name);
  assert.ok(list('id_token_signing_alg_values_supported').includes('RS256'));
  assert.ok(list('scopes_supported').includes('openid'));
  assert.deepEqual(
    Object.entries(metadata).filter(([, value]) => Array.isArray(value) && value.length === 0),
    [],
    'no empty lists',
  );
});

test('logout, session management and issuer identification are announced (OIDC RP-Initiated Logout §2.1, OIDC Session Management §3.3, RFC 9207 §3)', () => {
  assert.equal(metadata['end_session_endpoint'], signet.url('/logout'));
  assert.equal(metadata['check_session_iframe'], signet.url('/check-session'));
  assert.equal(metadata['authorization_response_iss_parameter_supported'], true);
});

test('the issuer is an address without query and fragment, equal in all it says (OIDC Core §16.15, RFC 9207 §2.3)', async () => {
  const answer = answerOf(await personAt(signet).grant(request({ response_type: 'id_token' })));
  assert.equal(answer['iss'], metadata['issuer']);
  assert.equal((await verified(signet, answer['id_token'])).payload.iss, metadata['issuer']);
  assert.match(String(metadata['issuer']), /^https?:\/\/[^?#]+$/);
});

test('every advertised endpoint answers (OIDC Discovery §3)', async () => {
  for (const [name, address] of Object.entries(metadata)) {
    if (!/_(endpoint|iframe|uri)$/.test(name)) continue;
    const { status } = await fetch(String(address), { redirect: 'manual' });
    assert.ok(status !== 404 && status < 500, `${name}: ${status}`);
  }
});

test('every advertised response type works in every advertised mode that it allows (OIDC Discovery §3)', async () => {
  const person = personAt(signet);
  await person.grant(request());
  for (const response_type of list('response_types_supported')) {
    for (const response_mode of list('response_modes_supported')) {
      const seen = await person.authorize(request({ response_type, response_mode }));
      const forbidden = response_mode === 'query' && response_type !== 'code';
      const done =
        seen.location === undefined
          ? seen.text.includes(`action="${REDIRECT}"`)
          : answerOf(seen)['error'] === undefined;
      assert.equal(done, !forbidden, `${response_type} by ${response_mode}`);
    }
  }
});

test('every advertised prompt, scope and challenge method is understood (OIDC Discovery §3)', async () => {
  const person = personAt(signet);
  await person.grant(request());
  const isUnderstood = (seen: Seen) => seen.status === 200 || answerOf(seen)['error'] === undefined;
  for (const prompt of list('prompt_values_supported'))
    assert.ok(isUnderstood(await person.authorize(request({ prompt }))), prompt);
  for (const scope of list('scopes_supported'))
    assert.ok(isUnderstood(await person.authorize(request({ scope: `openid ${scope}` }))), scope);
  for (const code_challenge_method of list('code_challenge_methods_supported')) {
    assert.ok(isUnderstood(await person.authorize(request({ ...pkce().challenge, code_challenge_method }))));
  }
});

test('every advertised algorithm signs ID tokens and userinfo (OIDC Discovery §3, OIDC Core §10.1)', async (t) => {
  const algorithms = new Set([
    ...list('id_token_signing_alg_values_supported'),
    ...list('userinfo_signing_alg_values_supported'),
  ]);
  const clients = [...algorithms].map((alg) => ({
    ...WEB_APP,
    client_id: alg,
    id_token_signed_response_alg: alg,
    userinfo_signed_response_alg: alg,
  }));
  const own = await startSignet(t, { clients });
  const person = personAt(own);
  for (const alg of algorithms) {
    const answer = answerOf(await person.grant(request({ client_id: alg, response_type: 'id_token token' })));
    await verified(own, answer['id_token'], { audience: alg, algorithms: [alg] });
    const userinfo = await fetch(own.url('/userinfo'), {
      headers: { authorization: `Bearer ${answer['access_token']}` },
    });
    await verified(own, await userinfo.text(), { audience: alg, algorithms: [alg] });
  }
});

test('every advertised way of authentication and every algorithm of it works (OIDC Discovery §3, RFC 8414 §2)', async (t) => {
  const algorithms = list('token_endpoint_auth_signing_alg_values_supported');
  const keys = await Promise.all(
    algorithms.filter((alg) => !alg.startsWith('HS')).map((alg) => newClientKey(alg)),
  );
  const service = { grant_types: ['client_credentials'], scope: '' };
  const own = await startSignet(t, {
    clients: [
      { ...service, client_id: 'client_secret_basic', client_secret: SECRET },
      {
        ...service,
        client_id: 'client_secret_post',
        client_secret: SECRET,
        token_endpoint_auth_method: 'client_secret_post',
      },
      {
        ...service,
        client_id: 'private_key_jwt',
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: keys.map(({ jwk }) => jwk) },
      },
    ],
  });
  const ask = async (form: Record<string, string>, headers = {}) =>
    (await post(own.url('/token'), { grant_type: 'client_credentials', ...form }, headers)).status;
  assert.deepEqual(list('token_endpoint_auth_methods_supported').sort(), [
    'client_secret_basic',
    'client_secret_jwt',
    'client_secret_post',
    'none',
    'private_key_jwt',
  ]);
  assert.equal(await ask({}, basic('client_secret_basic')), 200);
  assert.equal(await ask({ client_id: 'client_secret_post', client_secret: SECRET }), 200);
  for (const key of keys) {
    const claims = {
      iss: 'private_key_jwt',
      sub: 'private_key_jwt',
      aud: own.issuer,
      exp: seconds(own, 60),
      jti: key.alg,
    };
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    assert.equal(
      await ask({ client_assertion_type, client_assertion: await key.sign(claims) }),
      200,
      key.alg,
    );
  }
});

test('nothing is advertised that is refused: request_uri, registration, plain (OIDC Discovery §3)', () => {
  assert.equal(metadata['request_uri_parameter_supported'], false);
  assert.equal(metadata['registration_endpoint'], undefined);
  assert.deepEqual(metadata['code_challenge_methods_supported'], ['S256']);
  assert.equal(list('grant_types_supported').includes('password'), false);
});

test('scopes and resources of the operator are announced, and claims with them (OIDC Discovery §3)', async (t) => {
  const own = await startSignet(t, {
    scopes: [{ scope: 'work', claims: ['department'] }],
    resources: [{ resource: 'https://orders.example', scope: 'orders:read' }],
  });
  const found = await read(own.url('/.well-known/openid-configuration'));
  assert.ok(
    list('scopes_supported', found).includes('work') &&
      list('scopes_supported', found).includes('orders:read'),
  );
  assert.ok(list('claims_supported', found).includes('department'));
});

test('what belongs to browsers may be read by any page, and what does not, by none (OIDC Discovery §4.2, RFC 9700 §2.6)', async () => {
  for (const path of [
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
    '/jwks',
    '/token',
    '/userinfo',
    '/revoke',
  ]) {
    const headers = { origin: 'https://spa.example', 'access-control-request-method': 'POST' };
    const { status, headers: answered } = await fetch(signet.url(path), { method: 'OPTIONS', headers });
    assert.equal(`${status} ${answered.get('access-control-allow-origin')}`, '204 *', path);
    assert.equal(answered.get('access-control-allow-credentials'), null);
  }
  for (const path of ['/authorize', '/introspect', '/login', '/logout', '/consent', '/']) {
    const answered = await fetch(signet.url(path), {
      method: 'OPTIONS',
      headers: { origin: 'https://spa.example', 'access-control-request-method': 'GET' },
    });
    assert.equal(answered.headers.get('access-control-allow-origin'), null, path);
  }
});

test('errors of the token endpoint can be read by the page that asked (Fetch §3.2)', async () => {
  const { status, headers } = await post(
    signet.url('/token'),
    { grant_type: 'x' },
    { origin: 'https://spa.example' },
  );
  assert.equal(`${status} ${headers.get('access-control-allow-origin')}`, '400 *');
});
