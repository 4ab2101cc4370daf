import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refreshing } from '../src/refreshing.ts';
import { stoppedClock } from './support.ts';

test('who missed a renewal by a moment gets the newer document, not a refusal to ask again', async () => {
  const clock = stoppedClock();
  let loads = 0;
  const load = async () => {
    loads += 1;
    return { value: { number: loads }, maxAge: undefined };
  };
  const document = refreshing(load, { now: clock.now, warn: () => undefined });
  const first = await document.current();
  assert.equal(await document.renew(first), undefined);
  clock.advance(30);
  const second = await document.renew(first);
  assert.deepEqual(second, { number: 2 });
  assert.equal(await document.renew(first), second);
  assert.ok(second);
  assert.equal(await document.renew(second), undefined);
  assert.equal(loads, 2);
});
