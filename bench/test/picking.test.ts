import assert from 'node:assert/strict';
import { test } from 'node:test';
import { picker } from '../growth/picking.ts';
import { cookieOfRow } from '../growth/stored-rows.ts';

for (const access of ['recent', 'random'] as const) {
  test(`lanes never share a row when ${access} ones are asked for, and come to all of theirs`, () => {
    const pick = picker(10_000, access, 32);
    const range = access === 'recent' ? 1000 : 10_000;
    const perLane = Math.floor(range / 32);
    const seen = new Map<number, number>();
    for (let lane = 0; lane < 32; lane += 1) {
      for (let turn = 0; turn < perLane; turn += 1) {
        const row = pick(lane);
        assert.ok(row > 10_000 - range && row <= 10_000, `row ${row}`);
        assert.ok(!seen.has(row), `row ${row} came twice`);
        seen.set(row, lane);
      }
      assert.equal(seen.get(pick(lane)), lane, 'the second time round is another lane’s');
    }
  });
}

test('rows asked for at random are not next to each other', () => {
  const pick = picker(1_000_000, 'random', 32);
  const steps = Array.from({ length: 20 }, () => pick(0));
  const far = steps.filter((row, at) => at > 0 && Math.abs(row - (steps[at - 1] ?? 0)) > 1000);
  assert.ok(far.length >= 15, steps.join(' '));
});

test('a row’s cookie is the sample’s with another number in its session', () => {
  const handle = Buffer.concat([Buffer.alloc(5), Buffer.of(7), Buffer.alloc(24, 1)]).toString('base64url');
  const other = cookieOfRow(`signet_browser=b; signet_session=sgbs_${handle}; signet_state=s`, 258);
  const [, text = ''] = /^signet_browser=b; signet_session=sgbs_([\w-]+); signet_state=s$/.exec(other) ?? [];
  const bytes = Buffer.from(text, 'base64url');
  assert.equal(bytes.readUIntBE(0, 6), 258);
  assert.deepEqual(bytes.subarray(6), Buffer.alloc(24, 1));
});
