import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { test } from 'node:test';
import { answerOf, basic, claimsOf, hiddenFields, post } from '../../support/person.ts';
import {
  AUTH,
  asked,
  authorizeUrl,
  bearer,
  CURL_SECRET,
  call,
  codeFor,
  exchange,
  getAt,
  grant,
  open,
  refresh,
  SCOPE,
  startCells,
  TOKEN,
  tokensFor,
  userinfo,
  visitorOf,
} from './cells.ts';

test('discovery stands below /oidc, names every endpoint there and the issuer of ID tokens (row 1)', async (t) => {
  const cells = await startCells(t);
  const { status, headers, body } = await call(cells, ['GET', '/oidc/.well-known/openid-configuration']);
  assert.equal(status, 200);
  assert.equal(headers.get('access-control-allow-origin'), '*');
  assert.equal(body['issuer'], `${cells.site}/oidc`);
  const { id_token = '' } = await tokensFor(cells);
  assert.equal(claimsOf(id_token)['iss'], body['issuer']);
  const endpoints = {
    authorization_endpoint: AUTH,
    token_endpoint: TOKEN,
    userinfo_endpoint: '/oidc/userinfo',
    revocation_endpoint: '/oidc/oauth2/revoke',
    end_session_endpoint: '/oidc/oauth2/sessions/logout',
    jwks_uri: '/oidc/.well-known/jwks.json',
  };
  for (const [name, path] of Object.entries(endpoints)) assert.equal(body[name], cells.site + path, name);
  const named = Object.keys(body).filter((name) => /_endpoint$|_iframe$/.test(name));
  assert.deepEqual(
    named.sort(),
    Object.keys(endpoints)
      .filter((name) => name !== 'jwks_uri')
      .sort(),
  );
  assert.deepEqual(body['code_challenge_methods_supported'], ['S256']);
  for (const value of SCOPE.split(' ')) assert.ok((body['scopes_supported'] as string[]).includes(value));
});

test('the key set holds the RSA key that an ID token names and verifies with (row 2)', async (t) => {
  const cells = await startCells(t);
  const { id_token = '' } = await tokensFor(cells);
  const [head = '', claims = '', signature = ''] = id_token.split('.');
  const { alg, kid } = JSON.parse(Buffer.from(head, 'base64url').toString());
  assert.equal(alg, 'RS256');
  const { headers, body } = await call(cells, ['GET', '/oidc/.well-known/jwks.json']);
  assert.equal(headers.get('access-control-allow-origin'), '*');
  const key = (body['keys'] as Record<string, string>[]).find((one) => one['kid'] === kid);
  assert.equal(key?.['kty'], 'RSA');
  assert.equal(key['alg'], 'RS256');
  const publicKey = createPublicKey({ key, format: 'jwk' });
  const signed = Buffer.from(`${head}.${claims}`);
  assert.ok(verify('sha256', signed, publicKey, Buffer.from(signature, 'base64url')));
});

test('who is not signed in is led to the login page with a challenge, who is goes straight back with code and state (row 3)', async (t) => {
  const cells = await startCells(t);
  const person = visitorOf(cells);
  const first = await person.visit(authorizeUrl(cells, asked()));
  assert.equal(first.status, 303);
  assert.match(first.location ?? '', new RegExp(`^${cells.site}/oauth2/login\\?login_challenge=[\\w-]+$`));
  await grant(cells, asked(), { person });
  const again = await person.visit(authorizeUrl(cells, asked({ state: 'the-next-one' })));
  assert.equal(again.status, 303);
  assert.ok(again.location?.startsWith('http://localhost:3000/servers/callback?'));
  const { code, state } = answerOf(again);
  assert.equal(state, 'the-next-one');
  assert.equal((await exchange(cells, code ?? '')).status, 200);
});

test('an authorization request may be posted as well (row 3)', async (t) => {
  const cells = await startCells(t);
  const person = visitorOf(cells);
  await grant(cells, asked(), { person });
  const body = new URLSearchParams(asked());
  const posted = await person.visit(cells.site + AUTH, { method: 'POST', body });
  assert.equal(posted.status, 303);
  const { state } = answerOf(await person.visit(posted.location ?? ''));
  assert.equal(state, asked()['state']);
});

test('the login page is found under /login too (row 3)', async (t) => {
  const cells = await startCells(t);
  const person = visitorOf(cells);
  const { location = '' } = await person.visit(authorizeUrl(cells, asked()));
  const page = await person.visit(location.replace('/oauth2/login?', '/login?'));
  assert.equal(page.status, 200);
  assert.match(page.text, /name="password"/);
});

test('the token endpoint takes forms alone, answers JSON that is never kept, and preflights (row 4)', async (t) => {
  const cells = await startCells(t);
  const { status, headers } = await exchange(cells, await codeFor(cells));
  assert.equal(status, 200);
  assert.match(headers.get('content-type') ?? '', /^application\/json/);
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.equal(headers.get('pragma'), 'no-cache');
  assert.equal((await call(cells, ['GET', TOKEN])).status, 405);
  const json = await call(cells, ['POST', TOKEN], { grant_type: 'authorization_code' });
  assert.equal(json.status, 400);
  assert.equal(json.body['error'], 'invalid_request');
  const preflight = await call(cells, ['OPTIONS', TOKEN], undefined, {
    origin: 'http://localhost:3636',
    'access-control-request-method': 'POST',
  });
  assert.equal(preflight.status, 204);
  assert.match(preflight.headers.get('access-control-allow-methods') ?? '', /POST/);
});

