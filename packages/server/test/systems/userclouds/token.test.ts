import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourceServer } from '@signet/resource-server';
import { type Answered, basic, claimsOf } from '../../support/person.ts';
import { ALICE, BOB } from '../../support/signet.ts';
import {
  APP,
  bearer,
  OF_APP,
  ORGANIZATION,
  SERVICE,
  serviceToken,
  startUserClouds,
  token,
  tokensOf,
  verified,
} from './userclouds.ts';

const M2M = { grant_type: 'client_credentials' };
const OF_SERVICE = { client_id: SERVICE.client_id, client_secret: SERVICE.client_secret };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

test('a service gets a JWT with an end by secret in the body or by url-encoded Basic, and no refresh token (row 102)', async (t) => {
  const signet = await startUserClouds(t);
  const bySecret = await token(signet, { ...M2M, ...OF_SERVICE });
  const byBasic = await token(signet, M2M, basic(APP.client_id, APP.client_secret));
  for (const { status, body } of [bySecret, byBasic]) {
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(body['token_type'], 'Bearer');
    assert.equal(body['expires_in'], 86_400);
    assert.equal(body['refresh_token'], undefined);
    assert.equal(body['id_token'], undefined);
    const { payload } = await verified(signet, body['access_token'], { audience: signet.issuer });
    assert.equal(Number(payload.exp) - Number(payload.iat), 86_400);
  }
});

test('the audience may be repeated, and the tenant URL is always in it (row 102)', async (t) => {
  const signet = await startUserClouds(t);
  const form = new URLSearchParams({ ...M2M, ...OF_SERVICE });
  for (const audience of ['https://api.example/one', 'https://api.example/two', signet.issuer])
    form.append('audience', audience);
  const { body } = await token(signet, form.toString());
  const { payload } = await verified(signet, body['access_token']);
  assert.deepEqual(payload.aud, ['https://api.example/one', 'https://api.example/two', signet.issuer]);
  const alone = await token(signet, { ...M2M, ...OF_SERVICE });
  assert.equal(claimsOf(String(alone.body['access_token']))['aud'], signet.issuer);
  for (const bad of ['nonsense', 'https://api.example/#part', `https://api.example/${'x'.repeat(3000)}`]) {
    const refused = await token(signet, { ...M2M, ...OF_SERVICE, audience: bad });
    assert.deepEqual([refused.status, refused.body['error']], [400, 'invalid_target'], bad.slice(0, 40));
  }
});

test('a refresh gives a new refresh token and an end, and belongs to its client and its secret (row 103)', async (t) => {
  const signet = await startUserClouds(t, { clients: [APP, { ...APP, client_id: 'other' }] });
  const { refresh_token = '' } = await tokensOf(signet);
  const form = { grant_type: 'refresh_token', refresh_token };
  const asOther = await token(signet, { ...form, client_id: 'other', client_secret: APP.client_secret });
  assert.deepEqual([asOther.status, asOther.body['error']], [400, 'invalid_grant']);
  const secretless = await token(signet, { ...form, client_id: APP.client_id });
  assert.deepEqual([secretless.status, secretless.body['error']], [401, 'invalid_client']);
  const { status, body } = await token(signet, { ...form, ...OF_APP });
  assert.equal(status, 200);
  assert.deepEqual([body['token_type'], body['expires_in']], ['Bearer', 86_400]);
  assert.equal(typeof body['refresh_token'], 'string');
  assert.notEqual(body['refresh_token'], refresh_token);
  const userinfo = await fetch(signet.url('/userinfo'), { headers: bearer(String(body['access_token'])) });
  assert.equal(userinfo.status, 200, 'the new access token is known to userinfo');
  signet.clock.advance(31_000);
  const replayed = await token(signet, { ...form, ...OF_APP });
  assert.equal(replayed.body['error'], 'invalid_grant', 'an old refresh token is a stolen one');
  const successor = { ...form, refresh_token: String(body['refresh_token']), ...OF_APP };
  assert.equal((await token(signet, successor)).body['error'], 'invalid_grant', 'and ends the line');
});

const PASSWORD_APP = {
  ...APP,
  client_id: 'terminal',
  grant_types: ['password', 'refresh_token'],
  response_types: [],
};
const asTerminal = (over: Record<string, string> = {}): Record<string, string> => ({
  grant_type: 'password',
  client_id: 'terminal',
  client_secret: APP.client_secret,
  scope: 'openid profile',
  ...ALICE,
  ...over,
});

