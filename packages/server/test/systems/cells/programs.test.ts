import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, basic, claimsOf, post } from '../../support/person.ts';
import { ALICE } from '../../support/signet.ts';
import {
  ADMIN,
  AUTH,
  asked,
  bearer,
  type Cells,
  CLI_CALLBACK,
  call,
  grant,
  SCOPE,
  startCells,
  TOKEN,
  visitorOf,
} from './cells.ts';

/** What cells-client makes of the answer of the token endpoint: it never looks at the status of the answer itself. */
function readByCec({ body }: { body: Record<string, unknown> }): Record<string, unknown> {
  if (typeof body['status_code'] === 'number' && body['status_code'] > 299)
    throw new Error(`could not get token: ${String(body['status_code'])}`);
  return body;
}

/** The login that cells-client takes from the registry: the first attribute of the first element `user`, if that is its id. */
async function loginReadByCec(cells: Cells, token: string): Promise<string | undefined> {
  const { status, headers, text } = await call(cells, ['GET', '/a/frontend/state'], undefined, bearer(token));
  assert.equal(status, 200);
  assert.match(headers.get('content-type') ?? '', /xml/);
  const [, name, value] = /<user\s+([\w-]+)="([^"]*)"/.exec(text) ?? [];
  return name === 'id' ? value : undefined;
}

/** The address that cells-client opens in a browser, or prints. */
const cecRequest = (redirect_uri: string): Record<string, string> => ({
  client_id: 'cells-client',
  redirect_uri,
  response_type: 'code',
  scope: SCOPE,
  state: 'abcdefghijklmnop',
});

const cecExchange = (cells: Cells, code: string, redirect_uri: string) =>
  post(cells.url(TOKEN), { grant_type: 'authorization_code', code, redirect_uri, client_id: 'cells-client' });

test('cec signs in through the browser on port 3000, learns the login, and refreshes before the last minute (row 47)', async (t) => {
  const cells = await startCells(t);
  const answered = await grant(cells, cecRequest(CLI_CALLBACK));
  const { state, code = '' } = answerOf(answered);
  assert.equal(new URL(answered.location ?? '').port, '3000');
  assert.equal(state, 'abcdefghijklmnop');
  const tokens = readByCec(await cecExchange(cells, code, CLI_CALLBACK));
  assert.equal(await loginReadByCec(cells, String(tokens['access_token'])), 'alice');
  cells.clock.advance((Number(tokens['expires_in']) - 59) * 1000);
  const refreshed = await post(cells.url(TOKEN), {
    grant_type: 'refresh_token',
    client_id: 'cells-client',
    refresh_token: String(tokens['refresh_token']),
    scope: SCOPE,
  });
  assert.equal(refreshed.status, 200);
  const next = readByCec(refreshed);
  assert.ok(next['access_token'] !== '' && next['refresh_token'] !== '');
  assert.equal(await loginReadByCec(cells, String(next['access_token'])), 'alice');
});

test('cec in copy mode takes the code that the out-of-band page shows (row 47)', async (t) => {
  const cells = await startCells(t);
  const redirect_uri = `${cells.site}/oauth2/oob`;
  const person = visitorOf(cells);
  const { location = '' } = await grant(cells, cecRequest(redirect_uri), { person });
  const page = await person.visit(location);
  const [, pasted = ''] = /<code id="code">([^<]+)</.exec(page.text) ?? [];
  const tokens = readByCec(await cecExchange(cells, pasted, redirect_uri));
  assert.equal(await loginReadByCec(cells, String(tokens['access_token'])), 'alice');
});

test('cec notices a code that is no good by status_code alone (row 47)', async (t) => {
  const cells = await startCells(t);
  const answered = await cecExchange(cells, 'mistyped', CLI_CALLBACK);
  assert.throws(() => readByCec(answered), /could not get token: 400/);
});

