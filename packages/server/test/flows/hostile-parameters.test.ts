import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { answerOf, basic, personAt, post, request } from '../support/person.ts';
import { REDIRECT, startSignet } from '../support/signet.ts';

const signet = await startSignet({ after });
const person = personAt(signet);
await person.grant(request());

const PARAMETERS = [
  'response_type',
  'response_mode',
  'scope',
  'state',
  'nonce',
  'display',
  'prompt',
  'max_age',
  'ui_locales',
  'claims_locales',
  'id_token_hint',
  'login_hint',
  'acr_values',
  'claims',
  'request',
  'request_uri',
  'registration',
  'code_challenge',
  'code_challenge_method',
  'unknown',
];
/** The query as text, so that a test can break it. */
const query = (over: Record<string, string> = {}): string => new URLSearchParams(request(over)).toString();
const authorize = (text: string) => person.visit(`${signet.url('/authorize')}?${text}`);
const isPage = async (text: string, note: string): Promise<void> => {
  const seen = await authorize(text);
  assert.equal(seen.status, 400, note);
  assert.equal(seen.location, undefined, note);
  assert.match(seen.headers.get('content-type') ?? '', /^text\/html/);
};

test('every repeated parameter is refused, also when both values are equal (RFC 6749 §3.1)', async () => {
  for (const name of PARAMETERS) {
    const text = `${query()}&${name}=a&${name}=a`;
    const answer = answerOf(await authorize(text));
    const error = name === 'request_uri' ? 'request_uri_not_supported' : 'invalid_request';
    assert.equal(answer['error'], error, name);
    assert.equal(answer['iss'], signet.issuer);
  }
});

test('of a repeated state none is echoed (RFC 6749 §4.1.2.1)', async () => {
  const answer = answerOf(await authorize(`${query()}&state=b`));
  assert.equal(answer['error'], 'invalid_request');
  assert.equal(answer['state'], undefined);
});

test('a repeated client_id or redirect_uri leaves no place to answer to: a page (RFC 6749 §3.1.2.4)', async () => {
  await isPage(`${query()}&client_id=web-app`, 'client_id');
  await isPage(`${query()}&redirect_uri=${encodeURIComponent(REDIRECT)}`, 'redirect_uri');
});

test('a parameter without a value counts as absent (RFC 6749 §3.1)', async () => {
  const empty = PARAMETERS.map((name) => `${name}=`).join('&');
  assert.ok(answerOf(await authorize(`${empty}&${query()}&=x&&state=&`))['code']);
});

test('each required parameter that is missing is named by its error (OIDC Core §3.1.2.2)', async () => {
  await isPage(query({ client_id: '' }), 'client_id');
  const { error, error_description } = answerOf(await authorize(query({ response_type: '' })));
  assert.equal(error, 'invalid_request');
  assert.match(error_description ?? '', /required parameter/);
});

test('OpenID needs the redirect_uri though the client has only one, OAuth does not (OIDC Core §3.1.2.1, RFC 6749 §3.1.2.3)', async () => {
  assert.equal(answerOf(await authorize(query({ redirect_uri: '' })))['error'], 'invalid_request');
  const answer = answerOf(await authorize(query({ redirect_uri: '', scope: 'email' })));
  assert.ok(answer['code']);
  const form = { grant_type: 'authorization_code', code: answer['code'] ?? '' };
  assert.equal((await post(signet.url('/token'), form, basic())).status, 200);
});

test('an unknown response type is unsupported_response_type (RFC 6749 §3.1.1, §4.1.2.1, OAuth Multiple Response Types §4)', async () => {
  for (const response_type of [
    'none',
    'code none',
    'CODE',
    'code code',
    'code  id_token',
    ' code',
    'device',
    'code,token',
    '__proto__',
  ]) {
    assert.equal(
      answerOf(await authorize(query({ response_type })))['error'],
      'unsupported_response_type',
      response_type,
    );
  }
});

