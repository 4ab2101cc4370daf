import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, basic, claimsOf } from '../../support/person.ts';
import { ALICE, BOB, type Signet } from '../../support/signet.ts';
import {
  APP,
  bearer,
  CALLBACK,
  call,
  codeFor,
  exchangeCode,
  OF_APP,
  ROOT,
  SERVICE,
  serviceToken,
  startUserClouds,
  token,
  tokensOf,
  verified,
} from './userclouds.ts';

const HOUR = 3600;
const OTHER_ADMIN = { username: 'ruth', password: 'another set of keys', role: 'admin' };

const impersonate = (signet: Signet, access_token: unknown, target_user_id: unknown) =>
  call(signet, '/impersonateuser', { method: 'POST', json: { access_token, target_user_id } });

const subOf = async (signet: Signet, username: string): Promise<string> =>
  (await signet.provider.store.findUserByName(signet.provider.tenant.id, username))?.sub ?? '';

test('an administrator turns an access token of their own into a sign-in as somebody else, for an hour (row 125)', async (t) => {
  const signet = await startUserClouds(t);
  const admin = await tokensOf(signet, ROOT);
  const target = await subOf(signet, 'alice');
  const { status, body } = await impersonate(signet, admin['access_token'], target);
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(Object.keys(body), ['redirect_to']);
  const location = String(body['redirect_to']);
  assert.ok(location.startsWith(`${CALLBACK}?`));
  const { code = '', state } = Object.fromEntries(new URL(location).searchParams);
  assert.equal(state, 'state-of-the-app', 'as at the sign-in that the token came of');
  const tokens = (await exchangeCode(signet, code)).body as Record<string, string>;
  const { payload } = await verified(signet, tokens['id_token'], { audience: APP.client_id });
  assert.deepEqual(
    [payload.sub, payload['name'], payload['impersonated_by']],
    [target, 'Alice Example', await subOf(signet, 'root')],
  );
  const access = claimsOf(tokens['access_token'] ?? '');
  assert.deepEqual([access['sub'], access['impersonated_by']], [target, await subOf(signet, 'root')]);
  // The hour begins with the sign-in, the moment before.
  for (const { exp, auth_time } of [access, payload])
    assert.ok(
      [HOUR, HOUR - 1].includes(Number(exp) - Number(auth_time)),
      `${Number(exp) - Number(auth_time)}`,
    );
  assert.equal(claimsOf(admin['id_token'] ?? '')['impersonated_by'], undefined);

  const refresh = (refresh_token = '') =>
    token(signet, { grant_type: 'refresh_token', refresh_token, ...OF_APP });
  signet.clock.advance(1000 * (HOUR - 50));
  const late = await refresh(tokens['refresh_token']);
  assert.equal(late.status, 200);
  assert.ok(Number(late.body['expires_in']) <= 50, 'a refresh does not make the hour longer');
  assert.equal(claimsOf(String(late.body['id_token']))['impersonated_by'], await subOf(signet, 'root'));
  signet.clock.advance(51_000);
  assert.equal((await refresh(String(late.body['refresh_token']))).body['error'], 'invalid_grant');
  const userinfo = await fetch(signet.url('/userinfo'), {
    headers: bearer(String(late.body['access_token'])),
  });
  assert.equal(userinfo.status, 401);
});

