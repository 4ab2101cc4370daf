import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { askNewSecret, requireConfirmation } from '../../src/cli/prompt.ts';

/** A keyboard on which each text is typed when its question has been asked, and a screen that remembers. */
function desk(...answers: string[]) {
  const input = new PassThrough();
  const output = new PassThrough();
  let screen = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    const asked = /[:\]] $/.test(text);
    const answer = asked ? answers.shift() : undefined;
    if (answer !== undefined) input.write(answer);
  });
  return { input, output, screen: () => screen };
}

test('a new secret is asked for twice and never shown', async () => {
  const at = desk('tree-house\r', 'tree-house\r');
  assert.equal(await askNewSecret('Password', at), 'tree-house');
  assert.equal(at.screen(), 'Password: \nPassword again: \n');
});

test('two answers that differ are asked for again, three times at most', async () => {
  const again = desk('one\r', 'two\r', 'three\r', 'three\r');
  assert.equal(await askNewSecret('Password', again), 'three');
  assert.match(again.screen(), /The two are not the same\./);
  const never = desk('a\r', 'b\r', 'c\r', 'd\r', 'e\r', 'f\r');
  await assert.rejects(askNewSecret('Password', never), { exitCode: 5, message: 'Nothing was changed.' });
});

test('Ctrl-C at a question stops the command', async () => {
  await assert.rejects(askNewSecret('Password', desk('abc\u0003')), { exitCode: 5 });
});

test('only yes confirms', async () => {
  for (const yes of ['y\r', 'Yes\r']) await requireConfirmation('Delete?', desk(yes));
  for (const no of ['n\r', '\r', 'yesterday\r', '\u0004']) {
    await assert.rejects(requireConfirmation('Delete?', desk(no)), { exitCode: 5 });
  }
});

test('the echo of the terminal is off before the question is asked', async () => {
  const at = desk('tree-house\r', 'tree-house\r');
  const screens: string[] = [];
  const setRawMode = (): void => void screens.push(at.screen());
  await askNewSecret('Password', { input: Object.assign(at.input, { setRawMode }), output: at.output });
  assert.equal(screens[0], '');
  assert.equal(screens.length, 2, 'on again only at the end');
});
