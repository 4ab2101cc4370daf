import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { deleteDefinition, findDefinition } from '../../src/admin/definitions.ts';
import { answerOf, basic, exchange, personAt, post, refresh, request } from '../support/person.ts';
import { REDIRECT, startSignet, WEB_APP } from '../support/signet.ts';

const job = (client_id: string, over: object = {}) => ({
  client_id,
  client_secret: WEB_APP.client_secret,
  grant_types: ['client_credentials'],
  ...over,
});

const FAST = 'https://fast.example';
const SLOW = 'https://slow.example';
const PLAIN = 'https://plain.example';
const signet = await startSignet(
  { after },
  {
    lifetimes: { access_token: '10m' },
    clients: [
      WEB_APP,
      { ...WEB_APP, client_id: 'asks', grant_types: ['authorization_code'], response_types: ['code'] },
      job('job'),
      job('hasty', { access_token_lifetime: '30s', access_token_format: 'opaque' }),
      job('patient', { access_token_lifetime: '2h' }),
    ],
    resources: [
      { resource: FAST, access_token_format: 'opaque', access_token_lifetime: '1m' },
      { resource: SLOW, access_token_format: 'opaque', access_token_lifetime: '3h', scope: 'slow' },
      { resource: PLAIN, access_token_format: 'jwt' },
    ],
  },
);

const issued = async (client_id: string, resources: readonly string[]) => {
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  for (const resource of resources) form.append('resource', resource);
  const { body } = await post(signet.url('/token'), form.toString(), basic(client_id));
  const token = String(body['access_token']);
  return [token.startsWith('sgat_') ? 'opaque' : token.startsWith('ey') ? 'jwt' : token, body['expires_in']];
};

test('a resource says how long access tokens for it are good, and in which form (RFC 9068, RFC 8707)', async () => {
  assert.deepEqual(await issued('job', []), ['jwt', 600]);
  assert.deepEqual(await issued('job', [FAST]), ['opaque', 60]);
  assert.deepEqual(await issued('job', [SLOW]), ['opaque', 10_800]);
  assert.deepEqual(await issued('job', [PLAIN]), ['jwt', 600]);
});

test('of several resources the shortest lifetime counts, and a token is opaque when all of them want it so', async () => {
  assert.deepEqual(await issued('job', [FAST, SLOW]), ['opaque', 60]);
  assert.deepEqual(await issued('job', [SLOW, PLAIN]), ['jwt', 600]);
});

test('a client may shorten what a resource says, and not lengthen it; the form is for the resource to say', async () => {
  assert.deepEqual(await issued('hasty', [SLOW]), ['opaque', 30]);
  assert.deepEqual(await issued('hasty', [PLAIN]), ['jwt', 30]);
  assert.deepEqual(await issued('patient', [FAST]), ['opaque', 60]);
  assert.deepEqual(await issued('patient', [PLAIN]), ['jwt', 7200]);
});

test('an API that is asked about opaque tokens learns what they are for (RFC 7662)', async () => {
  const form = { grant_type: 'client_credentials', resource: FAST };
  const { body } = await post(signet.url('/token'), form, basic('job'));
  const told = await post(signet.url('/introspect'), { token: String(body['access_token']) }, basic('job'));
  assert.deepEqual([told.body['active'], told.body['aud']], [true, FAST]);
});

test('what a longer-lived token rests on is kept until its end', async () => {
  const asked = request({ client_id: 'asks', resource: SLOW, scope: 'openid' });
  const { code = '' } = answerOf(await personAt(signet).grant(asked));
  const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT };
  const { body } = await post(signet.url('/token'), form, basic('asks'));
  assert.equal(body['expires_in'], 3 * 3600, JSON.stringify(body));
  const isActive = async () => {
    const token = { token: String(body['access_token']) };
    return (await post(signet.url('/introspect'), token, basic('asks'))).body['active'];
  };
  signet.clock.advance(3 * 3_600_000 - 60_000);
  await signet.app.maintain();
  assert.equal(await isActive(), true);
  signet.clock.advance(60_000);
  assert.equal(await isActive(), false);
});

test('no access token is made for a resource that is gone, by an earlier refresh token neither', async () => {
  const asked = request({ resource: SLOW, scope: 'openid offline_access' });
  const { code = '' } = answerOf(await personAt(signet).grant(asked));
  const { body } = await exchange(signet, code);
  const key = { kind: 'resource', name: SLOW } as const;
  const before = (await findDefinition(signet.provider, key)) ?? assert.fail('no resource');
  await deleteDefinition(signet.provider, before);
  const again = await refresh(signet, String(body['refresh_token']));
  assert.equal(again.body['error'], 'invalid_target', JSON.stringify(again.body));
});
