import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { keepUp, MAINTENANCE_PERIOD } from '../../src/cli/maintenance.ts';

test('maintenance goes round every minute, and a round that fails is told and tried again', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const faults: unknown[] = [];
  let rounds = 0;
  const maintain = async (): Promise<void> => {
    rounds += 1;
    throw new Error(`round ${rounds}`);
  };
  keepUp(maintain, (fault) => faults.push(fault));
  assert.equal(rounds, 0);
  for (const expected of [1, 2]) {
    t.mock.timers.tick(MAINTENANCE_PERIOD);
    await turn();
    assert.equal(rounds, expected);
    assert.match(String(faults.at(-1)), new RegExp(`round ${expected}`));
  }
});

test('a round of maintenance that takes long is not overtaken by the next', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const finish: (() => void)[] = [];
  const maintain = (): Promise<void> => new Promise((resolve) => finish.push(resolve));
  keepUp(maintain, () => undefined);
  t.mock.timers.tick(3 * MAINTENANCE_PERIOD);
  assert.equal(finish.length, 1);
  finish[0]?.();
  await turn();
  t.mock.timers.tick(MAINTENANCE_PERIOD);
  assert.equal(finish.length, 2);
});
