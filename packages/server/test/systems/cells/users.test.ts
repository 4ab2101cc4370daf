import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimsOf } from '../../support/person.ts';
import { ALICE, BOB } from '../../support/signet.ts';
import {
  ADMIN,
  asked,
  bearer,
  type Cells,
  call,
  startCells,
  type Told,
  tokensFor,
  userinfo,
} from './cells.ts';

type View = Record<string, unknown>;
type Account = typeof ALICE;

const tokenOf = async (cells: Cells, account: Account = ADMIN): Promise<string> =>
  (await tokensFor(cells, asked(), { account }))['access_token'] ?? '';

/** Calls of one program with one token. */
function programWith(cells: Cells, token: string) {
  const send = (method: string, path: string, body?: unknown): Promise<Told> =>
    call(cells, [method, path], body, bearer(token));
  return {
    get: (login: string) => send('GET', `/a/user/${encodeURIComponent(login)}`),
    put: (login: string, body: object) => send('PUT', `/a/user/${encodeURIComponent(login)}`, body),
    remove: (login: string) => send('DELETE', `/a/user/${encodeURIComponent(login)}`),
    roles: (login: string, body: object) => send('PUT', `/a/user/roles/${login}`, body),
    search: async (body: object): Promise<View> => (await send('POST', '/a/user', body)).body,
  };
}

const attributes = (view: View): Record<string, string> => view['Attributes'] as Record<string, string>;
const logins = ({ Users }: View): unknown[] => (Users as View[]).map(({ Login }) => Login);

const signIn = (cells: Cells, login: string, password: string): Promise<Told> =>
  call(cells, ['POST', '/a/frontend/session'], { AuthInfo: { type: 'credentials', login, password } });

test('cec lists users as its command does, and an administrator searches by many things (row 46)', async (t) => {
  const cells = await startCells(t);
  const admin = programWith(cells, await tokenOf(cells));
  const all = await admin.search({ Queries: [{ Login: '*' }] });
  assert.deepEqual(logins(all), ['admin', 'alice', 'bob']);
  assert.equal(all['Total'], 3);
  const find = async (query: object, more = {}) => logins(await admin.search({ Queries: [query], ...more }));
  assert.deepEqual(await find({ Login: 'alice' }), ['alice']);
  assert.deepEqual(await find({ Login: 'al*' }), ['alice']);
  assert.deepEqual(await find({ Login: 'Bob B*' }), ['bob']);
  assert.deepEqual(await find({ HasProfile: 'admin' }), ['admin']);
  assert.deepEqual(await find({ Login: 'a*', not: true }), ['bob']);
  const email = { AttributeName: 'email', AttributeValue: 'alice@example.com' };
  assert.deepEqual(await find(email), ['alice']);
  assert.deepEqual(await find({ AttributeName: 'email', AttributeAnyValue: true }), ['admin', 'alice']);
  const { Uuid } = (await admin.get('bob')).body;
  assert.deepEqual(await find({ Uuid }), ['bob']);
  const both = { Queries: [{ Login: 'a*' }, { HasProfile: 'standard' }], Operation: 'AND' };
  assert.deepEqual(logins(await admin.search(both)), ['alice']);
  const page = await admin.search({ Queries: [], Limit: '1', Offset: '1' });
  assert.deepEqual([logins(page), page['Total']], [['alice'], 3]);
  assert.deepEqual(await admin.search({ CountOnly: true }), { Total: 3 });
});

test('somebody who is no administrator finds and sees themselves alone (row 46)', async (t) => {
  const cells = await startCells(t);
  const alice = programWith(cells, await tokenOf(cells, ALICE));
  assert.deepEqual(logins(await alice.search({ Queries: [{ Login: '*' }] })), ['alice']);
  const own = await alice.get('alice');
  assert.equal(attributes(own.body)['displayName'], 'Alice Example');
  assert.equal((await alice.get('bob')).status, 404);
  assert.equal((await alice.get('nobody')).status, 404);
  const refused = [
    await alice.put('bob', { Attributes: {} }),
    await alice.put('newcomer', { Password: 'a-long-enough-one', Attributes: {} }),
    await alice.remove('bob'),
    await alice.roles('alice', { Roles: [{ Uuid: 'ADMINS' }] }),
  ];
  assert.deepEqual(
    refused.map(({ status }) => status),
    [403, 403, 403, 403],
  );
  assert.deepEqual(refused[0]?.body, refused[1]?.body);
});

