import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { EVERY_SECOND } from '../experiments/cleanup.ts';
import { shortMaxAge } from '../experiments/keys.ts';
import { smallPool } from '../experiments/pool.ts';
import { temporaryFolder } from '../kit/folders.ts';
import { PatchFault, patchedServer } from '../kit/patch.ts';
import { SERVER } from '../kit/signet.ts';
import { PLANTED } from '../planted.ts';

function folder(t: TestContext): string {
  const { path, remove } = temporaryFolder('patch');
  t.after(remove);
  return path;
}

for (const [index, { name, patches }] of PLANTED.entries()) {
  test(`planted bug ${index + 1} still applies: ${name}`, (t) => {
    const copy = patchedServer(folder(t), patches);
    for (const { file, to } of patches) assert.ok(readFileSync(join(copy, file), 'utf8').includes(to));
    assert.notEqual(
      readFileSync(join(copy, patches[0]?.file ?? ''), 'utf8'),
      readFileSync(join(SERVER, patches[0]?.file ?? ''), 'utf8'),
    );
  });
}

test('the copies with another number still can be made', (t) => {
  patchedServer(folder(t), [...EVERY_SECOND, ...shortMaxAge(10), ...smallPool(1)]);
});

test('a patch that fits nowhere, or at two places, or to no file, is refused', (t) => {
  const file = 'src/model/scope.ts';
  for (const [name, patch] of [
    ['nowhere', { file, from: 'a text that stands nowhere', to: '' }],
    ['at two places', { file, from: 'e', to: '' }],
    ['to no file', { file: 'src/nothing.ts', from: 'e', to: '' }],
  ] as const) {
    assert.throws(() => patchedServer(join(folder(t), name), [patch]), PatchFault);
  }
});
