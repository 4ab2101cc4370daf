import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { deleteClient } from '../../src/admin/clients.ts';
import { answerOf, basic, personAt, post, request, userinfo } from '../support/person.ts';
import { REDIRECT, startSignet, WEB_APP } from '../support/signet.ts';
import { seconds, verified } from '../support/tokens.ts';

const signet = await startSignet(
  { after },
  {
    clients: [
      WEB_APP,
      { ...WEB_APP, client_id: 'opaque', access_token_format: 'opaque' },
      { ...WEB_APP, client_id: 'brief', access_token_lifetime: 5 },
    ],
  },
);
const person = personAt(signet);
async function tokensOf(client_id: string): Promise<Record<string, unknown>> {
  const { code = '' } = answerOf(await person.grant(request({ client_id })));
  return (
    await post(
      signet.url('/token'),
      { grant_type: 'authorization_code', code, redirect_uri: REDIRECT },
      basic(client_id),
    )
  ).body;
}

test('an access token is a JWT of its own type, signed with a published key (RFC 9068 §2.1)', async () => {
  const { access_token } = await tokensOf('web-app');
  const { protectedHeader } = await verified(signet, access_token, { typ: 'at+jwt', algorithms: ['ES256'] });
  assert.deepEqual(Object.keys(protectedHeader).sort(), ['alg', 'kid', 'typ']);
});

test('it says who made it, for whom, of whom, until when, and with what authority (RFC 9068 §2.2, §2.2.1, §2.2.3)', async () => {
  const { access_token, id_token } = await tokensOf('web-app');
  const { payload } = await verified(signet, access_token, {
    audience: signet.issuer,
    requiredClaims: ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'],
  });
  const { payload: ofIdToken } = await verified(signet, id_token);
  assert.equal(payload['client_id'], 'web-app');
  assert.equal(payload['scope'], 'openid profile email');
  assert.equal(payload.sub, ofIdToken.sub);
  for (const name of ['auth_time', 'acr', 'amr']) assert.deepEqual(payload[name], ofIdToken[name], name);
  assert.equal(Number(payload.exp) - Number(payload.iat), 600);
  assert.ok(Math.abs(Number(payload.iat) - seconds(signet)) <= 1);
});

test("it carries nothing that only the client or the person's record should hold (RFC 9068 §6, OIDC Core §17.1)", async () => {
  const { payload } = await verified(signet, (await tokensOf('web-app'))['access_token']);
  for (const name of ['name', 'email', 'nonce', 'sid', 'username', 'azp'])
    assert.equal(payload[name], undefined, name);
});

test('each token has an identifier of its own (RFC 9068 §2.2)', async () => {
  const tokens = await Promise.all(
    Array.from({ length: 20 }, async () => (await tokensOf('web-app'))['access_token']),
  );
  const identifiers = await Promise.all(
    tokens.map(async (token) => (await verified(signet, token)).payload.jti),
  );
  assert.equal(new Set(identifiers).size, 20);
});

test('an opaque access token tells nothing to who holds it, and opens the same doors (RFC 6749 §1.4)', async () => {
  const { access_token, token_type, expires_in } = await tokensOf('opaque');
  assert.match(String(access_token), /^sgat_[\w-]+$/);
  assert.ok(!Buffer.from(String(access_token).slice(5), 'base64url').toString('latin1').includes('opaque'));
  assert.deepEqual([token_type, expires_in], ['Bearer', 600]);
  assert.equal((await userinfo(signet, String(access_token))).body['email'], 'alice@example.com');
});

test('an opaque token that is changed anywhere, or cut, is none', async () => {
  const { access_token } = await tokensOf('opaque');
  const token = String(access_token);
  for (const at of [6, 20, 60, token.length - 2]) {
    const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
    assert.equal((await userinfo(signet, changed)).status, 401, `${at}`);
  }
  for (const cut of [token.slice(0, -1), token.slice(0, -8), token.slice(5), `${token}A`])
    assert.equal((await userinfo(signet, cut)).status, 401);
});

test('a client may have a lifetime of its own, at whose end the token is dead (OIDC Core §16.18)', async () => {
  for (const [client_id, lifetime] of [
    ['brief', 5],
    ['opaque', 600],
    ['web-app', 600],
  ] as const) {
    const { access_token, expires_in } = await tokensOf(client_id);
    assert.equal(expires_in, lifetime);
    signet.clock.advance(1000 * (lifetime - 2));
    assert.equal((await userinfo(signet, String(access_token))).status, 200, client_id);
    signet.clock.advance(2000);
    assert.equal((await userinfo(signet, String(access_token))).status, 401, client_id);
  }
});

test("a service's token rests on the client it was made for, not on a later one of that name", async (t) => {
  const own = await startSignet(t);
  const { body } = await post(
    own.url('/token'),
    { grant_type: 'client_credentials', scope: 'email' },
    basic(),
  );
  const active = async () =>
    (await post(own.url('/introspect'), { token: String(body['access_token']) }, basic())).body['active'];
  assert.equal(await active(), true);
  await deleteClient(own.provider, 'web-app');
  own.clock.advance(2000);
  await own.app.apply();
  assert.equal(await active(), false);
});
