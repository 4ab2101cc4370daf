import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALICE, BOB } from '../../support/signet.ts';
import {
  ADMIN,
  asked,
  bearer,
  type Cells,
  CURL,
  call,
  codeFor,
  exchange,
  startCells,
  type Told,
  tokensFor,
  userinfo,
} from './cells.ts';

const PERSONAL = '/a/auth/token/personal';
const HOUR = 3600;
const soon = (seconds: number): string => String(Math.floor(Date.now() / 1000) + seconds);

type Account = typeof ALICE;

const tokenOf = async (cells: Cells, account: Account = ALICE): Promise<string> =>
  (await tokensFor(cells, asked(), { account }))['access_token'] ?? '';

/** `path` may have a method in front of it. */
const send = (cells: Cells, token: string, path: string, body?: unknown): Promise<Told> => {
  const [where = '', method = 'POST'] = path.split(' ').toReversed();
  return call(cells, [method, where], body, bearer(token));
};

const create = async (cells: Cells, token: string, body: object): Promise<string> => {
  const { status, body: answer } = await send(cells, token, PERSONAL, body);
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(answer), ['AccessToken']);
  return String(answer['AccessToken']);
};

const list = async (cells: Cells, token: string, body = {}): Promise<Record<string, unknown>[]> =>
  (await send(cells, token, '/a/auth/tokens', body)).body['Tokens'] as Record<string, unknown>[];

/** Who a token is at the registry; undefined when it is refused. */
async function whoIs(cells: Cells, token: string): Promise<string | undefined> {
  const { status, text } = await send(cells, token, 'GET /a/frontend/state');
  assert.ok(status === 200 || status === 401);
  return status === 200 ? /<user id="([^"]*)"/.exec(text)?.[1] : undefined;
}

test('a personal token with a fixed end is good until then, with one that slides as long as it is used (row 35)', async (t) => {
  const cells = await startCells(t);
  const token = await tokenOf(cells);
  const fixed = await create(cells, token, {
    UserLogin: 'alice',
    Label: 'laptop',
    ExpiresAt: soon(24 * HOUR),
  });
  const sliding = await create(cells, token, { Label: 'script', AutoRefresh: 600 });
  for (const one of [fixed, sliding]) assert.equal(await whoIs(cells, one), 'alice');
  for (let round = 0; round < 4; round += 1) {
    cells.clock.advance(500_000);
    assert.equal(await whoIs(cells, sliding), 'alice');
  }
  cells.clock.advance(601_000);
  assert.equal(await whoIs(cells, sliding), undefined);
  assert.equal(await whoIs(cells, fixed), 'alice');
  cells.clock.advance(24 * HOUR * 1000);
  assert.equal(await whoIs(cells, fixed), undefined);
});

test('a token without an end, or with two, is refused in the documented words (row 35)', async (t) => {
  const cells = await startCells(t);
  const token = await tokenOf(cells);
  for (const body of [
    {},
    { Label: 'x' },
    { ExpiresAt: '0', AutoRefresh: 0 },
    { ExpiresAt: soon(60), AutoRefresh: 60 },
  ]) {
    const { status, body: told } = await send(cells, token, PERSONAL, body);
    assert.equal(status, 400);
    assert.equal(told['Detail'], 'Please provide one of ExpiresAt or AutoRefreshWindow.');
  }
  const strange = [{ ExpiresAt: '1' }, { ExpiresAt: 'soon' }, { AutoRefresh: -1 }, { AutoRefresh: 1.5 }];
  for (const body of strange) assert.equal((await send(cells, token, PERSONAL, body)).status, 400);
});