test('a password is taken only from an application that has the grant, with its secret (row 104)', async (t) => {
  const signet = await startUserClouds(t, { clients: [APP, PASSWORD_APP] });
  const { status, body } = await token(signet, asTerminal());
  assert.equal(status, 200, JSON.stringify(body));
  assert.ok(body['access_token']);
  assert.ok(body['refresh_token']);
  const elsewhere = await token(signet, { ...asTerminal(), ...OF_APP });
  assert.deepEqual([elsewhere.status, elsewhere.body['error']], [400, 'unauthorized_client']);
  const wrong = await token(signet, asTerminal({ password: 'wrong' }));
  assert.deepEqual([wrong.status, wrong.body['error']], [400, 'invalid_grant']);
  assert.match(String(wrong.body['error_description']), /^Incorrect username or password/);
  const nobody = await token(signet, asTerminal({ username: 'nobody' }));
  assert.deepEqual(
    [nobody.status, nobody.body['error'], String(nobody.body['error_description']).replace(/\(ref.*/, '')],
    [400, 'invalid_grant', 'Incorrect username or password '],
    'an unknown name is refused in the same words',
  );
  const open = await token(signet, asTerminal({ client_secret: 'wrong' }));
  assert.equal(open.status, 401);
});

for (const [grant_type, form] of [
  ['authorization_code', { code: 'x', redirect_uri: 'https://x.example/' }],
  ['refresh_token', { refresh_token: 'x' }],
  ['password', ALICE],
] as const) {
  test(`${grant_type} is refused with clear words where an application has not got it (row 105)`, async (t) => {
    const signet = await startUserClouds(t);
    const { status, body, headers } = await token(signet, { grant_type, ...form, ...OF_SERVICE });
    assert.equal(status, 400);
    assert.equal(body['error'], 'unauthorized_client');
    assert.match(String(body['error_description']), /not authorized to use this grant type/);
    assert.equal(headers.get('content-type'), 'application/json');
  });
}

test('client credentials are refused where an application has not got them (row 105)', async (t) => {
  const { grant_types: _all, ...rest } = APP;
  const signet = await startUserClouds(t, {
    clients: [{ ...rest, grant_types: ['authorization_code'], response_types: ['code'] }],
  });
  assert.equal((await token(signet, { ...M2M, ...OF_APP })).body['error'], 'unauthorized_client');
});

test('every refusal of the token endpoint is JSON of exactly that type, 401 for a client that is not known (row 106)', async (t) => {
  const signet = await startUserClouds(t);
  const refusals: readonly (readonly [Answered, number, string])[] = [
    [await token(signet, { ...M2M, client_id: 'nobody', client_secret: 'x' }), 401, 'invalid_client'],
    [await token(signet, { ...M2M, ...OF_APP, client_secret: 'wrong' }), 401, 'invalid_client'],
    [await token(signet, M2M, basic('nobody', 'x')), 401, 'invalid_client'],
    [await token(signet, M2M, { authorization: 'Basic %%%' }), 401, 'invalid_client'],
    [await token(signet, M2M), 401, 'invalid_client'],
    [await token(signet, OF_APP), 400, 'invalid_request'],
    [await token(signet, { grant_type: 'banana', ...OF_APP }), 400, 'unsupported_grant_type'],
    [await token(signet, 'grant_type=%ff&client_id=%zz'), 400, 'invalid_request'],
    [await token(signet, `grant_type=${'x'.repeat(70_000)}`), 413, 'invalid_request'],
    [await token(signet, '{}', { 'content-type': 'application/json' }), 400, 'invalid_request'],
  ];
  for (const [{ status, body, headers }, expected, error] of refusals) {
    assert.deepEqual([status, body['error']], [expected, error], JSON.stringify(body));
    assert.equal(headers.get('content-type'), 'application/json');
    assert.equal(headers.get('cache-control'), 'no-store');
  }
});

test('lifetimes belong to the application (row 108)', async (t) => {
  const short = { ...APP, access_token_lifetime: 120, refresh_token_lifetime: 600 };
  const signet = await startUserClouds(t, { clients: [short] });
  const { access_token = '', refresh_token = '' } = await tokensOf(signet);
  const { exp, iat } = claimsOf(access_token);
  assert.equal(Number(exp) - Number(iat), 120);
  signet.clock.advance(601_000);
  const late = await token(signet, { grant_type: 'refresh_token', refresh_token, ...OF_APP });
  assert.equal(late.body['error'], 'invalid_grant');
});

test('an ID token is for the application and the tenant, and tells who the person is (row 107)', async (t) => {
  const signet = await startUserClouds(t);
  const { id_token } = await tokensOf(signet, ALICE, { nonce: 'n-0S6' });
  const { payload } = await verified(signet, id_token, { audience: APP.client_id });
  assert.deepEqual(payload.aud, [APP.client_id, signet.issuer]);
  assert.equal(payload.iss, signet.issuer);
  assert.match(payload.sub ?? '', UUID);
  const { azp, nonce, name, nickname, email, email_verified, picture, organization_id, subject_type } =
    payload;
  assert.deepEqual(
    { azp, nonce, name, nickname, email, email_verified, picture, organization_id, subject_type },
    {
      azp: APP.client_id,
      nonce: 'n-0S6',
      name: 'Alice Example',
      nickname: 'Al',
      email: 'alice@example.com',
      email_verified: true,
      picture: 'https://example.com/alice.png',
      organization_id: ORGANIZATION,
      subject_type: '_user',
    },
  );
  const bob = claimsOf((await tokensOf(signet, BOB))['id_token'] ?? '');
  assert.equal(bob['nickname'], 'bob', 'the username stands in for a nickname');
  assert.equal(bob['organization_id'], undefined);
});

test('an access token is for the tenant, and names a person by sub or a service by the id of its app (row 108)', async (t) => {
  const signet = await startUserClouds(t);
  const { access_token, id_token } = await tokensOf(signet);
  const { payload, protectedHeader } = await verified(signet, access_token, { audience: signet.issuer });
  assert.equal(protectedHeader.typ, 'at+jwt');
  assert.equal(payload.sub, claimsOf(id_token ?? '')['sub']);
  assert.equal(payload['subject_type'], '1bf2b775-e521-41d3-8b7e-78e89427e6fe');
  assert.equal(payload['organization_id'], ORGANIZATION);
  assert.ok(payload.exp && payload.jti);
  const service = claimsOf(await serviceToken(signet));
  assert.match(String(service['sub']), UUID);
  assert.notEqual(service['sub'], SERVICE.client_id);
  assert.equal(service['subject_type'], '_login_app');
  assert.equal(service['organization_id'], ORGANIZATION);
  assert.equal(service['sub'], claimsOf(await serviceToken(signet))['sub'], 'always the same');
});

test('no kind of token passes where another is due (row 109)', async (t) => {
  const signet = await startUserClouds(t);
  const tokens = await tokensOf(signet);
  const api = resourceServer({ issuer: signet.issuer, audience: signet.issuer });
  assert.equal((await api.verify(`Bearer ${tokens['access_token']}`)).claims.iss, signet.issuer);
  for (const wrong of ['id_token', 'refresh_token']) {
    await assert.rejects(
      api.verify(`Bearer ${tokens[wrong]}`),
      { error: 'invalid_token' },
      `${wrong} at the API`,
    );
    const userinfo = await fetch(signet.url('/userinfo'), { headers: bearer(tokens[wrong] ?? '') });
    assert.equal(userinfo.status, 401, `${wrong} at userinfo`);
  }
  for (const wrong of ['access_token', 'refresh_token']) {
    const hint = new URLSearchParams({ id_token_hint: tokens[wrong] ?? '' }).toString();
    const logout = await fetch(`${signet.url('/oidc/logout')}?${hint}`, { redirect: 'manual' });
    assert.equal(logout.status, 400, `${wrong} as id_token_hint at logout`);
    const asked = await fetch(
      `${signet.url('/oidc/authorize')}?${new URLSearchParams({
        client_id: APP.client_id,
        redirect_uri: 'http://localhost:8080/callback',
        response_type: 'code',
        scope: 'openid',
        state: 'state',
        prompt: 'none',
        id_token_hint: tokens[wrong] ?? '',
      }).toString()}`,
      { redirect: 'manual' },
    );
    assert.match(asked.headers.get('location') ?? '', /error=invalid_request/, `${wrong} as hint`);
    await assert.rejects(
      verified(signet, tokens[wrong], { audience: APP.client_id, typ: 'JWT' }),
      `${wrong} as ID token`,
    );
  }
  for (const wrong of ['access_token', 'id_token']) {
    const form = { grant_type: 'refresh_token', refresh_token: tokens[wrong] ?? '', ...OF_APP };
    assert.equal((await token(signet, form)).body['error'], 'invalid_grant', `${wrong} as refresh token`);
    const asCode = { grant_type: 'authorization_code', code: tokens[wrong] ?? '', ...OF_APP };
    assert.equal((await token(signet, asCode)).body['error'], 'invalid_grant', `${wrong} as code`);
  }
});

test('a service acts as itself: userinfo shows the client (row 110)', async (t) => {
  const signet = await startUserClouds(t);
  const ask = async (access_token: string) => {
    const response = await fetch(signet.url('/oidc/userinfo'), { headers: bearer(access_token) });
    return { status: response.status, body: await response.json() };
  };
  assert.deepEqual(await ask(await serviceToken(signet)), {
    status: 200,
    body: { sub: SERVICE.client_id, name: 'Nightly Job', subject_type: 'client' },
  });
  const elsewhere = await startUserClouds(t);
  const { status } = await fetch(elsewhere.url('/oidc/userinfo'), {
    headers: bearer(await serviceToken(signet)),
  });
  assert.equal(status, 401, 'another provider does not know it');
});
