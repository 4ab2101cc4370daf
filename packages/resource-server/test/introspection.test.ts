import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertInvalid, refusalOf, setup } from './support.ts';

const credentials = { client_id: 'orders api', client_secret: 'a:b%+é/"' };

test('an opaque token is checked by the issuer, with form-encoded Basic credentials (RFC 7662 §2.1)', async (t) => {
  const { id, another, asked } = await setup(t, { introspection: credentials });
  const api = another({ introspection: credentials });
  const token = id.opaqueToken({ scope: 'orders:read', sub: 'alice' });
  const verified = await api.verify(`Bearer ${token}`, { scope: 'orders:read' });
  assert.equal(verified.sub, 'alice');
  assert.equal(verified.token, token);
  assert.equal((await refusalOf(api.verify(`Bearer ${token}`, { scope: 'orders:write' }))).status, 403);
  assert.equal(asked('/introspect'), 2, 'without a cache each request asks');
});

test('a token that the issuer does not know, or has revoked, is refused', async (t) => {
  const { id, another } = await setup(t, { introspection: credentials });
  const api = another({ introspection: credentials });
  await assertInvalid(api, 'garbage', /not active/);
  const token = id.opaqueToken();
  id.revoke(token);
  await assertInvalid(api, token, /not active/);
  for (const active of ['true', 1, null, undefined, false]) {
    await assertInvalid(api, id.opaqueToken({ active }), /not active/);
  }
});

test('an active refresh token is no access token', async (t) => {
  const { id, another } = await setup(t, { introspection: credentials });
  const api = another({ introspection: credentials });
  const kinds = [
    { token_type: undefined },
    { token_type: 'refresh_token' },
    { token_type: 'DPoP' },
    { token_type: 'Bearer', token_use: 'refresh_token' },
  ];
  for (const kind of kinds) await assertInvalid(api, id.opaqueToken(kind), /bearer access token/);
});

test('what introspection tells is held to the same rules as the claims of a JWT', async (t) => {
  const { id, another, clock } = await setup(t, { introspection: credentials });
  const api = another({ introspection: credentials });
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ aud: 'https://other.example' }, /meant for/],
    [{ aud: undefined }, /meant for/],
    [{ iss: 'https://evil.example' }, /issued by/],
    [{ exp: clock.now() / 1000 - 10 }, /expired/],
    [{ exp: undefined }, /exp/],
    [{ sub: undefined }, /sub/],
    [{ client_id: undefined }, /client_id/],
    [{ cnf: { jkt: 'x' } }, /bound to a key/],
  ];
  for (const [claims, why] of cases) await assertInvalid(api, id.opaqueToken(claims), why);
  const verified = await api.verify(`Bearer ${id.opaqueToken({ iss: undefined, jti: undefined })}`);
  assert.equal(verified.claims.iss, id.issuer);
  assert.match(verified.jti, /^[\w-]{43}$/);
});

test('a JWT is still verified here', async (t) => {
  const { id, another, asked } = await setup(t, { introspection: credentials });
  const api = another({ introspection: credentials });
  assert.equal((await api.verify(`Bearer ${await id.accessToken()}`)).sub, 'user-1');
  await assertInvalid(api, await id.idToken(), /ID token/);
  assert.equal(asked('/introspect'), 0);
});

test('an issuer that cannot be asked, or refuses the API, gives 503', async (t) => {
  const { id, another, clock, warnings } = await setup(t, { introspection: credentials });
  const token = id.opaqueToken();
  const api = another({ introspection: credentials });
  await api.verify(`Bearer ${token}`);
  const stranger = another({ introspection: { ...credentials, client_secret: 'guess' } });
  assert.equal((await refusalOf(stranger.verify(`Bearer ${token}`))).status, 503);
  assert.match(warnings.join(), /refuses the credentials of client orders api/);
  assert.ok(!warnings.join().includes('guess'));

  id.answer('/introspect', (_, response) => response.writeHead(302, { location: '/jwks' }).end());
  assert.equal((await refusalOf(api.verify(`Bearer ${token}`))).status, 503);
  id.answer('/introspect', undefined);
  id.setDown(true);
  assert.equal((await refusalOf(api.verify(`Bearer ${token}`))).status, 503);
  id.setDown(false);
  clock.advance(5);
  assert.ok(await api.verify(`Bearer ${token}`));
});

test('an issuer without an introspection endpoint gives 503 and a warning', async (t) => {
  const { id, another, warnings } = await setup(t);
  id.answer('/.well-known/openid-configuration', (_, response) =>
    response.end(JSON.stringify({ issuer: id.issuer })),
  );
  const api = another({ introspection: credentials });
  await api.ready();
  assert.equal((await refusalOf(api.verify('Bearer opaque'))).status, 503);
  assert.match(warnings.join(), /names no introspection_endpoint/);
});

test('the cache keeps active tokens for its time, no longer than they live, and no more than its size', async (t) => {
  const { id, another, clock, asked } = await setup(t, { introspection: credentials });
  const api = another({ introspection: { ...credentials, cache: { seconds: 30, entries: 2 } } });
  const visit = (token: string) => api.verify(`Bearer ${token}`);
  const [first, second, third] = [id.opaqueToken(), id.opaqueToken(), id.opaqueToken()];
  await visit(first);
  await visit(first);
  assert.equal(asked('/introspect'), 1);
  clock.advance(29);
  await visit(first);
  assert.equal(asked('/introspect'), 1);
  clock.advance(1);
  await visit(first);
  assert.equal(asked('/introspect'), 2);

  await visit(second);
  await visit(third);
  assert.equal(asked('/introspect'), 4);
  await visit(third);
  await visit(second);
  assert.equal(asked('/introspect'), 4);
  await visit(first);
  assert.equal(asked('/introspect'), 5, 'the oldest of three made way');

  const brief = id.opaqueToken({ exp: clock.now() / 1000 + 10 });
  await visit(brief);
  clock.advance(15);
  await assertInvalid(api, brief, /expired/);
});