test('each parameter that is too long is refused, by redirect where there is a place for it', async () => {
  const long = 'x'.repeat(12_400);
  for (const name of [
    'scope',
    'nonce',
    'prompt',
    'max_age',
    'id_token_hint',
    'login_hint',
    'acr_values',
    'claims',
    'request',
    'ui_locales',
    'display',
  ]) {
    const answer = answerOf(await authorize(query({ [name]: long })));
    assert.equal(answer['error'], 'invalid_request', name);
    assert.equal(answer['state'], 'state-of-the-client');
  }
  for (const name of ['client_id', 'redirect_uri', 'state', 'response_type', 'response_mode']) {
    await isPage(query({ [name]: long }), name);
  }
});

test('malformed percent-encoding, malformed UTF-8 and NUL are refused and not guessed at (OIDC Core §13.1)', async () => {
  for (const bad of [
    '%',
    '%z1',
    '%e',
    '%ff',
    '%c3%28',
    '%ed%a0%80',
    '%f4%90%80%80',
    '%c0%80',
    '%00',
    'a%00b',
  ]) {
    await isPage(`${query()}&x=${bad}`, bad);
    await isPage(`${query()}&${bad}=x`, bad);
    await isPage(`client_id=${bad}`, bad);
  }
});

test('the same holds for forms, at the authorization and the token endpoint (OIDC Core §13.2)', async () => {
  for (const bad of ['%', '%ff', '%00', '%c3%28']) {
    const page = await post(signet.url('/authorize'), `${query()}&x=${bad}`);
    assert.equal(page.status, 400, bad);
    const json = await post(signet.url('/token'), `grant_type=client_credentials&x=${bad}`, basic());
    assert.equal(json.body['error'], 'invalid_request', bad);
  }
});

test('bytes that are no UTF-8 are refused as they are, not only when they are percent-encoded (OIDC Core §13.2)', async () => {
  const body = Buffer.concat([Buffer.from('grant_type=client_credentials&x='), Buffer.from([0xff, 0xfe])]);
  const headers = { ...basic(), 'content-type': 'application/x-www-form-urlencoded' };
  const response = await fetch(signet.url('/token'), { method: 'POST', body, headers });
  assert.equal(response.status, 400);
});

test('ten thousand repeats of a parameter cost next to nothing', async () => {
  const started = performance.now();
  const answer = await post(
    signet.url('/token'),
    `grant_type=client_credentials&${'a=1&'.repeat(10_000)}`,
    basic(),
  );
  assert.equal(answer.body['error'], 'invalid_request');
  assert.ok(performance.now() - started < 500);
});

test('an authorization request may be posted, and is answered like one in the address (OIDC Core §3.1.2.1)', async () => {
  const seen = await person.follow(
    await person.visit(signet.url('/authorize'), { method: 'POST', body: new URLSearchParams(request()) }),
  );
  assert.ok(answerOf(seen)['code']);
  const long = request({ state: 'ü'.repeat(2000) });
  const large = await person.follow(
    await person.visit(signet.url('/authorize'), { method: 'POST', body: new URLSearchParams(long) }),
  );
  assert.equal(answerOf(large)['state'], long['state']);
});

test('a posted authorization request must be a form (OIDC Core §13.2)', async () => {
  const body = JSON.stringify(request());
  const response = await fetch(signet.url('/authorize'), {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  assert.equal(response.status, 400);
  assert.equal(response.headers.get('location'), null);
});

test('names that mean something to JavaScript mean nothing here', async () => {
  const names = ['__proto__', 'constructor', 'toString', '__proto__[admin]', 'hasOwnProperty'];
  const text = names.map((name) => `${encodeURIComponent(name)}=x`).join('&');
  assert.ok(answerOf(await authorize(`${query()}&${text}`))['code']);
  assert.equal(Object.hasOwn(Object.prototype, 'admin'), false);
  for (const client_id of names) await isPage(query({ client_id }), client_id);
});
