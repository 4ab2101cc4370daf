import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertInvalid, DISCOVERY, refusalOf, setup } from './support.ts';

test('an issuer down at the start gives 503, is left alone for five seconds, and recovers', async (t) => {
  const { id, api, clock, asked, warnings } = await setup(t);
  const authorization = `Bearer ${await id.accessToken()}`;
  id.setDown(true);
  const refusals = await Promise.all(Array.from({ length: 50 }, () => refusalOf(api.verify(authorization))));
  for (const refused of refusals) {
    assert.equal(refused.status, 503);
    assert.equal(refused.error, 'temporarily_unavailable');
    assert.deepEqual(refused.headers, { 'Retry-After': '5' });
    assert.ok(!JSON.stringify(refused.body).includes('127.0.0.1'), 'the cause is for the operator');
  }
  assert.equal(asked(DISCOVERY), 1);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /openid-configuration could not be read/);
  await assert.rejects(api.ready(), /could not be read/);

  id.setDown(false);
  clock.advance(4);
  assert.equal((await refusalOf(api.verify(authorization))).status, 503);
  assert.equal(asked(DISCOVERY), 1);
  clock.advance(1);
  assert.equal((await api.verify(authorization)).sub, 'user-1');
  await api.ready();
  clock.advance(10);
  await assertInvalid(api, await id.accessToken({}, { kid: 'garbage' }), /does not publish/);
  assert.equal(asked('/jwks'), 1, 'the pause between requests for unknown keys holds after an outage too');
});

test('a malformed or foreign token is refused as such even while the issuer is down', async (t) => {
  const { id, api } = await setup(t);
  id.setDown(true);
  await assertInvalid(api, await id.accessToken({ iss: 'https://evil.example' }), /issued by/);
  await assertInvalid(api, await id.idToken(), /ID token/);
  assert.equal(id.requests.length, 0);
});

test('while the issuer is away the old keys are used for a day, then nothing is', async (t) => {
  const { id, api, clock, asked, warnings } = await setup(t);
  await api.verify(`Bearer ${await id.accessToken()}`);
  id.setDown(true);
  for (const seconds of [600, 5, 1, 80_000]) {
    clock.advance(seconds);
    assert.equal((await api.verify(`Bearer ${await id.accessToken()}`)).sub, 'user-1');
  }
  assert.ok(asked('/jwks') + asked(DISCOVERY) <= 8);
  assert.ok(warnings.length > 0);
  clock.advance(5794);
  assert.equal((await refusalOf(api.verify(`Bearer ${await id.accessToken()}`))).status, 503);

  id.setDown(false);
  clock.advance(5);
  assert.equal((await api.verify(`Bearer ${await id.accessToken()}`)).sub, 'user-1');
});

test('an unknown key while the issuer is away is 503: nobody can tell whether it is good', async (t) => {
  const { id, api, clock, asked } = await setup(t);
  await api.verify(`Bearer ${await id.accessToken()}`);
  id.setDown(true);
  clock.advance(30);
  await id.rotateKeys();
  const authorization = `Bearer ${await id.accessToken()}`;
  for (const _ of [1, 2, 3]) assert.equal((await refusalOf(api.verify(authorization))).status, 503);
  assert.equal(asked('/jwks'), 2);
  id.setDown(false);
  clock.advance(5);
  assert.equal((await api.verify(authorization)).sub, 'user-1');
});

test('an issuer that does not answer in time gives 503', async (t) => {
  const { id, another, warnings } = await setup(t);
  id.answer('/jwks', () => undefined);
  const api = another({ fetchTimeout: 0.05 });
  assert.equal((await refusalOf(api.verify(`Bearer ${await id.accessToken()}`))).status, 503);
  assert.match(warnings.join(), /jwks could not be read: .*timeout/);
});

test('while the issuer hangs, requests use the old keys without waiting for it', async (t) => {
  const { id, another, clock } = await setup(t);
  let issuer: 'well' | 'failing' | 'hanging' = 'well';
  const hung: string[] = [];
  const api = another({
    fetch: async (url, init) => {
      if (issuer === 'well') return fetch(url, init);
      if (issuer === 'failing') throw new Error('no route');
      hung.push(new URL(url).pathname);
      return new Promise<never>(() => undefined);
    },
  });
  await api.verify(`Bearer ${await id.accessToken()}`);
  issuer = 'failing';
  clock.advance(600);
  await api.verify(`Bearer ${await id.accessToken()}`);
  issuer = 'hanging';
  clock.advance(5);
  for (const _ of [1, 2, 3]) await api.verify(`Bearer ${await id.accessToken()}`);
  assert.deepEqual(hung, [DISCOVERY, '/jwks'], 'one request for each document');
});
