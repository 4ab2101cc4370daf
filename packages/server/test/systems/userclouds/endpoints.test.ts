import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, basic, personAt, post } from '../../support/person.ts';
import {
  APP,
  APP_SECRET,
  authorization,
  bearer,
  CALLBACK,
  codeFor,
  exchangeCode,
  OF_APP,
  startUserClouds,
  tokensOf,
  verified,
} from './userclouds.ts';

const json = async (url: string): Promise<Record<string, unknown>> =>
  (await (await fetch(url)).json()) as Record<string, unknown>;

test('discovery names the tenant URL itself as issuer, as go-oidc compares it, and what there is (row 91)', async (t) => {
  const signet = await startUserClouds(t);
  const found = await json(signet.url('/.well-known/openid-configuration'));
  assert.equal(found['issuer'], signet.issuer);
  assert.doesNotMatch(signet.issuer, /\/$/);
  assert.equal(found['authorization_endpoint'], signet.url('/oidc/authorize'));
  assert.equal(found['token_endpoint'], signet.url('/oidc/token'));
  assert.equal(found['userinfo_endpoint'], signet.url('/oidc/userinfo'));
  assert.equal(found['jwks_uri'], signet.url('/.well-known/jwks.json'));
  for (const none of ['introspection_endpoint', 'revocation_endpoint', 'check_session_iframe'])
    assert.equal(found[none], undefined, none);
  assert.deepEqual(found['code_challenge_methods_supported'], ['S256']);
  assert.ok((found['grant_types_supported'] as string[]).includes('password'));
});

test('the key set holds an RSA key for RS256 with the kid of the tokens (row 92)', async (t) => {
  const signet = await startUserClouds(t);
  const { keys } = (await json(signet.url('/.well-known/jwks.json'))) as { keys: Record<string, string>[] };
  const { id_token } = await tokensOf(signet);
  const { protectedHeader } = await verified(signet, id_token, { audience: APP.client_id });
  assert.equal(protectedHeader.alg, 'RS256');
  const key = keys.find(({ kid }) => kid === protectedHeader.kid);
  assert.deepEqual([key?.['kty'], key?.['alg'], key?.['use']], ['RSA', 'RS256', 'sig']);
});

for (const path of ['/oidc/authorize', '/authorize', '/oauth/authorize']) {
  test(`${path} leads through the sign-in to a code (row 93)`, async (t) => {
    const signet = await startUserClouds(t);
    const person = personAt(signet);
    const query = new URLSearchParams(authorization()).toString();
    const page = await person.follow(await person.visit(`${signet.url(path)}?${query}`));
    assert.match(page.url, /\/plexui\/login\?session_id=/);
    const seen = await person.submit(page, { username: 'alice', password: 'wonderland' });
    assert.ok(seen.location?.startsWith(`${CALLBACK}?`));
    assert.equal(answerOf(seen)['state'], 'state-of-the-app');
    assert.equal((await exchangeCode(signet, answerOf(seen)['code'] ?? '')).status, 200);
    const silent = await person.visit(`${signet.url(path)}?${query}&prompt=none`);
    assert.ok(answerOf(silent)['code'], 'once signed in, the answer comes at once');
  });
}

for (const path of ['/oidc/token', '/oauth/token']) {
  test(`${path} exchanges codes and refreshes, and refuses alike (row 94)`, async (t) => {
    const signet = await startUserClouds(t);
    const code = await codeFor(signet);
    const form = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK };
    const wrong = await post(signet.url(path), form, basic(APP.client_id, 'wrong'));
    assert.deepEqual([wrong.status, wrong.body['error']], [401, 'invalid_client']);
    const { status, body } = await post(signet.url(path), form, basic(APP.client_id, APP_SECRET));
    assert.equal(status, 200);
    const refresh_token = String(body['refresh_token']);
    const again = await post(signet.url(path), { grant_type: 'refresh_token', refresh_token, ...OF_APP });
    assert.equal(again.status, 200);
    assert.equal((await fetch(signet.url(path))).status, 405);
  });
}

for (const path of ['/oidc/userinfo', '/userinfo', '/oauth/userinfo']) {
  test(`${path} tells the claims of the scope to an access token and to nothing else (row 95)`, async (t) => {
    const signet = await startUserClouds(t);
    const all = await tokensOf(signet);
    const ask = (headers: Record<string, string>) => fetch(signet.url(path), { headers });
    const told = (await (await ask(bearer(all['access_token'] ?? ''))).json()) as Record<string, unknown>;
    assert.deepEqual(
      [told['name'], told['nickname'], told['picture'], told['email'], told['email_verified']],
      ['Alice Example', 'Al', 'https://example.com/alice.png', 'alice@example.com', true],
    );
    assert.match(String(told['sub']), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-/);
    const least = await tokensOf(signet, undefined, { scope: 'openid' });
    const little = (await (await ask(bearer(least['access_token'] ?? ''))).json()) as object;
    assert.deepEqual(Object.keys(little).toSorted(), ['organization_id', 'sub']);
    for (const other of ['id_token', 'refresh_token']) {
      const refused = await ask(bearer(all[other] ?? ''));
      assert.equal(refused.status, 401, other);
      assert.equal(refused.headers.get('content-type'), 'application/json');
    }
    assert.equal((await ask({})).status, 401);
  });
}