test('an administrator makes a user, who signs in, and changes, locks, unlocks and deletes the user (row 46)', async (t) => {
  const cells = await startCells(t);
  const admin = programWith(cells, await tokenOf(cells));
  const carol = { username: 'carol', password: 'carols-own-password' };
  const made = await admin.put('carol', {
    Login: 'carol',
    Password: carol.password,
    GroupPath: '/sales/north/',
    Attributes: { displayName: 'Carol', email: 'carol@example.com', profile: 'standard', theme: 'dark' },
    Roles: [{ Uuid: 'EXTERNALS' }],
  });
  assert.equal(made.status, 200);
  assert.equal('Password' in made.body, false);
  assert.equal(made.body['GroupPath'], '/sales/north');
  assert.deepEqual(attributes(made.body), {
    displayName: 'Carol',
    email: 'carol@example.com',
    profile: 'standard',
    theme: 'dark',
  });
  const roles = (made.body['Roles'] as View[]).map(({ Uuid }) => Uuid);
  assert.deepEqual(roles, ['ROOT_GROUP', 'EXTERNALS', made.body['Uuid']]);
  const { access_token, id_token = '' } = await tokensFor(cells, asked(), { account: carol });
  assert.equal(claimsOf(id_token)['sub'], made.body['Uuid']);
  assert.equal('cells' in claimsOf(id_token), false);
  assert.equal((await userinfo(cells, access_token)).body['email'], 'carol@example.com');

  const { Attributes, ...rest } = made.body;
  const lock = { ...(Attributes as object), locks: '["logout"]' };
  const locked = await admin.put('carol', { ...rest, Attributes: lock });
  assert.equal(attributes(locked.body)['locks'], '["logout"]');
  assert.equal((await signIn(cells, 'carol', carol.password)).status, 401);
  assert.equal((await userinfo(cells, access_token)).status, 401);
  assert.equal((await admin.put('carol', { ...rest, Attributes })).status, 200);
  assert.equal((await signIn(cells, 'carol', carol.password)).status, 200);

  const given = await admin.roles('carol', { Roles: [{ Uuid: 'ROOT_GROUP' }, { Uuid: 'TEAM' }] });
  assert.deepEqual(
    (given.body['Roles'] as View[]).map(({ Uuid }) => Uuid),
    ['ROOT_GROUP', 'TEAM', made.body['Uuid']],
  );
  assert.deepEqual(attributes(given.body), attributes(made.body), 'nothing else is changed');
  assert.deepEqual(logins(await admin.search({ Queries: [{ HasRole: 'TEAM' }] })), ['carol']);
  assert.deepEqual(logins(await admin.search({ Queries: [{ GroupPath: '/sales', Recursive: true }] })), [
    'carol',
  ]);
  const { Groups } = await admin.search({});
  assert.deepEqual(Groups, [{ GroupPath: '/sales/north', GroupLabel: 'north', IsGroup: true }]);

  const gone = await admin.remove('carol');
  assert.deepEqual(gone.body, { Success: true, NumRows: '1' });
  assert.equal((await admin.get('carol')).status, 404);
  assert.equal((await signIn(cells, 'carol', carol.password)).status, 401);
  assert.equal((await admin.remove('carol')).status, 404);
});

test('a new profile makes an administrator, or takes that away, but nobody does so to themselves (row 46)', async (t) => {
  const cells = await startCells(t);
  const admin = programWith(cells, await tokenOf(cells));
  const { body: bob } = await admin.get('bob');
  const profile = (name: string) => ({ ...bob, Attributes: { ...attributes(bob), profile: name } });
  assert.equal(attributes((await admin.put('bob', profile('admin'))).body)['profile'], 'admin');
  const other = programWith(cells, await tokenOf(cells, BOB));
  assert.equal((await other.get('alice')).status, 200);
  assert.equal((await admin.put('bob', profile('shared'))).status, 200);
  assert.equal((await other.get('alice')).status, 404);
  assert.equal((await admin.put('bob', profile('emperor'))).status, 400);
  const own = (await admin.get('admin')).body;
  const lesser = { ...own, Attributes: { ...attributes(own), profile: 'standard' } };
  assert.equal((await admin.put('admin', lesser)).status, 403);
  const shut = { ...own, Attributes: { ...attributes(own), locks: '["logout"]' } };
  assert.equal((await admin.put('admin', shut)).status, 403);
  assert.equal((await admin.remove('admin')).status, 403);
  const alice = programWith(cells, await tokenOf(cells, ALICE));
  const mine = (await alice.get('alice')).body;
  for (const change of [
    { Attributes: { ...attributes(mine), profile: 'admin' } },
    { GroupPath: '/admins' },
    { Roles: [{ Uuid: 'ADMINS' }] },
  ])
    assert.equal((await alice.put('alice', { ...mine, ...change })).status, 403);
});

