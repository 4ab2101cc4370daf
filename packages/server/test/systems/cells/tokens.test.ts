import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { basic, claimsOf, post } from '../../support/person.ts';
import {
  asked,
  CLI_CALLBACK,
  CURL,
  codeFor,
  exchange,
  open,
  refresh,
  SCOPE,
  startCells,
  TOKEN,
  tokensFor,
  userinfo,
  visitorOf,
} from './cells.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const cells = await startCells({ after });

test('a public client may send Basic with an empty secret, and its client_id there alone (row 22)', async () => {
  const redeem = async (form: Record<string, string>) =>
    post(
      cells.url(TOKEN),
      {
        grant_type: 'authorization_code',
        code: await codeFor(cells),
        redirect_uri: CLI_CALLBACK,
        ...form,
      },
      basic('cells-client', ''),
    );
  assert.equal((await redeem({})).status, 200);
  assert.equal((await redeem({ client_id: 'cells-client' })).status, 200);
  const other = await redeem({ client_id: 'cells-sync' });
  assert.equal(other.status, 400);
});

test('the answer holds access, ID and refresh token, scope, a number of seconds and the type bearer (row 24)', async () => {
  const { body } = await exchange(cells, await codeFor(cells));
  assert.deepEqual(Object.keys(body).sort(), [
    'access_token',
    'expires_in',
    'id_token',
    'refresh_token',
    'scope',
    'token_type',
  ]);
  assert.equal(body['token_type'], 'bearer');
  assert.equal(body['expires_in'], 600);
  assert.deepEqual(String(body['scope']).split(' ').sort(), SCOPE.split(' ').sort());
});

test('each refresh gives a new access, ID and refresh token, with or without the scope repeated (row 25)', async () => {
  const first = await tokensFor(cells);
  const second = await refresh(cells, first['refresh_token'] ?? '');
  assert.equal(second.status, 200);
  for (const name of ['access_token', 'refresh_token', 'id_token']) {
    assert.equal(typeof second.body[name], 'string', name);
    assert.notEqual(second.body[name], first[name], name);
  }
  const form = {
    grant_type: 'refresh_token',
    client_id: 'cells-client',
    refresh_token: String(second.body['refresh_token']),
  };
  const third = await post(cells.url(TOKEN), form);
  assert.equal(third.status, 200);
  assert.equal(claimsOf(String(third.body['id_token']))['name'], 'alice');
});

test('an old refresh token is answered 401 token_inactive, and the whole chain is over (row 25)', async (t) => {
  const at = await startCells(t);
  const first = await tokensFor(at);
  const second = await refresh(at, first['refresh_token'] ?? '');
  at.clock.advance(MINUTE);
  const replayed = await refresh(at, first['refresh_token'] ?? '');
  assert.equal(replayed.status, 401);
  assert.equal(replayed.body['error'], 'token_inactive');
  assert.equal(replayed.body['status_code'], 401);
  assert.equal((await refresh(at, String(second.body['refresh_token']))).status, 400);
  assert.equal((await userinfo(at, String(second.body['access_token']))).status, 401);
  assert.equal((await userinfo(at, first['access_token'])).status, 401);
});

test('within a short grace the same old refresh token brings the same successor, for an answer that was lost (row 25)', async (t) => {
  const at = await startCells(t);
  const { refresh_token = '' } = await tokensFor(at);
  const all = await Promise.all([1, 2, 3].map(() => refresh(at, refresh_token)));
  assert.deepEqual([...new Set(all.map(({ status }) => status))], [200]);
  assert.equal(new Set(all.map(({ body }) => body['refresh_token'])).size, 1);
  assert.equal((await refresh(at, String(all[0]?.body['refresh_token']))).status, 200);
});

test('an unknown refresh token, and one of another client, are invalid_grant (row 25)', async () => {
  const { refresh_token = '' } = await tokensFor(cells);
  for (const answered of [
    await refresh(cells, 'unheard-of'),
    await refresh(cells, refresh_token, { client_id: 'cells-sync' }),
  ]) {
    assert.equal(answered.status, 400);
    assert.equal(answered.body['error'], 'invalid_grant');
  }
  assert.equal((await refresh(cells, refresh_token)).status, 200);
});

test('a code used twice is invalid_grant and revokes what it gave first (row 26)', async () => {
  const code = await codeFor(cells);
  const first = await exchange(cells, code);
  assert.equal((await userinfo(cells, String(first.body['access_token']))).status, 200);
  const second = await exchange(cells, code);
  assert.equal(second.status, 400);
  assert.equal(second.body['error'], 'invalid_grant');
  assert.equal((await userinfo(cells, String(first.body['access_token']))).status, 401);
  assert.equal((await refresh(cells, String(first.body['refresh_token']))).status, 400);
});

test('every error of a token request repeats its status in status_code, beside error and error_description (row 27)', async () => {
  const form = { grant_type: 'authorization_code', client_id: 'cells-client', redirect_uri: CLI_CALLBACK };
  const url = cells.url(TOKEN);
  const answers = [
    await post(url, { ...form, code: 'wrong' }),
    await post(url, form),
    await post(url, { ...form, grant_type: 'password' }),
    await post(url, { ...form, grant_type: 'client_credentials' }),
    await post(url, { ...form, code: 'wrong', client_id: 'nobody' }),
    await post(url, 'grant_type=%zz'),
    await post(url, 'grant_type=a&grant_type=b'),
    await post(url, `grant_type=authorization_code&code=${'x'.repeat(70_000)}`),
    await post(cells.url('/oidc/oauth2/revoke'), { token: 'x', client_id: 'nobody' }),
  ];
  assert.deepEqual(
    answers.map(({ status }) => status),
    [400, 400, 400, 400, 401, 400, 400, 413, 401],
  );
  for (const { status, body, headers } of answers) {
    assert.equal(body['status_code'], status);
    assert.equal(typeof body['error'], 'string');
    assert.equal(typeof body['error_description'], 'string');
    assert.equal(headers.get('cache-control'), 'no-store');
  }
  assert.equal(answers[2]?.body['error'], 'unsupported_grant_type');
  assert.equal(answers[3]?.body['error'], 'unauthorized_client');
});

