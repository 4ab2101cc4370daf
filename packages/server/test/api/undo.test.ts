import assert from 'node:assert/strict';
import { test } from 'node:test';
import { basic, post } from '../support/person.ts';
import { callerWith, itemsOf, service, serviceToken, signedIn, startWithApi } from './support.ts';

test('an application is brought back to what it was before, which is a new version', async (t) => {
  const call = await signedIn(await startWithApi(t));
  const patch = async (body: object) => {
    const tag = (await call('GET /clients/web-app')).headers.get('etag') ?? '';
    return call('PATCH /clients/web-app', { body, headers: { 'if-match': tag } });
  };
  const first = (await call('GET /clients/web-app')).body;
  await patch({ client_name: 'Two', redirect_uris: ['https://two.example/cb'] });
  await patch({ client_name: 'Three' });
  const versions = itemsOf(await call('GET /clients/web-app/versions'));
  assert.deepEqual(
    versions.map(({ version, changed }) => [version, changed]),
    [
      [3, []],
      [2, ['client_name']],
      [1, ['client_name', 'redirect_uris']],
    ],
  );
  const me = (await call('GET /me')).body['sub'];
  assert.deepEqual(
    versions.map(({ actor }) => actor),
    [me, me, versions[2]?.['actor']],
  );
  const page = await call('GET /clients/web-app/versions?limit=2');
  const rest = itemsOf(await call(`GET /clients/web-app/versions?after=${String(page.body['next'])}`));
  assert.deepEqual(rest, [versions[2]]);
  const reverted = await call('POST /clients/web-app/versions/1/revert');
  assert.equal(reverted.status, 200, JSON.stringify(reverted.body));
  assert.deepEqual({ ...reverted.body, version: 1, updated_at: first['updated_at'] }, first);
  assert.equal(reverted.body['version'], 4);
  for (const version of ['9', '0', '-1', 'x'])
    assert.equal((await call(`POST /clients/web-app/versions/${version}/revert`)).status, 404, version);
  assert.equal((await call('GET /clients/nobody/versions')).status, 404);
});

test('a deleted application comes back with its secret, and what was issued to it stays over', async (t) => {
  const signet = await startWithApi(t);
  const call = await signedIn(signet);
  const token = await serviceToken(signet, 'reader');
  assert.equal((await callerWith(signet, token)('GET /clients')).status, 200);
  assert.equal((await call('DELETE /clients/reader')).status, 204);
  assert.equal((await callerWith(signet, token)('GET /clients')).status, 401);
  const [deleted] = itemsOf(await call('GET /deleted-clients'));
  assert.equal(deleted?.['client_id'], 'reader');
  signet.clock.advance(2000);
  const back = await call('POST /clients/reader/restore');
  assert.equal(back.status, 200, JSON.stringify(back.body));
  assert.equal(back.body['scope'], 'signet:clients:read');
  assert.equal((await callerWith(signet, token)('GET /clients')).status, 401, 'what was revoked stays so');
  const { status } = await post(
    signet.url('/token'),
    { grant_type: 'client_credentials' },
    basic('reader', 'a-secret-of-the-reader'),
  );
  assert.equal(status, 200);
  assert.equal((await call('POST /clients/reader/restore')).status, 404);
  assert.deepEqual(itemsOf(await call('GET /deleted-clients')), []);
});

test('nothing is restored in the place of another, after thirty days, or by who could not have made it', async (t) => {
  const signet = await startWithApi(t);
  const call = await signedIn(signet);
  await call('DELETE /clients/robot');
  await call('DELETE /clients/web-app');
  await call('POST /clients', {
    body: { client_id: 'weak', grant_types: ['client_credentials'], scope: 'signet:clients:write' },
  });
  await call('POST /clients', {
    body: { client_id: 'web-app', redirect_uris: ['https://other.example/cb'] },
  });
  assert.equal((await call('POST /clients/web-app/restore')).status, 409);
  const { client_secret } = (await call('POST /clients/weak/secret')).body as Record<string, string>;
  const { body } = await post(
    signet.url('/token'),
    { grant_type: 'client_credentials' },
    basic('weak', client_secret),
  );
  const weak = callerWith(signet, String(body['access_token']));
  assert.equal((await weak('POST /clients/robot/restore')).status, 403);
  signet.clock.advance(30 * 86_400_000);
  const later = await signedIn(signet);
  assert.equal((await later('POST /clients/robot/restore')).status, 404);
  assert.deepEqual(itemsOf(await later('GET /deleted-clients')), []);
  await assert.rejects(service(signet, 'robot'));
});
