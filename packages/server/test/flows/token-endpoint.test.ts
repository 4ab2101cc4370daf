import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, basic, exchange, personAt, post, request } from '../support/person.ts';
import { REDIRECT, startSignet, WEB_APP } from '../support/signet.ts';

const signet = await startSignet({ after }, { clients: [WEB_APP, { ...WEB_APP, client_id: 'other' }] });
const person = personAt(signet);
const newCode = async (over: Record<string, string> = {}) =>
  answerOf(await person.grant(request(over)))['code'] ?? '';
const token = signet.url('/token');

test('a successful answer has the registered members and is kept by nobody (RFC 6749 §5.1, §4.1.4, OIDC Core §3.1.3.3)', async () => {
  const { status, body, headers } = await exchange(signet, await newCode());
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body).sort(), [
    'access_token',
    'expires_in',
    'id_token',
    'scope',
    'token_type',
  ]);
  assert.equal(body['token_type'], 'Bearer');
  assert.equal(body['expires_in'], 600);
  assert.equal(body['scope'], 'openid profile email');
  assert.match(headers.get('content-type') ?? '', /^application\/json/);
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.equal(headers.get('pragma'), 'no-cache');
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
});

test('errors are JSON as well, kept by nobody, and hold only what may be told (RFC 6749 §5.2, OIDC Core §3.1.3.4)', async () => {
  const { status, body, headers } = await exchange(signet, 'sgac_no-such-code');
  assert.equal(status, 400);
  assert.deepEqual(Object.keys(body).sort(), ['error', 'error_description']);
  assert.equal(body['error'], 'invalid_grant');
  assert.match(String(body['error_description']), /^[\x20\x21\x23-\x5B\x5D-\x7E]+$/);
  assert.equal(headers.get('cache-control'), 'no-store');
});

test('only POST is answered (RFC 6749 §3.2)', async () => {
  const code = await newCode();
  const query = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT,
  }).toString();
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH']) {
    const response = await fetch(`${token}?${query}`, { method, headers: basic() });
    assert.equal(response.status, 405, method);
    assert.equal(response.headers.get('allow'), 'POST');
  }
  assert.equal((await exchange(signet, code)).status, 200, 'the code was not spent');
});

test('only a form in UTF-8 is read (RFC 6749 §3.2, OIDC Core §13.2)', async () => {
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'email' }).toString();
  const send = async (type: string | undefined, text = body): Promise<number> => {
    const headers = { ...basic(), ...(type !== undefined && { 'content-type': type }) };
    return (await fetch(token, { method: 'POST', headers, body: Buffer.from(text) })).status;
  };
  for (const type of [
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded;charset=UTF-8',
    'Application/X-WWW-Form-Urlencoded; charset="utf-8"',
  ]) {
    assert.equal(await send(type), 200, type);
  }
  for (const type of [
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded; charset=iso-8859-1',
    'application/x-www-form-urlencodedx',
    undefined,
  ]) {
    assert.equal(await send(type), 400, String(type));
  }
  assert.equal(await send('application/json', JSON.stringify({ grant_type: 'client_credentials' })), 400);
});

test('a missing, unknown or removed grant type is refused (RFC 6749 §5.2, §4.3, §4.5)', async () => {
  assert.equal((await post(token, {}, basic())).body['error'], 'invalid_request');
  const password = { grant_type: 'password', username: 'alice', password: 'wonderland' };
  for (const form of [
    password,
    { grant_type: 'implicit' },
    { grant_type: '__proto__' },
    { grant_type: 'AUTHORIZATION_CODE' },
    { grant_type: 'urn:ietf:params:oauth:grant-type:device_code' },
  ]) {
    const { status, body } = await post(token, { ...form }, basic());
    assert.deepEqual([status, body['error']], [400, 'unsupported_grant_type'], form.grant_type);
  }
});

