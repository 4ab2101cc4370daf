import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Experiment } from '../experiment.ts';
import { kill } from '../experiments/kill.ts';
import { races } from '../experiments/races.ts';
import { parseOptions } from '../options.ts';
import { runner } from '../runner.ts';

const options = {
  ...parseOptions(['--quick', '--seed', '11'], 0),
  size: { kills: 1, rounds: 3, scale: 0.01 },
};

for (const experiment of [kill, races] satisfies Experiment[]) {
  test(`a slice of ${experiment.id}, ${experiment.title}, is clean`, async (t) => {
    const running = runner(options, () => undefined);
    t.after(() => running.close());
    const { status, figure, violations, acknowledged } = await running.run(experiment, 'sqlite');
    t.diagnostic(figure);
    assert.deepEqual(violations, []);
    assert.equal(status, 'clean', figure);
    assert.ok(acknowledged > 50);
  });
}
