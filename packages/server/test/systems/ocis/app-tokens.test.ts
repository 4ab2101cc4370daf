import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setDisabled } from '../../../src/admin/users.ts';
import { answerOf, personAt, userinfo } from '../../support/person.ts';
import { ALICE, BOB, type Signet } from '../../support/signet.ts';
import { askWeb, startOcis } from './ocis.ts';

const ocis = await startOcis({ after });

type AppToken = Readonly<{ token: string; expiration_date: string; created_date: string; label: string }>;

/** Seconds for which it is good. The two times may be read on either side of a millisecond. */
const lifeOf = ({ created_date, expiration_date }: AppToken): number =>
  Math.round((Date.parse(expiration_date) - Date.parse(created_date)) / 1000);

/** An access token of the web client. */
async function accessToken(signet: Signet, account = ALICE): Promise<string> {
  const wish = askWeb(signet, { response_type: 'id_token token', scope: 'openid profile email' });
  return answerOf(await personAt(signet).grant(wish, account))['access_token'] ?? '';
}

const call = (signet: Signet, method: string, query: string, token: string) =>
  fetch(`${signet.issuer}/auth-app/tokens${query}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
  });

const create = async (signet: Signet, token: string, query = ''): Promise<AppToken> =>
  (await (await call(signet, 'POST', query, token)).json()) as AppToken;

const list = async (signet: Signet, token: string): Promise<AppToken[]> =>
  (await (await call(signet, 'GET', '', token)).json()) as AppToken[];

/** Asks, as the file server does, whom a name and a password stand for. */
const check = (signet: Signet, username: string, password: string) =>
  fetch(`${signet.issuer}/auth-app/user`, {
    headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
  });

test('a person makes a token that is told once, lives 72 hours, and is their password at the file server (row 87)', async (t) => {
  const signet = await startOcis(t);
  const mine = await accessToken(signet);
  const made = await create(signet, mine);
  assert.equal(made.label, 'Generated via API');
  assert.equal(lifeOf(made), 72 * 3600);
  const user = await check(signet, 'alice', made.token);
  assert.equal(user.status, 200);
  const claims = await user.json();
  assert.partialDeepStrictEqual(claims, { preferred_username: 'alice', email: 'alice@example.com' });
  assert.equal((claims as { sub: string }).sub, (await userinfo(signet, mine)).body['sub']);
  const listed = await list(signet, mine);
  assert.deepEqual(listed, [{ ...made, token: listed[0]?.token }]);
  assert.notEqual(listed[0]?.token, made.token);
  // The name in the list opens nothing.
  assert.equal((await check(signet, 'alice', listed[0]?.token ?? '')).status, 401);
  signet.clock.advance(72 * 3_600_000 + 1000);
  assert.equal((await check(signet, 'alice', made.token)).status, 401);
  assert.deepEqual(await list(signet, await accessToken(signet)), []);
});

test('expiry and label can be chosen (row 87)', async () => {
  const mine = await accessToken(ocis);
  for (const [expiry, seconds] of [
    ['30m', 1800],
    ['1h30m', 5400],
    ['1.5h', 5400],
    ['90s', 90],
  ] as const) {
    const made = await create(ocis, mine, `?expiry=${expiry}&label=${encodeURIComponent('My phone')}`);
    assert.equal(made.label, 'My phone');
    assert.equal(lifeOf(made), seconds);
  }
  for (const expiry of ['72', 'soon', '-1h', '0s', '99999999h', '1h1', 'NaN', '1e9h', '%00', 'h'])
    assert.equal((await call(ocis, 'POST', `?expiry=${expiry}`, mine)).status, 400, expiry);
});

test('a token is deleted by its name in the list or by itself, and is no password from then on (row 87)', async (t) => {
  const signet = await startOcis(t);
  const mine = await accessToken(signet);
  const [first, second] = [await create(signet, mine), await create(signet, mine)];
  assert.equal((await call(signet, 'DELETE', `?token=${first.token}`, mine)).status, 200);
  const [left, ...others] = await list(signet, mine);
  assert.deepEqual(others, []);
  assert.equal((await check(signet, 'alice', second.token)).status, 200);
  assert.equal((await call(signet, 'DELETE', `?token=${left?.token}`, mine)).status, 200);
  for (const { token } of [first, second]) assert.equal((await check(signet, 'alice', token)).status, 401);
  assert.equal((await call(signet, 'DELETE', '', mine)).status, 400);
  for (const token of [first.token, 'nonsense', '%00', 'x'.repeat(3000)])
    assert.equal((await call(signet, 'DELETE', `?token=${token}`, mine)).status, 404);
});

test('nobody sees, deletes or uses the tokens of somebody else (row 87)', async () => {
  const [mine, theirs] = [await accessToken(ocis), await accessToken(ocis, BOB)];
  const made = await create(ocis, mine);
  const name = (await list(ocis, mine)).at(-1)?.token ?? '';
  assert.deepEqual(await list(ocis, theirs), []);
  for (const token of [name, made.token])
    assert.equal((await call(ocis, 'DELETE', `?token=${token}`, theirs)).status, 404);
  assert.equal((await check(ocis, 'bob', made.token)).status, 401);
  assert.equal((await check(ocis, 'Alice', made.token)).status, 200);
  for (const query of ['?userName=bob', '?userID=1'])
    assert.equal((await call(ocis, 'POST', query, mine)).status, 403);
});

test('without a good access token nothing is done, and a cookie is none (row 87)', async () => {
  const person = personAt(ocis);
  const answer = answerOf(await person.grant(askWeb(ocis, { response_type: 'id_token' })));
  for (const method of ['GET', 'POST', 'DELETE']) {
    const byCookie = await person.visit(`${ocis.issuer}/auth-app/tokens`, { method });
    assert.equal(byCookie.status, 401);
    assert.match(byCookie.headers.get('www-authenticate') ?? '', /^Bearer realm=/);
    for (const token of ['nonsense', answer['id_token'] ?? ''])
      assert.equal((await call(ocis, method, '', token)).status, 401);
  }
  assert.equal((await call(ocis, 'PUT', '', 'nonsense')).status, 405);
});

test('the check takes no login password, and no token of a disabled person (row 87)', async (t) => {
  const signet = await startOcis(t);
  const made = await create(signet, await accessToken(signet));
  const refused = await check(signet, ALICE.username, ALICE.password);
  assert.equal(refused.status, 401);
  assert.match(refused.headers.get('www-authenticate') ?? '', /^Basic realm=/);
  assert.equal(await refused.text(), '');
  assert.equal((await fetch(`${signet.issuer}/auth-app/user`)).status, 401);
  assert.equal((await userinfo(signet, made.token)).status, 401);
  await setDisabled(signet.provider, 'alice', true);
  assert.equal((await check(signet, 'alice', made.token)).status, 401);
});
