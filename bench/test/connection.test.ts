import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connectionTo, readMessage, requireLoopback } from '../load/connection.ts';
import { requestText } from '../load/message.ts';

test('load is sent to this machine only', () => {
  for (const base of ['http://127.0.0.1:1', 'http://localhost:1', 'http://[::1]:1']) {
    assert.equal(requireLoopback(base).origin, base);
  }
  for (const base of [
    'http://example.com',
    'http://127.0.0.1.example.com',
    'http://localhost@example.com',
    'http://10.0.0.1',
    'https://127.0.0.1:1',
  ]) {
    assert.throws(() => connectionTo(base), /on this machine/, base);
  }
});

test('a message ends where its length says, and what follows belongs to the next', () => {
  const text = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbodyHTTP/1.1 404';
  const message = readMessage(text);
  assert.equal(message?.answer.status, 200);
  assert.equal(message?.answer.body, 'body');
  assert.equal(text.slice(message?.end), 'HTTP/1.1 404');
});

test('a message is not there before all of it is', () => {
  const whole = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n';
  assert.equal(readMessage(whole)?.answer.body, 'body');
  for (let length = 0; length < whole.length; length += 1) {
    assert.equal(readMessage(whole.slice(0, length)), undefined, `${length} characters`);
  }
  assert.equal(readMessage('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nbod'), undefined);
});

async function echo(t: TestContext, closes: boolean): Promise<string> {
  const server = createServer((request, response) => {
    if (closes) response.setHeader('connection', 'close');
    response.end(request.url);
  });
  t.after(() => server.close());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

for (const closes of [false, true]) {
  test(`answers come in order over a connection that the server ${closes ? 'closes each time' : 'keeps'}`, async (t) => {
    const base = await echo(t, closes);
    const connection = connectionTo(base);
    t.after(() => connection.close());
    for (const path of ['/one', '/two']) {
      const { body } = await connection.request(requestText('GET', new URL(path, base)));
      assert.equal(body, path);
    }
  });
}

test('a connection that breaks fails the request under way', async (t) => {
  const server = createServer((request) => request.socket.destroy());
  t.after(() => server.close());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await assert.rejects(
    connectionTo(base).request(requestText('GET', new URL(base))),
    /closed|reset|hang up/i,
  );
});
