import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { basic, personAt, post, request } from '../support/person.ts';
import { type Signet, startSignet } from '../support/signet.ts';

test('an unknown path is a page with status 404', async (t) => {
  const signet = await startSignet(t);
  const seen = await personAt(signet).visit(signet.url('/nothing-here'));
  assert.equal(seen.status, 404);
  assert.match(seen.text, /<h1>/);
});

test('a method that an endpoint does not have is refused with the ones it has (RFC 9110 §15.5.6)', async (t) => {
  const signet = await startSignet(t);
  for (const [path, allow] of [
    ['/token', 'POST'],
    ['/introspect', 'POST'],
    ['/jwks', 'GET'],
    ['/authorize', 'GET, POST'],
  ] as const) {
    const response = await fetch(signet.url(path), { method: 'PUT' });
    assert.equal(response.status, 405, path);
    assert.equal(response.headers.get('allow'), allow, path);
  }
  assert.equal((await fetch(signet.url('/token'))).status, 405, 'no credentials in a URL');
});

test('a body beyond the limit is refused, to clients as JSON and to people on a page', async (t) => {
  const signet = await startSignet(t);
  const large = `grant_type=client_credentials&x=${'a'.repeat(70_000)}`;
  const { status, body } = await post(signet.url('/token'), large, basic());
  assert.equal(status, 413);
  assert.equal(body['error'], 'invalid_request');
  const page = await post(signet.url('/login'), `interaction=x&username=${'a'.repeat(70_000)}`);
  assert.equal(page.status, 413);
  assert.match(String(page.body['text']), /<h1>/);
});

test('a body sent in chunks is held to the same limit', async (t) => {
  const signet = await startSignet(t);
  const body = new Blob(['grant_type=client_credentials&x=', 'a'.repeat(70_000)]).stream();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...basic() };
  const response = await fetch(signet.url('/token'), { method: 'POST', body, headers, duplex: 'half' });
  assert.equal(response.status, 413);
});

test('Host and forwarded headers change nothing that is said or sent (rulings 15)', async (t) => {
  const signet = await startSignet(t);
  const hostile = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'host=evil.example',
  };
  const discovery = await raw(signet, 'GET /.well-known/openid-configuration HTTP/1.1', hostile);
  const authorize = await raw(
    signet,
    `GET /authorize?${new URLSearchParams(request()).toString()} HTTP/1.1`,
    hostile,
  );
  assert.match(discovery, new RegExp(`"issuer":"${signet.issuer}"`));
  assert.match(authorize, new RegExp(`location: ${signet.issuer}/login`, 'i'));
  for (const answer of [discovery, authorize]) assert.doesNotMatch(answer, /evil/);
});

test('a target with a foreign host in it is served as our own path or refused', async (t) => {
  const signet = await startSignet(t);
  const answer = await raw(signet, 'GET http://evil.example/.well-known/openid-configuration HTTP/1.1', {
    host: 'evil.example',
  });
  assert.doesNotMatch(answer, /evil/);
});

test('TRACE is not answered with the request', async (t) => {
  const signet = await startSignet(t);
  const answer = await raw(signet, 'TRACE /token HTTP/1.1', {
    host: 'localhost',
    authorization: 'Basic c2VjcmV0',
  });
  assert.match(answer, /^HTTP\/1.1 4/);
  assert.doesNotMatch(answer, /c2VjcmV0/);
});

test('every page carries the headers that keep it to itself', async (t) => {
  const signet = await startSignet(t);
  const { headers } = await personAt(signet).authorize(request());
  assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/);
  assert.equal(headers.get('x-frame-options'), 'DENY');
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('referrer-policy'), 'no-referrer');
  assert.equal(headers.get('cache-control'), 'no-store');
});

test('only the check-session page may be framed (OIDC Session Management §3.2)', async (t) => {
  const signet = await startSignet(t);
  const { headers } = await personAt(signet).visit(signet.url('/check-session'));
  assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors \*/);
  assert.equal(headers.get('x-frame-options'), null);
});

test('browser applications may read discovery, keys, tokens and userinfo, and may not call the authorization endpoint', async (t) => {
  const signet = await startSignet(t);
  const headers = {
    origin: 'https://app.example',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization',
  };
  for (const path of ['/token', '/userinfo', '/revoke', '/jwks', '/.well-known/openid-configuration']) {
    const response = await fetch(signet.url(path), { method: 'OPTIONS', headers });
    assert.equal(response.status, 204, path);
    assert.equal(response.headers.get('access-control-allow-origin'), '*', path);
    assert.equal(response.headers.get('access-control-allow-credentials'), null, path);
  }
  for (const path of ['/authorize', '/login', '/introspect']) {
    const response = await fetch(signet.url(path), { method: 'OPTIONS', headers });
    assert.equal(response.headers.get('access-control-allow-origin'), null, path);
  }
});

test('style sheet and script are served under names that change with their content, and no other files', async (t) => {
  const signet = await startSignet(t);
  const page = await personAt(signet).visit(signet.url('/'));
  const href = /href="(\/assets\/[^"]+\.css)"/.exec(page.text)?.[1] ?? '';
  const response = await fetch(signet.url(href));
  assert.equal(response.status, 200);
  assert.match(response.headers.get('cache-control') ?? '', /immutable/);
  assert.equal((await fetch(signet.url('/assets/../package.json'))).status, 404);
  assert.equal((await fetch(signet.url('/assets/%2e%2e/package.json'))).status, 404);
});

/** Sends a request as written, and returns the whole answer. */
const raw = (signet: Signet, line: string, headers: Record<string, string>): Promise<string> =>
  new Promise((done, failed) => {
    const socket = connect(Number(new URL(signet.issuer).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('error', failed);
    socket.on('close', () => done(answer));
    const lines = Object.entries({ ...headers, connection: 'close' }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    socket.write(`${[line, ...lines].join('\r\n')}\r\n\r\n`);
  });