test('one’s own password is changed with the old one, and not without (row 46)', async (t) => {
  const cells = await startCells(t);
  const alice = programWith(cells, await tokenOf(cells, ALICE));
  const { body: own } = await alice.get('alice');
  const change = (over: object) =>
    alice.put('alice', { ...own, Password: 'a-new-password-of-mine', ...over });
  assert.equal((await change({})).status, 401);
  assert.equal((await change({ OldPassword: 'wrong' })).status, 401);
  assert.equal((await change({ OldPassword: ALICE.password, Password: 'short' })).status, 400);
  assert.equal((await signIn(cells, 'alice', ALICE.password)).status, 200);
  assert.equal((await change({ OldPassword: ALICE.password })).status, 200);
  assert.equal((await signIn(cells, 'alice', ALICE.password)).status, 401);
  assert.equal((await signIn(cells, 'alice', 'a-new-password-of-mine')).status, 200);
  assert.equal((await alice.get('alice')).status, 401, 'what was given with the old password is over');
  const admin = programWith(cells, await tokenOf(cells));
  const bob = (await admin.get('bob')).body;
  assert.equal((await admin.put('bob', { ...bob, Password: 'given-by-the-admin' })).status, 200);
  assert.equal((await signIn(cells, 'bob', 'given-by-the-admin')).status, 200);
});

test('guessing the old password leads to the same lock (rows 40, 46)', async (t) => {
  const cells = await startCells(t);
  const alice = programWith(cells, await tokenOf(cells, ALICE));
  const { body: own } = await alice.get('alice');
  for (let guess = 1; guess <= 10; guess += 1)
    await alice.put('alice', { ...own, Password: 'a-new-password', OldPassword: `guess ${guess}` });
  assert.equal((await alice.get('alice')).status, 401);
  assert.equal((await signIn(cells, 'alice', ALICE.password)).status, 401);
});

test('a person changes a name at will, an address with the password, and a new one counts as unverified (row 46)', async (t) => {
  const cells = await startCells(t);
  const token = await tokenOf(cells, ALICE);
  const alice = programWith(cells, token);
  const { body: own } = await alice.get('alice');
  const change = (over: object, more = {}) =>
    alice.put('alice', { ...own, ...more, Attributes: { ...attributes(own), ...over } });
  const put = await change({ displayName: 'A. Example', lang: 'fr' });
  assert.equal(put.status, 200);
  assert.equal(attributes(put.body)['lang'], 'fr');
  assert.equal((await userinfo(cells, token)).body['email_verified'], true);
  // Whoever has the address could have the password reset.
  const address = { email: 'a@example.com' };
  assert.equal((await change(address)).status, 401);
  assert.equal((await change({ email: '' })).status, 401);
  assert.equal((await change(address, { OldPassword: ALICE.password })).status, 200);
  const claims = (await userinfo(cells, token)).body;
  assert.equal(claims['email'], 'a@example.com');
  assert.equal('email_verified' in claims, false);
});

test('a record without its Uuid would be a second one: it is refused, as are other contradictions (row 46)', async (t) => {
  const cells = await startCells(t);
  const admin = programWith(cells, await tokenOf(cells));
  const conflict = await admin.put('bob', { Login: 'bob', Attributes: {} });
  assert.equal(conflict.status, 409);
  assert.deepEqual(Object.keys(conflict.body).sort(), ['Code', 'Detail', 'Title']);
  const { body: alice } = await admin.get('alice');
  assert.equal((await admin.put('bob', { ...alice })).status, 400);
  assert.equal((await admin.put('bob', { Uuid: alice['Uuid'] })).status, 409);
  assert.equal((await admin.put('newcomer', { Uuid: alice['Uuid'] })).status, 404);
  assert.equal((await admin.put('team', { IsGroup: true, GroupLabel: 'team' })).status, 400);
});

test('malformed and hostile users are refused, and nothing of them is stored (row 46)', async (t) => {
  const cells = await startCells(t);
  const token = await tokenOf(cells);
  const admin = programWith(cells, token);
  const bad: readonly (readonly [string, object])[] = [
    ['carol', { Attributes: [] }],
    ['carol', { Attributes: { displayName: 5 } }],
    ['carol', { Attributes: { email: 'no address' } }],
    ['carol', { Attributes: { displayName: '\u202Eevil' } }],
    ['carol', { Attributes: { locks: 'logout' } }],
    ['carol', { Roles: ['x'] }],
    ['carol', { Roles: [{ Label: 'x' }] }],
    ['carol', { GroupPath: '/a\u0007b' }],
    ['carol', { Password: 'short' }],
    ['carol', { Password: 7 }],
    ['carol', { Login: '../carol' }],
    ['a/b', {}],
    [' ', {}],
    ['x'.repeat(300), {}],
  ];
  for (const [login, body] of bad) {
    const { status } = await admin.put(login, body);
    assert.ok(status >= 400 && status < 500, `${login} ${JSON.stringify(body)}: ${status}`);
  }
  assert.deepEqual(logins(await admin.search({})), ['admin', 'alice', 'bob']);
  const searches = [
    { Queries: 'x' },
    { Queries: ['x'] },
    { Limit: 'many' },
    { Operation: 'XOR' },
    { Queries: [{ Login: 5 }] },
  ];
  for (const body of searches)
    assert.equal((await call(cells, ['POST', '/a/user'], body, bearer(token))).status, 400);
  assert.equal((await admin.get('%')).status, 404);
});
