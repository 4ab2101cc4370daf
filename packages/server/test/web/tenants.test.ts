import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { answerOf, basic, claimsOf, personAt, post, request } from '../support/person.ts';
import { type Signet, USERS, WEB_APP } from '../support/signet.ts';
import { both, startTenants } from '../support/tenants.ts';

/** Two providers in one process, told apart by path or by host. */
async function startTwo(
  t: TestContext,
  places: (port: number) => readonly [string, string],
): Promise<readonly [Signet, Signet]> {
  const tenant = (issuer: string, index: number) => ({
    name: ['one', 'two'][index] ?? '',
    issuer,
    clients: [{ ...WEB_APP, client_secret: `the secret of tenant ${index}` }],
    users: index === 0 ? USERS.slice(0, 1) : USERS.slice(1),
  });
  return both(await startTenants(t, (port) => places(port).map(tenant)));
}

const BY_PATH = (port: number) => [`http://localhost:${port}/one`, `http://localhost:${port}/two`] as const;
const BY_HOST = (port: number) => [`http://localhost:${port}`, `http://127.0.0.1:${port}`] as const;

for (const [how, places] of [
  ['path', BY_PATH],
  ['host', BY_HOST],
] as const) {
  test(`two tenants by ${how} have documents, keys, users and clients of their own`, async (t) => {
    const [one, two] = await startTwo(t, places);
    const discovery = async (signet: Signet) =>
      (await fetch(signet.url('/.well-known/openid-configuration'))).json() as Promise<
        Record<string, unknown>
      >;
    assert.equal((await discovery(one))['issuer'], one.issuer);
    assert.equal((await discovery(two))['issuer'], two.issuer);
    const keys = async (signet: Signet) => JSON.stringify(await (await fetch(signet.url('/jwks'))).json());
    assert.notEqual(await keys(one), await keys(two));
    assert.ok(answerOf(await personAt(one).grant(request()))['code']);
    const alice = await personAt(two).grant(request());
    assert.equal(alice.location, undefined, 'alice is not known at the second tenant');
  });

  test(`a token, code or secret of one tenant by ${how} is nothing to the other`, async (t) => {
    const [one, two] = await startTwo(t, places);
    const { code = '' } = answerOf(await personAt(one).grant(request()));
    const form = { grant_type: 'authorization_code', code, redirect_uri: WEB_APP.redirect_uris[0] ?? '' };
    const ofOne = basic('web-app', 'the secret of tenant 0');
    const ofTwo = basic('web-app', 'the secret of tenant 1');
    assert.equal((await post(two.url('/token'), form, ofOne)).body['error'], 'invalid_client');
    assert.equal((await post(two.url('/token'), form, ofTwo)).body['error'], 'invalid_grant');
    const { body } = await post(one.url('/token'), form, ofOne);
    const token = String(body['access_token']);
    assert.equal(claimsOf(token)['iss'], one.issuer);
    const userinfo = await fetch(two.url('/userinfo'), { headers: { authorization: `Bearer ${token}` } });
    assert.equal(userinfo.status, 401);
    assert.deepEqual((await post(two.url('/introspect'), { token }, ofTwo)).body, { active: false });
  });
}

test('signing in at one tenant signs nobody in at another on the same host', async (t) => {
  const [one, two] = await startTwo(t, BY_PATH);
  const person = personAt(one);
  await person.grant(request());
  const atTwo = personAt(two);
  for (const [name, value] of person.cookies) atTwo.cookies.set(name, value);
  assert.equal(answerOf(await atTwo.authorize(request({ prompt: 'none' })))['error'], 'login_required');
});

test('metadata of a tenant below a path is found in both places (RFC 8414 §3)', async (t) => {
  const [one] = await startTwo(t, BY_PATH);
  const { origin, pathname } = new URL(one.issuer);
  for (const address of [
    `${one.issuer}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${pathname}`,
    `${origin}/.well-known/openid-configuration${pathname}`,
  ]) {
    const found = (await (await fetch(address)).json()) as { issuer: string };
    assert.equal(found.issuer, one.issuer, address);
  }
});

test('a host or path that is nobody’s is answered with 404', async (t) => {
  const [one] = await startTwo(t, BY_PATH);
  const { origin } = new URL(one.issuer);
  assert.equal((await fetch(`${origin}/three/.well-known/openid-configuration`)).status, 404);
  assert.equal((await fetch(`${one.issuer}evil/.well-known/openid-configuration`)).status, 404);
});
