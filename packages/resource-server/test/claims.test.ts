import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertInvalid, setup } from './support.ts';

test('a token of another issuer is refused, to the letter of the address', async (t) => {
  const { id, api, asked } = await setup(t);
  const issuers = [
    'https://evil.example',
    `${id.issuer}/`,
    id.issuer.toUpperCase(),
    '',
    [id.issuer],
    null,
    undefined,
  ];
  for (const iss of issuers) await assertInvalid(api, await id.accessToken({ iss }), /issued by/);
  assert.equal(asked('/jwks'), 0, 'a stranger’s token must not make the API ask for keys');
});

test('a token for another API is refused', async (t) => {
  const { id, api } = await setup(t);
  const others = [
    'https://other.example',
    `${id.audience}/`,
    [],
    ['https://other.example'],
    {},
    7,
    null,
    undefined,
  ];
  for (const aud of others)
    await assertInvalid(api, await id.accessToken({ aud }), /meant for .*request one for this API/);
  await assertInvalid(api, await id.accessToken({ aud: [id.audience, 7] }), /meant for/);
});

test('a token for this API among others is accepted, and so is one for any name of this API', async (t) => {
  const { id, api, another } = await setup(t);
  const both = await id.accessToken({ aud: ['https://other.example', id.audience] });
  assert.deepEqual((await api.verify(`Bearer ${both}`)).claims.aud, ['https://other.example', id.audience]);
  const renamed = another({ audience: ['https://new.example', 'https://old.example'] });
  for (const aud of ['https://new.example', 'https://old.example']) {
    assert.equal((await renamed.verify(`Bearer ${await id.accessToken({ aud })}`)).claims.aud, aud);
  }
  await assertInvalid(
    renamed,
    await id.accessToken(),
    /not for 'https:\/\/new.example' or 'https:\/\/old.example'/,
  );
});

test('a token expires, five seconds of tolerance included', async (t) => {
  const { id, api, clock } = await setup(t);
  const token = await id.accessToken();
  clock.advance(304);
  assert.equal((await api.verify(`Bearer ${token}`)).sub, 'user-1');
  clock.advance(1);
  await assertInvalid(api, token, /expired 5 seconds ago/);
});

test('a token not yet valid, or issued in the future, is refused beyond the tolerance', async (t) => {
  const { id, api, clock, another } = await setup(t);
  const now = clock.now() / 1000;
  for (const claims of [{ nbf: now + 5 }, { iat: now + 5 }, { nbf: now - 10 }]) {
    assert.equal((await api.verify(`Bearer ${await id.accessToken(claims)}`)).sub, 'user-1');
  }
  await assertInvalid(api, await id.accessToken({ nbf: now + 6 }), /valid only in 6 seconds/);
  await assertInvalid(api, await id.accessToken({ iat: now + 6 }), /issued 6 seconds in the future/);
  await assertInvalid(another({ clockTolerance: 0 }), await id.accessToken({ exp: now }), /expired/);
});

test('every claim of RFC 9068 §2.2 must be there and of its type', async (t) => {
  const { id, api } = await setup(t);
  for (const name of ['sub', 'client_id', 'jti', 'exp', 'iat']) {
    for (const value of [undefined, null, '', {}, [], true]) {
      await assertInvalid(api, await id.accessToken({ [name]: value }), new RegExp(`the claim ${name},`));
    }
  }
  for (const name of ['sub', 'client_id', 'jti']) {
    await assertInvalid(api, await id.accessToken({ [name]: 7 }), new RegExp(`the claim ${name}, a string`));
  }
  for (const name of ['exp', 'iat', 'nbf']) {
    await assertInvalid(
      api,
      await id.accessToken({ [name]: '1900000000' }),
      new RegExp(`the claim ${name}, a number`),
    );
  }
  await assertInvalid(api, await id.accessToken({ nbf: null }), /the claim nbf/);
});

test('a scope that is not a string is refused, a missing one grants nothing', async (t) => {
  const { id, api } = await setup(t);
  for (const scope of [['orders:read'], null, 7]) {
    await assertInvalid(api, await id.accessToken({ scope }), /scope claim/);
  }
  assert.equal((await api.verify(`Bearer ${await id.accessToken()}`)).scope.size, 0);
});

test('claims that the API asks for besides must be there', async (t) => {
  const { id, another } = await setup(t);
  const api = another({ requiredClaims: ['tenant'] });
  for (const tenant of [undefined, null])
    await assertInvalid(api, await id.accessToken({ tenant }), /no tenant claim/);
  assert.equal((await api.verify(`Bearer ${await id.accessToken({ tenant: 0 })}`)).claims.tenant, 0);
});

test('a token bound to a key is not taken as a plain bearer token (RFC 9449 §7.1, RFC 8705 §3)', async (t) => {
  const { id, api } = await setup(t);
  await assertInvalid(api, await id.accessToken({ cnf: { jkt: 'x' } }), /bound to a key \(cnf jkt\)/);
  await assertInvalid(
    api,
    await id.accessToken({ cnf: { 'x5t#S256': 'x' } }),
    /bound to a key \(cnf x5t#S256\)/,
  );
});