test('revoking a refresh token ends its access tokens; an unknown token is a success too (row 5)', async (t) => {
  const cells = await startCells(t);
  const { access_token, refresh_token = '' } = await tokensFor(cells);
  const revoke = (form: Record<string, string>, headers = {}) =>
    post(cells.url('/oidc/oauth2/revoke'), form, headers);
  assert.equal((await userinfo(cells, access_token)).status, 200);
  const done = await revoke({ token: refresh_token, client_id: 'cells-client' });
  assert.equal(done.status, 200);
  assert.equal(done.body['text'], '');
  assert.equal((await userinfo(cells, access_token)).status, 401);
  assert.equal((await refresh(cells, refresh_token)).body['error'], 'invalid_grant');
  assert.equal((await revoke({ token: 'never-given', client_id: 'cells-client' })).status, 200);
  assert.equal((await revoke({ token: 'x' }, basic('cells-curl', CURL_SECRET))).status, 200);
  assert.equal((await revoke({ token: 'x' }, basic('cells-curl', 'wrong'))).status, 401);
});

test('userinfo tells who it is by GET and POST, and refuses a bad token (row 6)', async (t) => {
  const cells = await startCells(t);
  const { access_token, id_token = '', refresh_token } = await tokensFor(cells);
  for (const method of ['GET', 'POST']) {
    const { status, body } = await call(cells, [method, '/oidc/userinfo'], undefined, bearer(access_token));
    assert.equal(status, 200);
    assert.equal(body['sub'], claimsOf(id_token)['sub']);
    assert.equal(body['name'], 'alice');
    assert.equal(body['email'], 'alice@example.com');
    assert.equal(body['authSource'], 'pydio');
    assert.deepEqual(
      ['nonce', 'at_hash', 'c_hash', 'exp', 'sid', 'jti'].filter((name) => name in body),
      [],
    );
  }
  for (const token of [id_token, refresh_token, 'nonsense']) {
    const refused = await userinfo(cells, token);
    assert.equal(refused.status, 401);
    assert.equal(refused.body['error'], 'invalid_token');
    assert.equal(refused.body['status_code'], 401);
    assert.match(refused.headers.get('www-authenticate') ?? '', /^Bearer /);
  }
});

/** A client that has a place to go after signing out. */
const WITH_LOGOUT = {
  client_id: 'portal',
  client_secret: 'secret-of-the-portal',
  redirect_uris: ['http://localhost:9000/cb'],
  post_logout_redirect_uris: ['http://localhost:9000/bye'],
  scope: SCOPE,
  consent: 'skip',
};
const LOGOUT = '/oidc/oauth2/sessions/logout';

test('a sign-out with hint and registered address leads there with its state, and ends the session (row 7)', async (t) => {
  const cells = await startCells(t, { clients: [WITH_LOGOUT] });
  const person = visitorOf(cells);
  const wish = asked({ client_id: 'portal', redirect_uri: 'http://localhost:9000/cb' });
  const code = await codeFor(cells, wish, { person });
  const form = { grant_type: 'authorization_code', code, redirect_uri: 'http://localhost:9000/cb' };
  const { body } = await post(cells.url(TOKEN), form, basic('portal', 'secret-of-the-portal'));
  const leave = (over: Record<string, string>) =>
    person.visit(
      `${cells.site}${LOGOUT}?${new URLSearchParams({ id_token_hint: String(body['id_token']), ...over }).toString()}`,
    );
  const elsewhere = await leave({ post_logout_redirect_uri: 'http://localhost:9000/elsewhere' });
  assert.equal(elsewhere.status, 400);
  assert.equal(elsewhere.location, undefined);
  const left = await leave({ post_logout_redirect_uri: 'http://localhost:9000/bye', state: 'farewell' });
  assert.equal(left.status, 303);
  assert.equal(left.location, 'http://localhost:9000/bye?state=farewell');
  assert.match((await open(cells, person, wish)).text, /name="password"/);
});

test('a sign-out without hint is asked about first (row 7)', async (t) => {
  const cells = await startCells(t);
  const person = visitorOf(cells);
  await grant(cells, asked(), { person });
  const page = await person.visit(cells.site + LOGOUT);
  assert.equal(page.status, 200);
  assert.ok('logout' in hiddenFields(page));
  assert.notEqual((await open(cells, person, asked())).location, undefined);
  await person.submit(page, { decision: 'allow' });
  assert.match((await open(cells, person, asked())).text, /name="password"/);
});

test('issuer, redirects and out-of-band address are those of the site a request came to (row 8)', async (t) => {
  const cells = await startCells(t, { sites: ['https://cells.example.org/oidc'] });
  const own = await call(cells, ['GET', '/oidc/.well-known/openid-configuration']);
  assert.equal(own.body['issuer'], `${cells.site}/oidc`);
  const there = await getAt(cells, 'cells.example.org', '/oidc/.well-known/openid-configuration');
  const metadata = JSON.parse(there.text);
  assert.equal(metadata.issuer, 'https://cells.example.org/oidc');
  assert.equal(metadata.token_endpoint, 'https://cells.example.org/oidc/oauth2/token');
  const ask = (host: string, redirect_uri: string) =>
    getAt(cells, host, `${AUTH}?${new URLSearchParams(asked({ redirect_uri })).toString()}`);
  for (const site of [cells.site, 'https://cells.example.org']) {
    const { status, location } = await ask('cells.example.org', `${site}/oauth2/oob`);
    assert.equal(status, 303);
    assert.ok(location.startsWith('https://cells.example.org/oauth2/login?'), location);
  }
  assert.equal((await ask('cells.example.org', 'https://other.example.org/oauth2/oob')).status, 400);
  const oob = await getAt(cells, 'cells.example.org', '/oauth2/oob?code=of-that-site');
  assert.match(oob.text, /of-that-site/);
  assert.notEqual((await getAt(cells, 'other.example.org', AUTH)).status, 303);
});
