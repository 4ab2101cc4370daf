import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deleteClient, updateClient } from '../../src/admin/clients.ts';
import { endSessions, setDisabled, setPassword } from '../../src/admin/users.ts';
import {
  answerOf,
  basic,
  exchange,
  personAt,
  post,
  refresh,
  request,
  tokensFor,
  userinfo,
} from '../support/person.ts';
import { ALICE, type Signet, startSignet } from '../support/signet.ts';

/** Everything alice can have: a session, a code that waits, tokens of every kind, and a page that is open. */
async function everything(signet: Signet) {
  const person = personAt(signet);
  const tokens = await tokensFor(signet, {}, person);
  const { code = '', access_token: front = '' } = answerOf(
    await person.authorize(request({ response_type: 'code token' })),
  );
  const page = await person.authorize(request({ prompt: 'login' }));
  // Used once, so that the server remembers them.
  for (const token of [front, tokens['access_token'] ?? '']) {
    assert.equal((await userinfo(signet, token)).status, 200);
    assert.equal((await post(signet.url('/introspect'), { token }, basic())).body['active'], true);
  }
  return { person, tokens, code, front, page };
}

/** What of it still works. */
async function living(
  signet: Signet,
  { person, tokens, code, front }: Awaited<ReturnType<typeof everything>>,
) {
  const introspect = async (token = '') =>
    (await post(signet.url('/introspect'), { token }, basic())).body['active'] === true;
  const works: Record<string, boolean> = {
    session: 'code' in answerOf(await person.authorize(request({ prompt: 'none' }))),
    code: (await exchange(signet, code)).status === 200,
    userinfo: (await userinfo(signet, tokens['access_token'] ?? '')).status === 200,
    'front-channel token': (await userinfo(signet, front)).status === 200,
    introspection: await introspect(tokens['access_token']),
    'introspection of the refresh token': await introspect(tokens['refresh_token']),
    refresh: (await refresh(signet, tokens['refresh_token'] ?? '')).status === 200,
  };
  return Object.keys(works).filter((name) => works[name]);
}

const ALL = [
  'session',
  'code',
  'userinfo',
  'front-channel token',
  'introspection',
  'introspection of the refresh token',
  'refresh',
];

test('until something ends, all of it works', async (t) => {
  const signet = await startSignet(t);
  assert.deepEqual(await living(signet, await everything(signet)), ALL);
});

test('disabling a user ends everything at once, and enabling brings nothing back (OIDC Core §12)', async (t) => {
  const signet = await startSignet(t);
  const had = await everything(signet);
  await setDisabled(signet.provider, 'alice', true);
  assert.deepEqual(await living(signet, had), []);
  const login = await personAt(signet).authorize(request());
  assert.match(
    (await had.person.submit(had.page, ALICE)).text,
    /name="password"/,
    'nor can a new sign-in be made',
  );
  assert.match(login.text, /name="password"/);
  await setDisabled(signet.provider, 'alice', false);
  assert.deepEqual(await living(signet, had), []);
  assert.ok(answerOf(await personAt(signet).grant(request()))['code']);
});

test('changing the password ends everything that the old one gave', async (t) => {
  const signet = await startSignet(t);
  const had = await everything(signet);
  await setPassword(signet.provider, signet.app.passwords, { name: 'alice', password: 'another-wonderland' });
  assert.deepEqual(await living(signet, had), []);
  assert.match((await had.person.submit(had.page, ALICE)).text, /name="password"/);
});

test('ending the sessions of a user ends the tokens they gave', async (t) => {
  const signet = await startSignet(t);
  const had = await everything(signet);
  await endSessions(signet.provider, 'alice');
  assert.deepEqual(await living(signet, had), []);
});

test('nobody else is touched by the end of a user', async (t) => {
  const signet = await startSignet(t);
  const had = await everything(signet);
  await setDisabled(signet.provider, 'bob', true);
  assert.deepEqual(await living(signet, had), ALL);
});

test('deleting a client ends all that it had, for userinfo too, and leaves the session (RFC 6749 §2.2)', async (t) => {
  const signet = await startSignet(t);
  const had = await everything(signet);
  await deleteClient(signet.provider, 'web-app');
  assert.equal((await exchange(signet, had.code)).body['error'], 'invalid_client');
  assert.equal((await refresh(signet, had.tokens['refresh_token'] ?? '')).body['error'], 'invalid_client');
  for (const token of [had.tokens['access_token'], had.front])
    assert.equal((await userinfo(signet, token ?? '')).status, 401);
  assert.equal((await had.person.authorize(request())).status, 400);
});

test('a client that comes back by the same name finds nothing of the former one', async (t) => {
  const signet = await startSignet(t);
  const had = await everything(signet);
  await deleteClient(signet.provider, 'web-app');
  await signet.app.apply();
  assert.deepEqual(await living(signet, had), ['session']);
});

test('a client that is switched off is refused everything while it is (RFC 6749 §4.1.2.1)', async (t) => {
  const signet = await startSignet(t);
  const had = await everything(signet);
  const switchTo = async (disabled: boolean) => {
    const client = await signet.provider.store.findClient(signet.provider.tenant.id, 'web-app');
    assert.ok(client);
    await updateClient(signet.provider, { metadata: { ...client.metadata, disabled } });
  };
  await switchTo(true);
  assert.equal((await exchange(signet, had.code)).body['error'], 'invalid_client');
  assert.equal((await userinfo(signet, had.tokens['access_token'] ?? '')).status, 401);
  const submitted = await had.person.submit(had.page, ALICE);
  assert.equal(
    `${submitted.status} ${submitted.location}`,
    '400 undefined',
    'a page that was open leads nowhere',
  );
  await switchTo(false);
  assert.equal((await refresh(signet, had.tokens['refresh_token'] ?? '')).status, 200);
});

test('a redirect URI that is taken away while a page is open is not gone to any more (RFC 6749 §10.15)', async (t) => {
  const signet = await startSignet(t);
  const { person, page } = await everything(signet);
  const client = await signet.provider.store.findClient(signet.provider.tenant.id, 'web-app');
  assert.ok(client);
  await updateClient(signet.provider, {
    metadata: { ...client.metadata, redirect_uris: ['https://elsewhere.example/cb'] },
  });
  const seen = await person.submit(page, ALICE);
  assert.equal(`${seen.status} ${seen.location}`, '400 undefined');
});
