import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Requirements } from '../src/index.ts';
import { refusalOf, setup } from './support.ts';

test('a missing scope is forbidden, and the challenge names every scope that is needed', async (t) => {
  const { id, api } = await setup(t);
  const authorization = `Bearer ${await id.accessToken({ scope: 'orders:read profile' })}`;
  for (const scope of ['orders:read orders:write', ['orders:read', 'orders:write']]) {
    const refused = await refusalOf(api.verify(authorization, { scope }));
    assert.equal(refused.status, 403);
    assert.equal(refused.error, 'insufficient_scope');
    assert.deepEqual(refused.headers, {
      'WWW-Authenticate':
        'Bearer realm="https://api.example.test", error="insufficient_scope", ' +
        'error_description="The access token lacks the scope orders:write.", scope="orders:read orders:write"',
    });
    assert.deepEqual(refused.body, {
      error: 'insufficient_scope',
      error_description: 'The access token lacks the scope orders:write.',
    });
  }
  assert.equal((await api.verify(authorization, { scope: 'profile orders:read' })).sub, 'user-1');
});

test('a scope is compared whole and with its case', async (t) => {
  const { id, api } = await setup(t);
  for (const scope of ['orders', 'Orders:read', 'orders:read:all', 'xorders:read']) {
    const authorization = `Bearer ${await id.accessToken({ scope })}`;
    assert.equal((await refusalOf(api.verify(authorization, { scope: 'orders:read' }))).status, 403);
  }
});

test('a sign-in that is too old, or of unknown age, is stepped up (RFC 9470 §3)', async (t) => {
  const { id, api, clock } = await setup(t);
  const now = clock.now() / 1000;
  for (const auth_time of [now, now - 65]) {
    assert.ok(await api.verify(`Bearer ${await id.accessToken({ auth_time })}`, { maxAge: 60 }));
  }
  for (const auth_time of [now - 66, undefined, String(now), null]) {
    const refused = await refusalOf(
      api.verify(`Bearer ${await id.accessToken({ auth_time })}`, { maxAge: 60 }),
    );
    assert.equal(refused.status, 401);
    assert.equal(refused.error, 'insufficient_user_authentication');
    assert.equal(
      refused.headers['WWW-Authenticate'],
      'Bearer realm="https://api.example.test", error="insufficient_user_authentication", ' +
        'error_description="A more recent sign-in is required.", max_age="60"',
    );
  }
});

test('a sign-in of another class is stepped up, and the challenge lists what would do', async (t) => {
  const { id, api } = await setup(t);
  const required = { acr: ['phrh', 'mfa'], scope: 'pay', maxAge: 0 };
  for (const acr of [undefined, 'pwd', '', ['mfa'], 'phrh mfa']) {
    const refused = await refusalOf(api.verify(`Bearer ${await id.accessToken({ acr })}`, required));
    assert.equal(refused.status, 401);
    assert.match(
      refused.headers['WWW-Authenticate'] ?? '',
      /error="insufficient_user_authentication".*, scope="pay", acr_values="phrh mfa", max_age="0"$/,
    );
  }
  const weak = await refusalOf(api.verify(`Bearer ${await id.accessToken({ acr: 'pwd' })}`, { acr: 'mfa' }));
  assert.equal(weak.description, 'A different way of signing in is required.');
  assert.ok(await api.verify(`Bearer ${await id.accessToken({ acr: 'mfa' })}`, { acr: ['phrh', 'mfa'] }));
});

test('the challenge names the metadata of the API when that is configured (RFC 9728 §5.1)', async (t) => {
  const { another } = await setup(t);
  const api = another({
    resourceMetadata: 'https://api.example.test/.well-known/oauth-protected-resource',
    realm: 'Orders',
  });
  assert.equal(
    (await refusalOf(api.verify(undefined))).headers['WWW-Authenticate'],
    'Bearer realm="Orders", resource_metadata="https://api.example.test/.well-known/oauth-protected-resource"',
  );
});

test('nothing from a token or a setting can break out of a header value', async (t) => {
  const { id, another } = await setup(t);
  const api = another({ realm: 'The "best" \\ API' });
  const hostile = 'x"\\\r\nSet-Cookie: a=b\u2028é\u0000';
  const refusals = [
    await refusalOf(api.verify(undefined)),
    await refusalOf(api.verify(`Bearer ${await id.accessToken({ iss: hostile })}`)),
    await refusalOf(api.verify(`Bearer ${await id.accessToken({ aud: [hostile] })}`)),
    await refusalOf(api.verify(`Bearer ${await id.accessToken({}, { typ: hostile })}`)),
    await refusalOf(api.verify(`Bearer ${await id.accessToken({ aud: hostile.repeat(100) })}`)),
  ];
  for (const { headers, description } of refusals) {
    const header = headers['WWW-Authenticate'] ?? '';
    assert.match(header, /^Bearer realm="The \\"best\\" \\\\ API"(, \w+="[\x20-\x21\x23-\x5b\x5d-\x7e]*")*$/);
    assert.ok(header.length < 1000);
    assert.match(description, /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    assert.equal(new Headers(headers).get('www-authenticate'), header);
  }
});

test('requirements that guard nothing by mistake are an error of the program, not of the request', async (t) => {
  const { id, api } = await setup(t);
  const authorization = `Bearer ${await id.accessToken()}`;
  const mistakes: Requirements[] = [
    { scope: '' },
    { scope: ' ' },
    { scope: [] },
    { scope: 'a"b' },
    { scope: ['a b'] },
    { acr: [] },
    { maxAge: Number.NaN },
    { maxAge: -1 },
    { maxAge: 1.5 },
  ];
  for (const mistake of mistakes) await assert.rejects(api.verify(authorization, mistake), TypeError);
});
