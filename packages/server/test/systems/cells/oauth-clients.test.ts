import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, basic } from '../../support/person.ts';
import { ALICE } from '../../support/signet.ts';
import {
  administrator,
  CLIENTS,
  FORM,
  redeem,
  OWN_CALLBACK as redirect_uri,
  OWN_REQUEST as wish,
} from './administrator.ts';
import {
  asked,
  bearer,
  call,
  codeFor,
  grant,
  open,
  SCOPE,
  startCells,
  tokensFor,
  visitorOf,
} from './cells.ts';

test('an administrator lists the default clients by their registered names, without any secret (row 45)', async (t) => {
  const cells = await startCells(t);
  const clients = await (await administrator(cells)).list();
  const ids = clients.map(({ client_id }) => client_id);
  for (const id of ['cells-frontend', 'cells-sync', 'cells-client', 'cells-mobile', 'cells-curl'])
    assert.ok(ids.includes(id), id);
  const frontend = clients.find(({ client_id }) => client_id === 'cells-frontend');
  assert.deepEqual(frontend?.['redirect_uris'], [`${cells.site}/auth/callback`]);
  assert.deepEqual(frontend['grant_types'], ['authorization_code', 'refresh_token']);
  assert.equal(frontend['scope'], SCOPE);
  assert.doesNotMatch(JSON.stringify(clients), /"client_secret"|:"password"/);
});

test('a client registered with the form works at once, with its secret and without consent (row 45)', async (t) => {
  const cells = await startCells(t);
  const admin = await administrator(cells);
  const { status, body } = await admin.put('own', FORM);
  assert.equal(status, 200);
  assert.deepEqual(body, { Success: true });
  const code = () => codeFor(cells, wish);
  assert.equal((await redeem(cells, await code(), {}, basic('own', 'secret-of-own'))).status, 200);
  assert.equal((await redeem(cells, await code(), { client_id: 'own' })).status, 401);
  const oob = asked({ client_id: 'own', redirect_uri: `${cells.site}/oauth2/oob` });
  assert.ok((await grant(cells, oob)).location?.startsWith(`${cells.site}/oauth2/oob?`));
});

test('what a change does not name stays, the secret too, and an empty secret makes a public client (row 45)', async (t) => {
  const cells = await startCells(t);
  const admin = await administrator(cells);
  await admin.put('own', FORM);
  await admin.put('own', { Name: 'Another name' });
  const entry = (await admin.list()).find(({ client_id }) => client_id === 'own');
  assert.equal(entry?.['client_name'], 'Another name');
  assert.deepEqual(entry['redirect_uris'], [redirect_uri, `${cells.site}/oauth2/oob`]);
  assert.equal(
    (await redeem(cells, await codeFor(cells, wish), {}, basic('own', 'secret-of-own'))).status,
    200,
  );
  assert.equal((await redeem(cells, await codeFor(cells, wish), { client_id: 'own' })).status, 401);
  await admin.put('own', { Secret: 'another-secret' });
  assert.equal(
    (await redeem(cells, await codeFor(cells, wish), {}, basic('own', 'secret-of-own'))).status,
    401,
  );
  assert.equal(
    (await redeem(cells, await codeFor(cells, wish), {}, basic('own', 'another-secret'))).status,
    200,
  );
  await admin.put('own', { Secret: '' });
  assert.equal((await redeem(cells, await codeFor(cells, wish), { client_id: 'own' })).status, 200);
});

test('a client that is deleted is unknown at once, with its tokens (row 45)', async (t) => {
  const cells = await startCells(t);
  const admin = await administrator(cells);
  await admin.put('own', FORM);
  const { body } = await redeem(cells, await codeFor(cells, wish), {}, basic('own', 'secret-of-own'));
  const state = () =>
    call(cells, ['GET', '/a/frontend/state'], undefined, bearer(String(body['access_token'])));
  assert.equal((await state()).status, 200);
  assert.deepEqual((await admin.remove('own')).body, { Success: true });
  assert.equal((await state()).status, 401);
  assert.equal((await open(cells, visitorOf(cells), wish)).status, 400);
  assert.equal((await admin.remove('own')).status, 404);
});

test('only administrators see or change clients (row 45)', async (t) => {
  const cells = await startCells(t);
  const { access_token } = await tokensFor(cells, asked(), { account: ALICE });
  for (const [method, path] of [
    ['GET', CLIENTS],
    ['PUT', `${CLIENTS}/own`],
    ['DELETE', `${CLIENTS}/cells-sync`],
  ] as const) {
    assert.equal((await call(cells, [method, path], undefined, bearer(access_token))).status, 403);
    assert.equal((await call(cells, [method, path])).status, 401);
  }
  assert.ok(answerOf(await grant(cells))['code'], 'and nothing was changed');
});

test('forms that make no sound client are refused with what is wrong (row 45)', async (t) => {
  const cells = await startCells(t);
  const admin = await administrator(cells);
  const bad = [
    { ...FORM, RedirectURIs: ['javascript:alert(1)'] },
    { ...FORM, RedirectURIs: ['http://evil.example/cb'] },
    { ...FORM, RedirectURIs: 'http://localhost:9100/cb' },
    { ...FORM, GrantTypes: ['everything'] },
    { ...FORM, GrantTypes: ['client_credentials'], Secret: '' },
    { ...FORM, GrantTypes: ['password'] },
    { ...FORM, ClientID: 'other' },
    { ...FORM, Name: '\u202Eevil' },
    { ...FORM, Audience: ['https://api.example'] },
    { ...FORM, Scope: 'a"b' },
  ];
  for (const body of bad) {
    const { status, body: told } = await admin.put('own', body);
    assert.equal(status, 400, JSON.stringify(body));
    assert.equal(typeof told['Detail'], 'string');
  }
  assert.equal(
    (await admin.list()).some(({ client_id }) => client_id === 'own'),
    false,
  );
  assert.equal(
    (await admin.put(encodeURIComponent('https://evil.example'), { ...FORM, ClientID: undefined })).status,
    400,
  );
});

test('a client with the implicit grant has the response types of its form, one without has code alone (row 45)', async (t) => {
  const cells = await startCells(t);
  const admin = await administrator(cells);
  await admin.put('own', FORM);
  await admin.put('frames', {
    ...FORM,
    ClientID: 'frames',
    GrantTypes: ['authorization_code', 'implicit'],
    ResponseTypes: ['code', 'token', 'id_token', 'token id_token'],
  });
  const typesOf = async (id: string) =>
    (await admin.list()).find(({ client_id }) => client_id === id)?.['response_types'];
  assert.deepEqual(await typesOf('own'), ['code']);
  assert.deepEqual(await typesOf('frames'), ['code', 'token', 'id_token', 'id_token token']);
});