test('every repeated parameter is refused and nothing is spent (RFC 6749 §3.2)', async () => {
  const code = await newCode();
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT,
  }).toString();
  for (const name of [
    'grant_type',
    'code',
    'redirect_uri',
    'code_verifier',
    'client_id',
    'client_secret',
    'scope',
    'unknown',
  ]) {
    const { body } = await post(token, `${form}&${name}=a&${name}=a`, basic());
    assert.equal(body['error'], 'invalid_request', name);
  }
  assert.equal((await exchange(signet, code)).status, 200);
});

test('unknown parameters are ignored, and so is a scope at the exchange of a code (RFC 6749 §3.2)', async () => {
  const { status, body } = await exchange(signet, await newCode({ scope: 'openid' }), {
    vendor: 'x',
    scope: 'openid email phone',
  });
  assert.equal(status, 200);
  assert.equal(body['scope'], 'openid');
});

test('a code is refused that is missing, malformed, too long or of another client (RFC 6749 §4.1.3, OIDC Core §3.1.3.2)', async () => {
  const code = await newCode();
  const refused = async (wrong: string) => (await exchange(signet, wrong)).body['error'];
  assert.equal(await refused(''), 'invalid_request');
  assert.equal(await refused('x'.repeat(3000)), 'invalid_request');
  for (const wrong of [
    'x',
    code.slice(0, -1),
    `${code}A`,
    `${code}=`,
    code.toUpperCase(),
    code.replace('sgac_', 'sgrt_'),
    code.slice(5),
    `${code.slice(0, -2)}AA`,
  ]) {
    assert.equal(await refused(wrong), 'invalid_grant', wrong);
  }
  const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT };
  assert.equal((await post(token, form, basic('other'))).body['error'], 'invalid_grant');
  assert.equal((await exchange(signet, code)).status, 200, 'a stranger has not spent it');
});

test('the redirect_uri is compared exactly, may not be left out, and may be left out where it was (RFC 6749 §4.1.3, §10.6)', async () => {
  const code = await newCode();
  for (const redirect_uri of [
    '',
    `${REDIRECT}/`,
    REDIRECT.toUpperCase(),
    `${REDIRECT}?`,
    'http://127.0.0.1:9001/cb',
  ]) {
    assert.equal(
      (await exchange(signet, code, { redirect_uri })).body['error'],
      'invalid_grant',
      redirect_uri,
    );
  }
  assert.equal((await exchange(signet, code)).status, 200);
});

test('a code lives a minute and is guarded by at least 160 random bits (RFC 6749 §4.1.2, §10.5, §10.10, OIDC Core §15.5.1)', async () => {
  const codes = await Promise.all(Array.from({ length: 20 }, () => newCode()));
  assert.equal(new Set(codes).size, 20);
  assert.ok(codes.every((code) => code.length >= 40));
  signet.clock.advance(59_000);
  assert.equal((await exchange(signet, codes[0] ?? '')).status, 200);
  signet.clock.advance(1000);
  assert.equal((await exchange(signet, codes[1] ?? '')).body['error'], 'invalid_grant');
});

test('a replay is known as one long after the code has run out (RFC 6749 §4.1.2)', async () => {
  const code = await newCode({ scope: 'openid offline_access' });
  const { body } = await exchange(signet, code);
  signet.clock.advance(3_600_000);
  await signet.app.maintain();
  assert.match(String((await exchange(signet, code)).body['error_description']), /used before/);
  const form = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) };
  assert.equal((await post(token, form, basic())).body['error'], 'invalid_grant');
});

test('a refresh token comes with offline_access alone, to clients registered for it (OIDC Core §11, RFC 6749 §10.4)', async () => {
  const without = await exchange(signet, await newCode());
  assert.equal(without.body['refresh_token'], undefined);
  const offline = await exchange(signet, await newCode({ scope: 'openid offline_access' }));
  assert.match(String(offline.body['refresh_token']), /^sgrt_/);
});