test('an ID token says all that the programs look for (row 29)', async () => {
  const now = Math.floor(Date.now() / 1000);
  const code = await codeFor(cells, asked({ nonce: 'nonce-of-the-client' }));
  const { id_token = '', access_token = '' } = (await exchange(cells, code)).body as Record<string, string>;
  const claims = claimsOf(id_token);
  assert.equal(claims['iss'], `${cells.site}/oidc`);
  assert.match(
    String(claims['sub']),
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  // cells-sdk-java has no other reading of it than a list.
  assert.deepEqual(claims['aud'], ['cells-client']);
  assert.equal(Number(claims['exp']) - Number(claims['iat']), 3600);
  assert.ok(Number(claims['iat']) >= now);
  assert.ok(Math.abs(Number(claims['auth_time']) - now) < 60);
  assert.match(String(claims['sid']), /^[\w-]{16,}$/);
  assert.match(String(claims['jti']), /^[\w-]{16,}$/);
  const half = createHash('sha256').update(access_token).digest().subarray(0, 16).toString('base64url');
  assert.equal(claims['at_hash'], half);
  assert.equal(claims['nonce'], 'nonce-of-the-client');
  assert.equal(claims['name'], 'alice');
  assert.equal(claims['email'], 'alice@example.com');
  assert.equal(claims['authSource'], 'pydio');
  const other = claimsOf((await tokensFor(cells))['id_token'] ?? '');
  assert.equal('nonce' in other, false);
  assert.notEqual(other['jti'], claims['jti']);
  assert.equal(other['sub'], claims['sub']);
});

test('lifetimes are 10 minutes, 60 days, an hour, 10 minutes for a code and 30 for a login page (row 30)', async (t) => {
  const at = await startCells(t);
  const late = await codeFor(at);
  at.clock.advance(10 * MINUTE + 1000);
  assert.equal((await exchange(at, late)).body['error'], 'invalid_grant');
  const prompt = await codeFor(at);
  at.clock.advance(10 * MINUTE - 5000);
  const { body } = await exchange(at, prompt);
  assert.equal(body['expires_in'], 600);
  const claims = claimsOf(String(body['id_token']));
  assert.equal(Number(claims['exp']) - Number(claims['iat']), 3600);
  at.clock.advance(10 * MINUTE - 5000);
  assert.equal((await userinfo(at, String(body['access_token']))).status, 200);
  at.clock.advance(10_000);
  assert.equal((await userinfo(at, String(body['access_token']))).status, 401);
  at.clock.advance(60 * DAY - HOUR);
  const renewed = await refresh(at, String(body['refresh_token']));
  assert.equal(renewed.status, 200);
  at.clock.advance(60 * DAY + 1000);
  assert.equal((await refresh(at, String(renewed.body['refresh_token']))).body['error'], 'invalid_grant');
});

test('a login page that stayed open for more than 30 minutes says so and goes on (row 30)', async (t) => {
  const at = await startCells(t);
  const page = async (minutes: number): Promise<string> => {
    const person = visitorOf(at);
    const { url } = await open(at, person, asked());
    at.clock.advance(minutes * MINUTE);
    return (await person.visit(url)).text;
  };
  const fresh = await page(29);
  const stale = await page(31);
  assert.match(stale, /name="password"/);
  assert.match(stale, /That page had expired/);
  assert.doesNotMatch(fresh, /That page had expired/);
});

test('the operator may set other lifetimes (row 30)', async (t) => {
  const at = await startCells(t, { lifetimes: { access_token: '1h', id_token: '2h', refresh_token: '30d' } });
  const { body } = await exchange(at, await codeFor(at));
  assert.equal(body['expires_in'], 3600);
  const claims = claimsOf(String(body['id_token']));
  assert.equal(Number(claims['exp']) - Number(claims['iat']), 7200);
  at.clock.advance(30 * DAY + 1000);
  assert.equal((await refresh(at, String(body['refresh_token']))).status, 400);
});

test('a confidential client that lists client_credentials gets a token for itself, no other client does (row 32)', async (t) => {
  const robot = { ...CURL, client_id: 'robot', grant_types: ['client_credentials'], redirect_uris: [] };
  const at = await startCells(t, { clients: [CURL, robot] });
  const ask = (headers: Record<string, string>, form = {}) =>
    post(at.url(TOKEN), { grant_type: 'client_credentials', scope: 'pydio', ...form }, headers);
  const { status, body } = await ask(basic('robot', 'password'));
  assert.equal(status, 200);
  assert.equal(body['token_type'], 'bearer');
  assert.equal(body['expires_in'], 600);
  assert.equal(body['refresh_token'], undefined);
  assert.equal(body['id_token'], undefined);
  assert.equal((await ask(basic('robot', 'wrong'))).status, 401);
  assert.equal((await ask(basic('cells-curl', 'password'))).body['error'], 'unauthorized_client');
  assert.equal((await ask({}, { client_id: 'cells-client' })).body['error'], 'unauthorized_client');
});