test('tokens are listed without their text, by their owner and by administrators, and deleted (row 35)', async (t) => {
  const cells = await startCells(t);
  const [alice, bob, admin] = [await tokenOf(cells), await tokenOf(cells, BOB), await tokenOf(cells, ADMIN)];
  const text = await create(cells, alice, { Label: 'laptop', AutoRefresh: 600, Scopes: ['node:abc-1:rw'] });
  await create(cells, bob, { Label: 'other', ExpiresAt: soon(HOUR) });
  const [own, ...others] = await list(cells, alice);
  assert.equal(others.length, 0);
  assert.deepEqual(Object.keys(own ?? {}).sort(), [
    'AutoRefreshWindow',
    'CreatedAt',
    'CreatedBy',
    'ExpiresAt',
    'Label',
    'Scopes',
    'Type',
    'UpdatedAt',
    'UserLogin',
    'UserUuid',
    'Uuid',
  ]);
  assert.equal(own?.['Label'], 'laptop');
  assert.equal(own['AutoRefreshWindow'], 600);
  assert.deepEqual(own['Scopes'], ['node:abc-1:rw']);
  assert.equal(own['UserLogin'], 'alice');
  assert.doesNotMatch(JSON.stringify(own), new RegExp(text.slice(10)));
  assert.equal((await list(cells, admin)).length, 2);
  assert.equal((await list(cells, admin, { ByUser: 'bob' })).length, 1);
  assert.equal((await send(cells, bob, '/a/auth/tokens', { ByUser: 'alice' })).status, 403);
  const path = `/a/auth/tokens/${String(own['Uuid'])}`;
  assert.equal((await send(cells, bob, `DELETE ${path}`)).status, 404);
  assert.equal(await whoIs(cells, text), 'alice');
  const deleted = await send(cells, alice, `DELETE ${path}`);
  assert.equal(deleted.body['Success'], true);
  assert.equal(await whoIs(cells, text), undefined);
  assert.deepEqual(await list(cells, alice), []);
  assert.equal((await send(cells, alice, `DELETE ${path}`)).status, 404);
});

test('a token narrowed to a file tells who it is and does nothing else here (row 35)', async (t) => {
  const cells = await startCells(t);
  const scoped = await create(cells, await tokenOf(cells, ADMIN), { AutoRefresh: 600, Scopes: ['node:a:r'] });
  assert.equal(await whoIs(cells, scoped), 'admin');
  const forbidden = [
    await send(cells, scoped, PERSONAL, { AutoRefresh: 600 }),
    await send(cells, scoped, '/a/user', {}),
    await send(cells, scoped, 'GET /a/config/oauth2clients'),
  ];
  for (const { status } of forbidden) assert.equal(status, 403);
  const token = await tokenOf(cells);
  for (const scope of ['node:a', 'all', 'node:a:x', 'node:../etc:r', ''])
    assert.equal(
      (await send(cells, token, PERSONAL, { AutoRefresh: 60, Scopes: [scope] })).status,
      400,
      scope,
    );
});

test('a personal token is for the caller, and no token of the OAuth kind (row 35)', async (t) => {
  const cells = await startCells(t);
  const token = await tokenOf(cells);
  const other = await send(cells, token, PERSONAL, { UserLogin: 'bob', AutoRefresh: 600 });
  assert.equal(other.status, 403);
  assert.equal((await call(cells, ['POST', PERSONAL], { AutoRefresh: 600 })).status, 401);
  const personal = await create(cells, token, { AutoRefresh: 600 });
  assert.equal((await userinfo(cells, personal)).status, 401);
  // It works in the place of an access token where programs call the interface.
  assert.equal((await list(cells, personal)).length, 1);
  await create(cells, personal, { Label: 'made with a token', AutoRefresh: 60 });
});

test('a token is revoked by its text or by using it, and an access token with all that came with it (row 35)', async (t) => {
  const cells = await startCells(t);
  const token = await tokenOf(cells);
  const [first, second] = [
    await create(cells, token, { AutoRefresh: 600 }),
    await create(cells, token, { AutoRefresh: 600 }),
  ];
  const revoke = (by: string, body: object) => send(cells, by, '/a/auth/token/revoke', body);
  assert.equal((await revoke(await tokenOf(cells, BOB), { TokenId: first })).status, 200);
  assert.equal(await whoIs(cells, first), 'alice', 'nobody revokes what is not theirs');
  const { body } = await revoke(token, { TokenId: first });
  assert.deepEqual(body, { Success: true, Message: 'Token successfully invalidated' });
  assert.equal(await whoIs(cells, first), undefined);
  await revoke(second, {});
  assert.equal(await whoIs(cells, second), undefined);
  await revoke(await tokenOf(cells, BOB), { TokenId: token });
  assert.equal(await whoIs(cells, token), 'alice');
  await revoke(token, {});
  assert.equal(await whoIs(cells, token), undefined);
});

