import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { temporaryFolder } from '../kit/folders.ts';
import { patchedServer } from '../kit/patch.ts';
import { dice } from '../kit/random.ts';
import { SERVER } from '../kit/signet.ts';
import { PLANTED } from '../planted.ts';
import { makePlan } from '../simulation/plan.ts';
import { loadProgram, shrink, simulate } from '../simulation/simulate.ts';

test('the verbs keep their promises in any order and over failing accesses', async (t) => {
  const program = await loadProgram(SERVER);
  let broken = 0;
  for (let seed = 1; seed <= 60; seed += 1) {
    const { faults, broken: failed } = await simulate(program, seed);
    assert.deepEqual(faults, [], `seed ${seed}`);
    broken += failed;
  }
  t.diagnostic(`60 seeds, ${broken} failed accesses`);
  assert.ok(broken > 0);
});

test('a seed repeats itself to the last event', async () => {
  const program = await loadProgram(SERVER);
  const [one, other] = [await simulate(program, 42), await simulate(program, 42)];
  assert.deepEqual(one, other);
});

async function planted(t: TestContext, name: RegExp) {
  const { path, remove } = temporaryFolder('planted');
  t.after(remove);
  const bug = PLANTED.find((one) => one.experiment.id === 'E23' && name.test(one.name));
  return loadProgram(patchedServer(path, bug?.patches ?? []));
}

for (const name of [/code is spent/, /moved from any generation/]) {
  test(`a planted bug is found and made small: ${name.source}`, async (t) => {
    const program = await planted(t, name);
    for (let seed = 1; seed <= 60; seed += 1) {
      if ((await simulate(program, seed)).faults.length === 0) continue;
      const least = await shrink(program, seed, makePlan(dice(seed).named('plan')));
      const steps = least.flat().length;
      t.diagnostic(`seed ${seed}, ${steps} steps`);
      assert.ok(steps >= 2 && steps <= 12);
      return;
    }
    assert.fail('no seed finds it');
  });
}
