import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusalOf, setup } from './support.ts';

test('the scheme is read without regard to case, and more than one space may follow it', async (t) => {
  const { id, api } = await setup(t);
  const token = await id.accessToken();
  for (const header of [`Bearer ${token}`, `bearer ${token}`, `BEARER   ${token}`]) {
    assert.equal((await api.verify(header)).sub, 'user-1');
  }
});

test('a token is taken from a header, a Node request and a fetch request alike', async (t) => {
  const { id, api } = await setup(t);
  const authorization = `Bearer ${await id.accessToken()}`;
  const sources = [
    authorization,
    { headers: { authorization } },
    { headers: { authorization }, rawHeaders: ['Authorization', authorization], url: '/orders?page=2' },
    new Request('https://api.example.test/orders?page=2', { headers: { authorization } }),
  ];
  for (const source of sources) assert.equal((await api.verify(source)).client_id, 'client-1');
});

test('a request without bearer credentials is challenged without an error (RFC 6750 §3.1)', async (t) => {
  const { api } = await setup(t);
  const sources = [
    undefined,
    null,
    '',
    'Basic dXNlcjpwYXNz',
    'DPoP abc',
    'Bearerabc',
    { headers: {} },
    new Request('https://api.example.test/'),
  ];
  for (const source of sources) {
    const refused = await refusalOf(api.verify(source));
    assert.equal(refused.status, 401);
    assert.equal(refused.error, undefined);
    assert.deepEqual(refused.headers, { 'WWW-Authenticate': 'Bearer realm="https://api.example.test"' });
    assert.deepEqual(Object.keys(refused.body), ['message']);
  }
});

test('malformed bearer credentials are an invalid request', async (t) => {
  const { id, api } = await setup(t);
  const token = await id.accessToken();
  const several = [`${token} ${token}`, `${token},Bearer ${token}`, `${token}, Bearer ${token}`, 'a, b="c"'];
  const malformed = ['', '====', 'a=b', `"${token}"`, 'tökén', 'a\r\nX-Injected:1', '\u0000'];
  const headers: [string, RegExp][] = [
    ['Bearer', /must read/],
    [`Bearer\t${token}`, /must read/],
    ...malformed.map((credentials): [string, RegExp] => [`Bearer ${credentials}`, /must read/]),
    ...several.map((credentials): [string, RegExp] => [`Bearer ${credentials}`, /one access token/]),
  ];
  for (const [header, why] of headers) {
    const refused = await refusalOf(api.verify(header));
    assert.equal(refused.status, 400, JSON.stringify(header));
    assert.match(refused.description, why);
    assert.match(refused.headers['WWW-Authenticate'] ?? '', /error="invalid_request"/);
  }
});

test('two Authorization headers are refused, even when both hold the same good token', async (t) => {
  const { id, api } = await setup(t);
  const authorization = `Bearer ${await id.accessToken()}`;
  const rawHeaders = ['authorization', authorization, 'Host', 'api', 'Authorization', authorization];
  const refused = await refusalOf(api.verify({ headers: { authorization }, rawHeaders }));
  assert.equal(refused.status, 400);
  assert.equal(refused.error, 'invalid_request');
  assert.match(refused.description, /one Authorization header/);

  const request = new Request('https://api.example.test/', { headers: { authorization } });
  request.headers.append('authorization', authorization);
  assert.equal((await refusalOf(api.verify(request))).status, 400);
});

test('a token in the query or in a form is refused and never read (RFC 6750 §2.2, §2.3)', async (t) => {
  const { id, api } = await setup(t);
  const token = await id.accessToken();
  const authorization = `Bearer ${token}`;
  const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const sources = [
    { headers: {}, url: `/orders?access_token=${token}` },
    { headers: {}, url: `/orders?page=2&access%5Ftoken=${token}#top` },
    { headers: { authorization }, url: `/orders?x=?&access_token=${token}` },
    { headers: { authorization }, url: '/orders?access_token=' },
    new Request(`https://api.example.test/?access_token=${token}`),
    { headers: form, body: { access_token: token } },
    { headers: { authorization, ...form }, body: { access_token: token } },
  ];
  for (const source of sources) {
    const refused = await refusalOf(api.verify(source));
    assert.equal(refused.status, 400);
    assert.equal(refused.error, 'invalid_request');
  }
});

test('a member access_token of a JSON body is nobody else’s business', async (t) => {
  const { id, api } = await setup(t);
  const headers = { authorization: `Bearer ${await id.accessToken()}`, 'content-type': 'application/json' };
  assert.equal((await api.verify({ headers, body: { access_token: 'x' } })).sub, 'user-1');
});

test('a token of a megabyte is refused before it is looked at', async (t) => {
  const { api, id } = await setup(t);
  const refused = await refusalOf(api.verify(`Bearer ${'a'.repeat(1024 * 1024)}`));
  assert.equal(refused.status, 401);
  assert.match(refused.description, /longer than 16384/);
  assert.deepEqual(id.requests, []);
});

test('the checked token shows its claims, and hides itself from logs', async (t) => {
  const { id, api } = await setup(t);
  const sent = await id.accessToken({ scope: 'orders:read  orders:write', tenant: 'blue' });
  const verified = await api.verify(`Bearer ${sent}`);
  assert.deepEqual([...verified.scope], ['orders:read', 'orders:write']);
  assert.equal(verified.jti, 'token-1');
  assert.equal(verified.exp, 1_800_000_300);
  assert.equal(verified.claims.tenant, 'blue');
  assert.equal(verified.claims.aud, id.audience);
  assert.equal(verified.token, sent);
  assert.ok(!JSON.stringify(verified).includes(sent));
});