test('nobody else acts for anybody, and nobody for an administrator (row 125)', async (t) => {
  const restricted = { ...APP, client_id: 'restricted', allowed_users: ['root', 'bob'] };
  const third = { ...APP, client_id: 'third', consent: 'remember' };
  const spa = {
    client_id: 'spa',
    redirect_uris: [CALLBACK],
    token_endpoint_auth_method: 'none',
    require_pkce: false,
  };
  const trusted = { ...SERVICE, client_id: 'operator', may_administer: true };
  const { users } = {
    users: [{ ...ALICE }, { ...BOB, disabled: true }, { ...ROOT, role: 'admin' }, OTHER_ADMIN],
  };
  const signet = await startUserClouds(t, {
    clients: [APP, SERVICE, restricted, third, spa, trusted],
    users,
  });
  const through = async (client_id: string, secret: string | undefined) => {
    const code = await codeFor(signet, { client_id }, ROOT);
    const { body } = await token(signet, {
      grant_type: 'authorization_code',
      client_id,
      ...(secret !== undefined && { client_secret: secret }),
      code,
      redirect_uri: CALLBACK,
    });
    return String(body['access_token']);
  };
  const [alice, bob, root, ruth] = await Promise.all(
    ['alice', 'bob', 'root', 'ruth'].map((name) => subOf(signet, name)),
  );
  const admin = await tokensOf(signet, ROOT);
  const own = await impersonate(signet, admin['access_token'], alice);
  const { code = '' } = answerOf({ location: String(own.body['redirect_to']) } as Parameters<
    typeof answerOf
  >[0]);
  const asAlice = String((await exchangeCode(signet, code)).body['access_token']);
  const { body: m2m } = await token(
    signet,
    { grant_type: 'client_credentials' },
    basic('operator', SERVICE.client_secret),
  );
  for (const [what, access_token, target, expected] of [
    ['a user', (await tokensOf(signet, ALICE))['access_token'], root, 403],
    ['a user for another user', (await tokensOf(signet, ALICE))['access_token'], bob, 403],
    ['who acts for somebody already', asAlice, alice, 403],
    ['a service', await serviceToken(signet), alice, 403],
    ['a service that administers', String(m2m['access_token']), alice, 403],
    ['an ID token', admin['id_token'], alice, 401],
    ['a made-up token', 'nonsense', alice, 401],
    ['an administrator for another', admin['access_token'], ruth, 403],
    ['an administrator for themself', admin['access_token'], root, 403],
    ['for a disabled user', admin['access_token'], bob, 403],
    ['for nobody', admin['access_token'], 'nobody', 404],
    ['for somebody who may not sign in there', await through('restricted', APP.client_secret), alice, 403],
    ['through somebody else’s application', await through('third', APP.client_secret), alice, 403],
    ['through one without a secret', await through('spa', undefined), alice, 403],
    ['no target', admin['access_token'], undefined, 400],
    ['a list', admin['access_token'], [alice], 400],
  ] as const) {
    const { status, body } = await impersonate(signet, access_token, target);
    assert.equal(status, expected, `${what}: ${JSON.stringify(body)}`);
    assert.deepEqual(Object.keys(body), ['error', 'request_id'], what);
  }
});

test('who acts for somebody administers nothing, even if that person has become an administrator (row 125)', async (t) => {
  const signet = await startUserClouds(t);
  const admin = await tokensOf(signet, ROOT);
  const { store, tenant } = signet.provider;
  const { body } = await impersonate(signet, admin['access_token'], await subOf(signet, 'alice'));
  const { code = '' } = Object.fromEntries(new URL(String(body['redirect_to'])).searchParams);
  const asAlice = String((await exchangeCode(signet, code)).body['access_token']);
  const alice = await store.findUserByName(tenant.id, 'alice');
  assert.ok(alice);
  const { id, claims, source } = alice;
  await store.updateUser(tenant.id, { id, claims, source, role: 'admin' }, signet.clock.now());
  assert.equal((await call(signet, '/authn/users', { token: asAlice })).status, 403);
  const own = (await tokensOf(signet, ALICE))['access_token'] ?? '';
  assert.equal((await call(signet, '/authn/users', { token: own })).status, 200);
});

test('acting for somebody is recorded, with both and the application (rows 125, 127)', async (t) => {
  const signet = await startUserClouds(t);
  const admin = await tokensOf(signet, ROOT);
  await impersonate(signet, admin['access_token'], await subOf(signet, 'alice'));
  const { body } = await call(signet, '/auditlog/entries?type=user.impersonated', {
    token: admin['access_token'] ?? '',
  });
  const [entry] = body['data'] as { type: string; actor_id: string; payload: Record<string, unknown> }[];
  assert.deepEqual(
    [entry?.actor_id, entry?.payload['subject'], entry?.payload['client_id']],
    [await subOf(signet, 'root'), await subOf(signet, 'alice'), APP.client_id],
  );
});