test('a session is exchanged for a personal token (row 35)', async (t) => {
  const cells = await startCells(t);
  const token = await tokenOf(cells);
  const swap = (info: Record<string, string>, headers = bearer(token)) =>
    call(cells, ['POST', '/a/frontend/session'], { AuthInfo: info }, headers);
  for (const type of ['PAT', 'exchange_pat']) {
    const { status, body } = await swap({ type, expires_in: '24h', scopes: 'node:a:r,node:b:rw' });
    assert.equal(status, 200);
    const { AccessToken, ExpiresAt } = body['Token'] as Record<string, string>;
    assert.equal(await whoIs(cells, AccessToken ?? ''), 'alice');
    assert.ok(Math.abs(Number(ExpiresAt) - Number(soon(24 * HOUR))) < 30);
  }
  assert.equal((await swap({ type: 'PAT', auto_refresh: '30m' })).status, 200);
  const bad: Record<string, string>[] = [
    {},
    { expires_in: 'soon' },
    { expires_in: '1h', auto_refresh: '1h' },
    { expires_in: '0s' },
  ];
  for (const info of bad) assert.equal((await swap({ type: 'PAT', ...info })).status, 400);
  const nobody = await call(cells, ['POST', '/a/frontend/session'], {
    AuthInfo: { type: 'PAT', expires_in: '1h' },
  });
  assert.equal(nobody.status, 401);
});

test('an administrator makes a token of somebody else, nobody else does, and it is on record (row 36)', async (t) => {
  const cells = await startCells(t);
  const [admin, alice] = [await tokenOf(cells, ADMIN), await tokenOf(cells)];
  const path = '/a/auth/token/impersonate';
  const made = await send(cells, admin, path, { UserLogin: 'bob', Label: 'support', AutoRefresh: 600 });
  assert.equal(made.status, 200);
  assert.equal(await whoIs(cells, String(made.body['AccessToken'])), 'bob');
  assert.equal((await send(cells, alice, path, { UserLogin: 'bob', AutoRefresh: 600 })).status, 403);
  assert.equal((await send(cells, admin, path, { UserLogin: 'nobody', AutoRefresh: 600 })).status, 404);
  assert.equal((await send(cells, admin, path, { UserLogin: 'bob' })).status, 400);
  const events = await cells.provider.store.listEvents(cells.provider.tenant.id, { atMost: 10 });
  assert.deepEqual(
    events.filter(({ action }) => action === 'user.impersonated').map(({ facts }) => facts),
    [{ by: 'personal token' }],
  );
});

test('below /a an access token or a personal one is taken, and no ID token, refresh token or none of a person (row 34)', async (t) => {
  const robot = {
    client_id: 'robot',
    client_secret: 'secret-of-the-robot',
    grant_types: ['client_credentials'],
    scope: 'pydio',
  };
  const cells = await startCells(t, { clients: [robot] });
  const { access_token = '', id_token = '', refresh_token = '' } = await tokensFor(cells);
  assert.equal(await whoIs(cells, access_token), 'alice');
  for (const token of [id_token, refresh_token, 'nonsense', `${access_token}x`])
    assert.equal(await whoIs(cells, token), undefined);
  const own = await call(
    cells,
    ['POST', '/oidc/oauth2/token'],
    'grant_type=client_credentials&client_id=robot&client_secret=secret-of-the-robot',
    { 'content-type': 'application/x-www-form-urlencoded' },
  );
  assert.equal(await whoIs(cells, String(own.body['access_token'])), undefined);
  const basic = await call(
    cells,
    ['POST', '/a/user'],
    {},
    { authorization: 'Basic YWxpY2U6d29uZGVybGFuZA==' },
  );
  assert.equal(basic.status, 401);
  assert.match(basic.headers.get('www-authenticate') ?? '', /^Bearer /);
  cells.clock.advance(601_000);
  assert.equal(await whoIs(cells, access_token), undefined);
});

test('an access token that was made for another resource is none below /a (row 34)', async (t) => {
  const api = { resource: 'https://api.example', scope: 'api' };
  const client = { ...CURL, scope: 'openid api' };
  const cells = await startCells(t, { clients: [client], resources: [api] });
  const redirect_uri = 'http://localhost:9000/cb';
  const tokenFor = async (over: Record<string, string>): Promise<string> => {
    const code = await codeFor(cells, asked({ client_id: 'cells-curl', redirect_uri, ...over }));
    const proof = { client_id: 'cells-curl', client_secret: 'password', redirect_uri };
    return String((await exchange(cells, code, proof)).body['access_token']);
  };
  assert.equal(await whoIs(cells, await tokenFor({ scope: 'openid' })), 'alice');
  assert.equal(await whoIs(cells, await tokenFor({ scope: 'api', resource: api.resource })), undefined);
});
