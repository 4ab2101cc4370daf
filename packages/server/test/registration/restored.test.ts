import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { cutSqliteFile, epochAfter } from '../../src/store/cut.ts';
import { callerWith, SERVICES, serviceToken } from '../api/support.ts';
import { temporaryFolder } from '../store/temporary.ts';
import { restarting } from '../support/restarting.ts';
import { manage, ON, register, URIS } from './registering.ts';

test('after a restore no token of before registers or changes anything, and what was registered stays', async (t) => {
  const path = join(temporaryFolder(t), 'signet.db');
  const { signet, start } = await restarting(t, { ...ON, clients: SERVICES });
  await start(`sqlite:${path}`);
  const admin = async () => callerWith(signet, await serviceToken(signet, 'robot'));
  const own = (await register(signet, URIS)).body;
  const { body } = await (await admin())('POST /initial-access-tokens', { body: { uses: 9 } });
  const token = body['initial_access_token'];
  assert.equal((await manage('GET', own)).status, 200);
  assert.equal((await register(signet, URIS, { token })).status, 201);
  const now = signet.clock.now();
  cutSqliteFile(path, { now, epoch: epochAfter(now), cut: 'all' });
  signet.clock.advance(1000);
  assert.equal((await manage('GET', own)).status, 401);
  assert.equal((await register(signet, URIS, { token })).status, 401);
  assert.equal((await (await admin())(`GET /clients/${String(own['client_id'])}`)).status, 200);
  const fresh = (await register(signet, URIS)).body;
  assert.equal((await manage('GET', fresh)).status, 200);
});
