import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import type { Logger } from 'pino';
import { linesTo, openLog } from '../../src/cli/log.ts';

function written(level: 'info' | 'debug', format: 'json' | 'text', write: (log: Logger) => void): string {
  const stream = new PassThrough({ encoding: 'utf8' });
  write(openLog({ level, format }, linesTo(stream)));
  return String(stream.read());
}

const fault = new Error('disk full');

test('a log for programs is one JSON object a line, with the level in words', () => {
  const line = written('info', 'json', (log) => log.warn({ err: fault, n: 1 }, 'Not stored.'));
  const { level, time, msg, n, err } = JSON.parse(line) as Record<string, unknown>;
  assert.deepEqual([level, msg, n], ['warn', 'Not stored.', 1]);
  assert.match(String(time), /^\d{4}-\d\d-\d\dT/);
  assert.match(JSON.stringify(err), /disk full/);
  assert.equal(line.trimEnd().split('\n').length, 1);
});

test('a log for people is a short line, with the stack only for those who ask for details', () => {
  const plain = written('info', 'text', (log) => log.warn({ err: fault, n: 1 }, 'Not stored.'));
  assert.match(plain, /^\d\d:\d\d:\d\d WARN {2}Not stored\. n=1 \(Error: disk full\)\n$/);
  const detailed = written('debug', 'text', (log) => log.warn({ err: fault }, 'Not stored.'));
  assert.match(detailed, /\n {4}at /);
});

test('secrets that find their way into a log are hidden there', () => {
  const secret = { client_secret: 'hush', nested: { password: 'hush' } };
  for (const format of ['json', 'text'] as const) {
    const line = written('info', format, (log) => log.info(secret, 'Something.'));
    assert.doesNotMatch(line, /hush/);
    assert.match(line, /\(secret\)/);
  }
});

test('text from outside cannot write lines of its own into the log', () => {
  const hostile = '/a\n12:00:00 ERROR forged \u001b[2J';
  const line = written('info', 'text', (log) =>
    log.info({ path: hostile, err: new Error(hostile) }, `Seen ${hostile}`),
  );
  assert.equal(line.trimEnd().split('\n').length, 1);
  assert.ok(!line.includes('\u001b'));
});
