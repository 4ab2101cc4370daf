import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerWatch, commitWatch } from '../kit/postgres-wire.ts';

function message(type: string, body: string): Buffer {
  const made = Buffer.from(`${type}....${body}`, 'latin1');
  made.writeUInt32BE(4 + body.length, 1);
  return made;
}

/** The first message of a connection has no type. */
const STARTUP = Buffer.from([0, 0, 0, 8, 0, 3, 0, 0]);

test('a write outside of a transaction is a commit, one inside waits for COMMIT', () => {
  const asks = commitWatch();
  assert.equal(asks(STARTUP), false);
  assert.equal(asks(message('P', 'write\0UPDATE grants SET x = 1\0\0\0')), false);
  assert.equal(asks(message('B', '\0write\0')), true);
  assert.equal(asks(message('Q', 'BEGIN\0')), false);
  assert.equal(asks(message('B', '\0write\0')), false);
  assert.equal(asks(message('Q', 'COMMIT\0')), true);
});

test('a read is no commit', () => {
  const asks = commitWatch();
  asks(STARTUP);
  asks(message('P', 'read\0SELECT * FROM grants\0\0\0'));
  assert.equal(asks(message('B', '\0read\0')), false);
});

test('messages are found wherever the stream is cut', () => {
  const asks = commitWatch();
  const stream = Buffer.concat([STARTUP, message('Q', 'COMMIT\0')]);
  const seen = [...stream].map((byte) => asks(Buffer.from([byte])));
  assert.deepEqual(seen.filter(Boolean), [true]);
  assert.equal(seen.at(-1), true);
});

test('an answer is done with ReadyForQuery, and failed when there was an error before it', () => {
  const answers = answerWatch();
  assert.equal(answers(message('C', 'UPDATE 1\0')), 'going on');
  assert.equal(answers(message('Z', 'I')), 'done');
  assert.equal(answers(Buffer.concat([message('E', 'x\0'), message('Z', 'I')])), 'failed');
  assert.equal(answers(message('Z', 'I')), 'done');
});
