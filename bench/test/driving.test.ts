import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionTo } from '../load/connection.ts';
import { driveClosed, driveOpen } from '../load/drive.ts';
import type { Lane } from '../load/operations.ts';

// The steps of these tests never use the connection.
const lane = (): Lane => ({
  connection: connectionTo('http://127.0.0.1:9'),
  client_id: '',
  person: { cookie: '', access_token: '' },
  machine_token: '',
  refresh_token: '',
});

test('a closed loop works until there is nothing left to do', async () => {
  let left = 10;
  const { latencies } = await driveClosed([lane(), lane()], async () => left-- > 0, 60_000);
  assert.equal(latencies.length, 10);
});

test('one wrong answer ends a closed loop on all lanes', async () => {
  let done = 0;
  const step = async (): Promise<boolean> => {
    done += 1;
    if (done === 5) throw new Error('no access token');
    await new Promise(setImmediate);
    return true;
  };
  await assert.rejects(driveClosed([lane(), lane(), lane()], step, 60_000), /no access token/);
  const atTheEnd = done;
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  assert.ok(done <= atTheEnd + 2, `${done - atTheEnd} steps after the end`);
});

test('an open loop counts from when an operation should have begun, and lets none out', async () => {
  // One lane, and each operation takes as long as three arrivals are apart: the queue grows, and so do the latencies.
  const slow = async (): Promise<boolean> => {
    const end = performance.now() + 3;
    while (performance.now() < end);
    return true;
  };
  const { latencies } = await driveOpen([lane()], slow, { perSecond: 1000, milliseconds: 20 });
  assert.equal(latencies.length, 20);
  assert.ok((latencies.at(-1) ?? 0) > 2 * (latencies[0] ?? 0), String(latencies));
});

test('a wrong answer fails an open loop', async () => {
  const wrong = async (): Promise<boolean> => {
    throw new Error('HTTP 503');
  };
  await assert.rejects(driveOpen([lane()], wrong, { perSecond: 100, milliseconds: 10_000 }), /HTTP 503/);
});
