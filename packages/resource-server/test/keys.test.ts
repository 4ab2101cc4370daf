import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertInvalid, DISCOVERY, json, refusalOf, setup } from './support.ts';

test('discovery and keys are fetched once, for a hundred requests at once and for later ones', async (t) => {
  const { id, api, asked } = await setup(t);
  const tokens = await Promise.all(Array.from({ length: 100 }, () => id.accessToken()));
  assert.equal(id.requests.length, 0);
  await Promise.all(tokens.map((token) => api.verify(`Bearer ${token}`)));
  await Promise.all(tokens.map((token) => api.verify(`Bearer ${token}`)));
  assert.equal(asked(DISCOVERY), 1);
  assert.equal(asked('/jwks'), 1);
});

test('the keys stay as long as Cache-Control says, but one minute at least and one hour at most', async (t) => {
  const cases: [string | undefined, number][] = [
    [undefined, 600],
    ['max-age=300', 300],
    ['public, MAX-AGE="900", must-revalidate', 900],
    ['max-age=0', 60],
    ['no-store', 60],
    ['max-age=31536000', 3600],
    ['s-maxage=5', 600],
    ['max-age=soon', 600],
  ];
  for (const [cacheControl, seconds] of cases) {
    const { id, api, clock, asked } = await setup(t);
    id.answer('/jwks', json(id.jwks(), cacheControl === undefined ? {} : { 'cache-control': cacheControl }));
    const visit = async () => api.verify(`Bearer ${await id.accessToken()}`);
    await visit();
    clock.advance(seconds - 1);
    await visit();
    assert.equal(asked('/jwks'), 1, String(cacheControl));
    clock.advance(1);
    await visit();
    assert.equal(asked('/jwks'), 2, String(cacheControl));
  }
});

test('a rotated key is fetched at its first token, and tokens of the old key stay good', async (t) => {
  const { id, api, clock, asked } = await setup(t);
  const old = await id.accessToken();
  await api.verify(`Bearer ${old}`);
  clock.advance(30);
  await id.rotateKeys();
  const tokens = await Promise.all(Array.from({ length: 10 }, () => id.accessToken()));
  await Promise.all(tokens.map((token) => api.verify(`Bearer ${token}`)));
  assert.equal((await api.verify(`Bearer ${old}`)).sub, 'user-1');
  assert.equal(asked('/jwks'), 2);
});

test('a key that the issuer withdraws is no longer trusted once the keys are fetched again', async (t) => {
  const { id, api, clock } = await setup(t);
  const old = await id.accessToken({ exp: clock.now() / 1000 + 3600 });
  await api.verify(`Bearer ${old}`);
  await id.rotateKeys({ drop: true });
  clock.advance(600);
  await assertInvalid(api, old, /does not publish/);
});

test('a storm of unknown key ids costs the issuer one request in thirty seconds', async (t) => {
  const { id, api, clock, asked } = await setup(t);
  await api.verify(`Bearer ${await id.accessToken()}`);
  const storm = async () => {
    const garbage = Array.from({ length: 200 }, (_, n) => id.accessToken({}, { kid: `garbage-${n}` }));
    for (const token of await Promise.all(garbage)) await assertInvalid(api, token, /does not publish/);
    await Promise.all((await Promise.all(garbage)).map((token) => refusalOf(api.verify(`Bearer ${token}`))));
  };
  await storm();
  assert.equal(asked('/jwks'), 1, 'right after a fetch there is nothing newer to get');
  clock.advance(30);
  await storm();
  assert.equal(asked('/jwks'), 2);
  await id.rotateKeys();
  clock.advance(30);
  assert.equal((await api.verify(`Bearer ${await id.accessToken()}`)).sub, 'user-1');
  assert.equal(asked('/jwks'), 3);
  assert.equal(asked(DISCOVERY), 1);
});

test('keys without ids are tried one after the other, and fetched again when none fits', async (t) => {
  const { id, api, clock, asked } = await setup(t);
  const publishWithoutIds = async () => {
    const { keys } = id.jwks();
    id.answer('/jwks', json({ keys: keys.map((key) => ({ ...key, kid: undefined })) }));
  };
  await id.rotateKeys();
  await publishWithoutIds();
  assert.ok(await api.verify(`Bearer ${await id.accessToken({}, { kid: undefined })}`));
  await id.rotateKeys({ drop: true });
  await publishWithoutIds();
  const before = asked('/jwks');
  clock.advance(30);
  assert.ok(await api.verify(`Bearer ${await id.accessToken({}, { kid: undefined })}`));
  assert.equal(asked('/jwks') - before, 1);
});

test('fixed keys need no issuer at all', async (t) => {
  const { id, another } = await setup(t);
  const api = another({ jwks: id.jwks() });
  await api.ready();
  assert.equal((await api.verify(`Bearer ${await id.accessToken()}`)).sub, 'user-1');
  await assertInvalid(api, await id.accessToken({}, { kid: 'other' }), /does not publish/);
  assert.deepEqual(id.requests, []);
});
