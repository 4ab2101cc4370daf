import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourceServer } from '@signet/resource-server';
import { answerOf, basic, personAt } from '../../support/person.ts';
import { ALICE, BOB, type Ending, type Signet } from '../../support/signet.ts';
import { startTwoTenants } from '../../support/tenants.ts';
import {
  APP,
  APP_SECRET,
  authorization,
  bearer,
  call,
  codeFor,
  exchangeCode,
  OF_APP,
  PEOPLE,
  ROOT,
  token,
  tokensOf,
  verified,
} from './userclouds.ts';

const [ALICES, BOBS, ROOTS] = PEOPLE;
const OTHER_SECRET = 'the secret of the other tenant';

/** The same application and administrator by name at both; alice is at the first alone and bob at the second. */
const start = (t: Ending): Promise<readonly [Signet, Signet]> =>
  startTwoTenants(t, [
    { profile: 'userclouds', clients: [APP], users: [ALICES, ROOTS] },
    {
      profile: 'userclouds',
      clients: [{ ...APP, client_secret: OTHER_SECRET }],
      users: [BOBS, ROOTS],
    },
  ]);

test('the host decides whose keys, applications and people there are (row 117)', async (t) => {
  const [one, two] = await start(t);
  const keys = async (signet: Signet) =>
    JSON.stringify(await (await fetch(signet.url('/.well-known/jwks.json'))).json());
  assert.notEqual(await keys(one), await keys(two));
  assert.ok(await codeFor(one, {}, ALICE));
  assert.ok(await codeFor(two, {}, BOB));
  for (const [signet, stranger] of [
    [one, BOB],
    [two, ALICE],
  ] as const) {
    const person = personAt(signet);
    const seen = await person.submit(await person.authorize(authorization()), stranger);
    assert.deepEqual([seen.status, seen.location], [422, undefined]);
  }
  const form = { grant_type: 'client_credentials' };
  assert.equal((await token(one, form, basic(APP.client_id, APP_SECRET))).status, 200);
  assert.equal((await token(two, form, basic(APP.client_id, APP_SECRET))).status, 401);
  assert.equal((await token(two, form, basic(APP.client_id, OTHER_SECRET))).status, 200);
});

test('a token of one tenant is refused by the other, at every door (row 117)', async (t) => {
  const [one, two] = await start(t);
  const admin = await tokensOf(one, ROOT);
  const access_token = admin['access_token'] ?? '';
  const apiOfTwo = resourceServer({ issuer: two.issuer, audience: two.issuer });
  await assert.rejects(apiOfTwo.verify(`Bearer ${access_token}`), { error: 'invalid_token' });
  await assert.rejects(verified(two, admin['id_token'], { audience: APP.client_id }));
  for (const path of ['/oidc/userinfo', '/loginapp/register', '/authn/users', '/auditlog/entries']) {
    const there = await fetch(two.url(path), { headers: bearer(access_token) });
    assert.equal(there.status, 401, path);
    assert.equal((await fetch(one.url(path), { headers: bearer(access_token) })).status, 200, path);
  }
  const json = { access_token, target_user_id: 'bob' };
  assert.equal((await call(two, '/impersonateuser', { method: 'POST', json })).status, 401);
  const ofTwo = { client_id: APP.client_id, client_secret: OTHER_SECRET };
  const refreshed = await token(two, {
    grant_type: 'refresh_token',
    refresh_token: admin['refresh_token'] ?? '',
    ...ofTwo,
  });
  assert.equal(refreshed.body['error'], 'invalid_grant');
  const code = await codeFor(one, {}, ALICE);
  const exchanged = await token(two, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: authorization()['redirect_uri'] ?? '',
    ...ofTwo,
  });
  assert.equal(exchanged.body['error'], 'invalid_grant');
  assert.equal((await exchangeCode(one, code, OF_APP)).status, 200, 'and is not spent by it');
  const hint = authorization({ prompt: 'none', id_token_hint: admin['id_token'] ?? '' });
  assert.equal(answerOf(await personAt(two).authorize(hint))['error'], 'invalid_request');
});