test('several cec at once, which share one stored refresh token, all get on (row 47)', async (t) => {
  const cells = await startCells(t);
  const { code = '' } = answerOf(await grant(cells, cecRequest(CLI_CALLBACK)));
  const { body } = await cecExchange(cells, code, CLI_CALLBACK);
  const form = {
    grant_type: 'refresh_token',
    client_id: 'cells-client',
    refresh_token: String(body['refresh_token']),
    scope: SCOPE,
  };
  const all = await Promise.all([1, 2, 3, 4].map(() => post(cells.url(TOKEN), form)));
  for (const { status, body: next } of all) {
    assert.equal(status, 200);
    assert.equal(await loginReadByCec(cells, String(next['access_token'])), 'alice');
  }
});

test('cec with a login and password uses the session, and with both asks for the version of the server (row 47)', async (t) => {
  const cells = await startCells(t);
  const { body } = await call(cells, ['POST', '/a/frontend/session'], {
    AuthInfo: { login: ALICE.username, password: ALICE.password, type: 'credentials' },
  });
  const until = new Date(Number(body['ExpireTime']) * 1000 - 60_000);
  assert.ok(until.getTime() > Date.now());
  assert.equal(await loginReadByCec(cells, String(body['JWT'])), 'alice');
  const boot = await call(cells, ['GET', '/a/frontend/bootconf'], undefined, bearer(String(body['JWT'])));
  const backend = boot.body['backend'] as Record<string, unknown>;
  for (const name of ['PackageType', 'PackageLabel', 'Version']) assert.equal(typeof backend[name], 'string');
});

test('the registry of nobody has no user, and a bad token gets no registry (row 47)', async (t) => {
  const cells = await startCells(t);
  const nobody = await call(cells, ['GET', '/a/frontend/state']);
  assert.equal(nobody.status, 200);
  assert.match(nobody.text, /<pydio_registry><\/pydio_registry>/);
  const refused = await call(cells, ['GET', '/a/frontend/state'], undefined, bearer('nonsense'));
  assert.equal(refused.status, 401);
  assert.deepEqual(Object.keys(refused.body).sort(), ['Code', 'Detail', 'Title']);
});

test('a name with markup in it is told as text in the registry (row 47)', async (t) => {
  const account = { username: `o'neil<&">`, password: 'a-password-of-some-length' };
  const cells = await startCells(t, { users: [account] });
  const { code = '' } = answerOf(await grant(cells, cecRequest(CLI_CALLBACK), { account }));
  const { body } = await cecExchange(cells, code, CLI_CALLBACK);
  const { text } = await call(
    cells,
    ['GET', '/a/frontend/state'],
    undefined,
    bearer(String(body['access_token'])),
  );
  assert.match(text, /<user id="o&apos;neil&lt;&amp;&quot;&gt;"/);
});

test('the mobile program reads the server, signs in without PKCE, and refreshes without a scope (row 49)', async (t) => {
  const cells = await startCells(t, { display_name: 'Our files' });
  const boot = await call(cells, ['GET', '/a/frontend/bootconf']);
  assert.equal(typeof boot.body['ajxpVersion'], 'string');
  assert.equal((boot.body['customWording'] as Record<string, unknown>)['title'], 'Our files');
  const discovery = (await call(cells, ['GET', '/oidc/.well-known/openid-configuration'])).body;
  assert.equal(typeof discovery['revocation_endpoint'], 'string');
  const { pathname } = new URL(String(discovery['token_endpoint']));
  const answered = await grant(cells, {
    state: 'thirteen-char',
    client_id: 'cells-mobile',
    scope: 'openid email offline profile pydio',
    response_type: 'code',
    redirect_uri: 'cellsauth://callback',
  });
  assert.match(answered.location ?? '', /^cellsauth:\/\/callback\?/);
  const { code = '', state } = answerOf(answered);
  assert.equal(state, 'thirteen-char');
  const type = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const form = { grant_type: 'authorization_code', code, redirect_uri: 'cellsauth://callback' };
  const first = await post(cells.url(pathname), { ...form, client_id: 'cells-mobile' }, type);
  assert.equal(first.status, 200);
  const next = await post(
    cells.url(pathname),
    {
      grant_type: 'refresh_token',
      refresh_token: String(first.body['refresh_token']),
      client_id: 'cells-mobile',
    },
    type,
  );
  assert.equal(next.status, 200);
  for (const { body } of [first, next]) {
    for (const name of ['access_token', 'id_token', 'refresh_token', 'scope', 'token_type'])
      assert.equal(typeof body[name], 'string', name);
    assert.equal(typeof body['expires_in'], 'number');
    const claims = claimsOf(String(body['id_token']));
    // What its classes for claims can hold: a list of audiences, whole numbers, texts.
    assert.ok(Array.isArray(claims['aud']));
    assert.ok(Number.isInteger(claims['exp']) && Number.isInteger(claims['iat']));
    for (const name of ['name', 'sub', 'iss', 'sid', 'jti'])
      assert.equal(typeof claims[name], 'string', name);
  }
});

