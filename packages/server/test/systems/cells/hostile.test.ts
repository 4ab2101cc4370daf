import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADMIN, asked, bearer, call, startCells, tokensFor } from './cells.ts';

const PLACES = [
  '/a/frontend/session',
  '/a/frontend/state',
  '/a/frontend/bootconf',
  '/a/auth/token/personal',
  '/a/auth/token/impersonate',
  '/a/auth/token/revoke',
  '/a/auth/tokens',
  '/a/auth/tokens/some-uuid',
  '/a/auth/tokens/%00%ff',
  '/a/auth/reset-password-token/nobody',
  '/a/auth/reset-password-token/%F0%9F%98',
  '/a/auth/reset-password',
  '/a/config/oauth2clients',
  '/a/config/oauth2clients/some-client',
  '/a/config/oauth2clients/%00',
  '/a/user',
  '/a/user/nobody',
  '/a/user/%00',
  '/a/user/..%2f..%2fetc',
  '/a/user/roles/nobody',
  '/a/user/__proto__',
  '/a/tree/stat/some/file',
  '/a/',
];

const BODIES = [
  undefined,
  '{}',
  '{',
  '[]',
  'null',
  '"<script>alert(1)</script>"',
  '{"__proto__": {"role": "admin"}, "constructor": {}}',
  '{"AuthInfo": {"type": "<script>"}, "UserLogin": {}, "Queries": {}, "Roles": 1, "Attributes": "x"}',
  '{"TokenId": "\\u0000", "Login": "\\ud800", "ResetPasswordToken": "\\u0000"}',
  `{"UserLogin": "${'x'.repeat(5000)}", "TokenId": "${'y'.repeat(20_000)}"}`,
  `{"Limit": 1e400, "Offset": -1, "AutoRefresh": 1e300, "ExpiresAt": "99999999999999999"}`,
  '{"AutoRefresh": 9007199254740991}',
  '{"ExpiresAt": "900000000000000"}',
];

test('whatever is sent to whatever place below /a, the answer is no fault, and a refusal has the one shape', async (t) => {
  const cells = await startCells(t);
  const { access_token } = await tokensFor(cells, asked(), { account: ADMIN });
  /** A token for one request, since some end the token that they come with. */
  const freshToken = async (): Promise<string> => {
    const wish = { AutoRefresh: 600 };
    const made = await call(cells, ['POST', '/a/auth/token/personal'], wish, bearer(access_token));
    return String(made.body['AccessToken']);
  };
  const statuses = new Set<number>();
  for (const path of PLACES) {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) {
      for (const body of method === 'GET' ? [undefined] : BODIES) {
        const answer = await call(cells, [method, path], body, bearer(await freshToken()));
        const { status, headers, text, body: told } = answer;
        statuses.add(status);
        const what = `${method} ${path} ${body?.slice(0, 100) ?? ''}: ${status} ${text.slice(0, 200)}`;
        assert.ok(status < 500, what);
        assert.equal(headers.get('cache-control'), 'no-store', what);
        assert.equal(headers.get('access-control-allow-origin'), null, what);
        assert.doesNotMatch(text, /<script>|at .*\.ts:\d/, what);
        if (status >= 400) assert.deepEqual(Object.keys(told).sort(), ['Code', 'Detail', 'Title'], what);
      }
    }
  }
  for (const status of [200, 400, 404, 405, 409]) assert.ok(statuses.has(status), `${status} was never seen`);
  assert.ok(!statuses.has(401));
});

test('nobody without a token learns more than that one is needed, but where people begin', async (t) => {
  const cells = await startCells(t);
  const open = [
    '/a/frontend/session',
    '/a/frontend/state',
    '/a/frontend/bootconf',
    '/a/auth/reset-password',
    '/a/auth/reset-password-token/nobody',
    '/a/auth/reset-password-token/%F0%9F%98',
  ];
  for (const path of PLACES.filter((place) => !open.includes(place))) {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
      const { status } = await call(cells, [method, path], method === 'GET' ? undefined : '{}');
      assert.ok(status === 401 || status === 405, `${method} ${path}: ${status}`);
    }
  }
});

test('pages of the password are not broken by what their address or form says', async (t) => {
  const cells = await startCells(t);
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  for (const token of ['x', '%00', '%ff', 'sgpr_AAAA', '<script>', 'x'.repeat(3000)]) {
    const path = `/user/reset-password/${token}`;
    const seen = [
      await call(cells, ['GET', path]),
      await call(cells, ['POST', path], 'password=another-password', type),
      await call(cells, ['POST', path], 'password=%zz', type),
      await call(cells, ['POST', '/user/reset-password'], 'username=%00', type),
      await call(cells, ['POST', '/user/reset-password'], `username=${'x'.repeat(70_000)}`, type),
      await call(cells, ['POST', '/user/reset-password'], '{}', { 'content-type': 'application/json' }),
    ];
    for (const { status, text } of seen) {
      assert.ok(status < 500, `${path}: ${status}`);
      assert.doesNotMatch(text, /<script>alert|<script>"/);
    }
  }
});
