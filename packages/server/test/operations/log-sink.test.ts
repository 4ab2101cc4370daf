import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { linesTo, openLog } from '../../src/cli/log.ts';
import { configured } from '../cli/program.ts';
import { PROGRAM } from '../support/program.ts';

/** A reader that takes nothing until it is told to. */
function lazyReader() {
  const waiting: (() => void)[] = [];
  const taken: string[] = [];
  let takes = false;
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      taken.push(chunk);
      if (takes) done();
      else waiting.push(done);
    },
  });
  const takeAll = (): void => {
    takes = true;
    for (const done of waiting.splice(0)) done();
  };
  return { stream, taken, takeAll };
}

test('a reader that stops costs lines, not memory; they are counted and told when it reads again', async () => {
  const { stream, taken, takeAll } = lazyReader();
  const lines = linesTo(stream);
  const log = openLog({ level: 'info', format: 'json' }, lines);
  for (let line = 0; line < 10_000; line += 1) log.info({ filler: 'x'.repeat(1000) }, 'Something.');
  assert.ok(stream.writableLength < 1_100_000, `${stream.writableLength} bytes wait`);
  assert.ok(lines.lost() > 8000);
  takeAll();
  await new Promise(setImmediate);
  log.info('Again.');
  await new Promise(setImmediate);
  assert.match(
    taken.join(''),
    new RegExp(`"lines":${lines.lost()},"msg":"Lines of the log before this one are lost`),
  );
});

test('a server whose log nobody reads, or whose reader goes away, goes on answering', async (t) => {
  const { cwd, issuer } = await configured(t, { log: { requests: 'all' } });
  const child = spawn(process.execPath, [PROGRAM, 'serve'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(async () => {
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
  });
  let said = '';
  await new Promise<void>((ready) => {
    child.stderr.on('data', (text) => {
      said += String(text);
      if (/Configuration {2}/.test(said)) ready();
    });
  });
  // More lines than any pipe holds: nobody takes one.
  child.stdout.pause();
  const ask = async (): Promise<number> => {
    const response = await fetch(`${issuer}/jwks`);
    await response.arrayBuffer();
    return response.status;
  };
  for (let round = 0; round < 60; round += 1) {
    assert.deepEqual(new Set(await Promise.all(Array.from({ length: 10 }, ask))), new Set([200]));
  }
  child.stdout.destroy();
  for (let round = 0; round < 5; round += 1) assert.equal(await ask(), 200);
  assert.equal(child.exitCode, null);
});