test('the mobile program may be answered at the name of the server as documented, and shows who is signed in (row 49)', async (t) => {
  const cells = await startCells(t);
  const redirect_uri = `cellsauth://${new URL(cells.site).host}`;
  const wish = asked({ client_id: 'cells-mobile', redirect_uri });
  const { code = '' } = answerOf(await grant(cells, wish));
  const form = { grant_type: 'authorization_code', code, redirect_uri, client_id: 'cells-mobile' };
  const { body } = await post(cells.url(TOKEN), form);
  const { text } = await call(
    cells,
    ['GET', '/a/frontend/state'],
    undefined,
    bearer(String(body['access_token'])),
  );
  // Its parser begins at the root element and looks for `user` among the children.
  assert.match(text, /^<\?xml[^>]*\?>\s*<pydio_registry><user id="alice">/);
});

test('an older mobile program signs in with a password and a clock that has overflowed', async (t) => {
  const cells = await startCells(t);
  const { status, body } = await call(cells, ['POST', '/a/frontend/session'], {
    AuthInfo: { login: 'alice', password: ALICE.password, type: 'credentials', client_id: 'cells-mobile' },
    ClientTime: -1_234_567_890,
  });
  assert.equal(status, 200);
  // Its classes refuse members that they do not know.
  const known = ['Error', 'ExpireTime', 'JWT', 'RedirectTo', 'Token', 'Trigger', 'TriggerInfo'];
  assert.deepEqual(
    Object.keys(body).filter((name) => !known.includes(name)),
    [],
  );
});

test('the documented curl client signs in with its secret, an extra parameter and no scope, and calls the API (row 19)', async (t) => {
  const cells = await startCells(t);
  const discovery = (await call(cells, ['GET', '/oidc/.well-known/openid-configuration'])).body;
  assert.equal(discovery['authorization_endpoint'], cells.site + AUTH);
  const redirect_uri = `${cells.site}/oauth2/oob`;
  const answered = await grant(
    cells,
    {
      response_type: 'code',
      client_id: 'cells-curl',
      cells_secret: 'password',
      redirect_uri,
      state: '12345678',
    },
    { account: ADMIN },
  );
  const { code = '' } = answerOf(answered);
  const form = { grant_type: 'authorization_code', code, redirect_uri };
  const { status, body } = await post(
    String(discovery['token_endpoint']),
    form,
    basic('cells-curl', 'password'),
  );
  assert.equal(status, 200);
  const users = await call(
    cells,
    ['GET', '/a/frontend/state'],
    undefined,
    bearer(String(body['access_token'])),
  );
  assert.match(users.text, /<user id="admin">/);
});

test('Postman as documented: cells-sync at port 3000, Basic with an empty secret (row 22)', async (t) => {
  const cells = await startCells(t);
  const redirect_uri = 'http://localhost:3000/servers/callback';
  const wish = asked({ client_id: 'cells-sync', redirect_uri, state: 'eightchr' });
  const { code = '' } = answerOf(await grant(cells, wish));
  const { status, body } = await post(
    cells.url(TOKEN),
    { grant_type: 'authorization_code', code, redirect_uri },
    basic('cells-sync', ''),
  );
  assert.equal(status, 200);
  assert.equal(typeof body['refresh_token'], 'string');
});
