import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, personAt, post, request, userinfo } from '../support/person.ts';
import { startSignet, WEB_APP } from '../support/signet.ts';
import { verified } from '../support/tokens.ts';

const signet = await startSignet(
  { after },
  {
    clients: [
      WEB_APP,
      ...['ES256', 'RS256', 'PS256', 'EdDSA'].map((alg) => ({
        ...WEB_APP,
        client_id: alg,
        userinfo_signed_response_alg: alg,
      })),
    ],
  },
);
const person = personAt(signet);
const url = signet.url('/userinfo');
const tokenFor = async (over: Record<string, string> = {}) =>
  answerOf(await person.grant(request({ response_type: 'token', ...over })))['access_token'] ?? '';
const token = await tokenFor();
const get = async (headers: Record<string, string>, query = '') => {
  const response = await fetch(url + query, { headers });
  return {
    status: response.status,
    challenge: response.headers.get('www-authenticate') ?? '',
    text: await response.text(),
  };
};

test('claims are given for a token in the header, by GET and by POST (OIDC Core §5.3, §5.3.1, §5.3.2, RFC 6750 §2.1)', async () => {
  const { status, body, headers } = await userinfo(signet, token);
  assert.equal(status, 200);
  assert.equal(body['name'], 'Alice Example');
  assert.match(headers.get('content-type') ?? '', /^application\/json/);
  assert.equal(headers.get('cache-control'), 'no-store');
  const posted = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  assert.deepEqual(await posted.json(), body);
  assert.equal((await get({ authorization: `bEARER ${token}` })).status, 200);
});

test('a token may come in a posted form (RFC 6750 §2.2)', async () => {
  assert.equal((await post(url, { access_token: token })).body['email'], 'alice@example.com');
});

test('sub is that of the ID token, and is always there (OIDC Core §5.3.2)', async () => {
  const answer = answerOf(await person.grant(request({ response_type: 'id_token token', scope: 'openid' })));
  const { payload } = await verified(signet, answer['id_token']);
  assert.deepEqual((await userinfo(signet, answer['access_token'] ?? '')).body, { sub: payload.sub });
});

test('a token in the query is refused, also beside a good one (RFC 6750 §2.3, §5.3)', async () => {
  const query = `?access_token=${encodeURIComponent(token)}`;
  assert.equal((await get({}, query)).status, 400);
  assert.equal((await get({ authorization: `Bearer ${token}` }, query)).status, 400);
});

test('a token sent in two ways is refused (RFC 6750 §2, §3.1)', async () => {
  const { status, body } = await post(url, { access_token: token }, { authorization: `Bearer ${token}` });
  assert.equal(status, 400);
  assert.equal(body['error'], 'invalid_request');
  assert.equal(
    (await post(url, `access_token=${token}&access_token=${token}`)).body['error'],
    'invalid_request',
  );
});

test('without a token the challenge names no error; with a bad one it does (RFC 6750 §3, §3.1)', async () => {
  const none = await get({});
  assert.equal(none.status, 401);
  assert.equal(none.challenge, `Bearer realm="${signet.issuer}"`);
  const bad = await get({ authorization: 'Bearer x' });
  assert.equal(bad.status, 401);
  assert.match(bad.challenge, /^Bearer realm="[^"]+", error="invalid_token", error_description="[^"]+"$/);
  assert.match(bad.text, /invalid_token/);
});

test('a malformed Authorization header is refused (RFC 6750 §2.1)', async () => {
  for (const authorization of [
    'Bearer',
    'Bearer ',
    token,
    `Bearer${token}`,
    `Bearer ${token} x`,
    `Bearer "${token}"`,
    `Basic ${token}`,
    `DPoP ${token}`,
    `Bearer ${token},`,
    `Bearer\u00a0${token}`,
  ]) {
    assert.equal((await get({ authorization })).status, 401, authorization);
  }
});

test('a token without openid is insufficient_scope, with the scope that is missing (OIDC Core §5.3.3, RFC 6750 §3.1)', async () => {
  const { status, challenge } = await get({ authorization: `Bearer ${await tokenFor({ scope: 'email' })}` });
  assert.equal(status, 403);
  assert.match(challenge, /error="insufficient_scope".*scope="openid"/);
});

test('a client may get its claims signed, in each algorithm (OIDC Core §5.3.2)', async () => {
  for (const client_id of ['ES256', 'RS256', 'PS256', 'EdDSA']) {
    const { body, headers } = await userinfo(signet, await tokenFor({ client_id }));
    assert.match(headers.get('content-type') ?? '', /^application\/jwt/);
    const { payload } = await verified(signet, body['text'], {
      audience: client_id,
      algorithms: [client_id],
    });
    assert.equal(payload['email'], 'alice@example.com');
    assert.ok(payload.sub);
  }
});

test('an application in a browser may ask: any origin, no cookies (Fetch §3.2)', async () => {
  const preflight = await fetch(url, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://spa.example',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
    },
  });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get('access-control-allow-origin'), '*');
  assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /authorization/);
  assert.equal(preflight.headers.get('access-control-allow-credentials'), null);
});

test('a session cookie opens nothing here', async () => {
  const seen = await person.visit(url);
  assert.equal(seen.status, 401);
});
