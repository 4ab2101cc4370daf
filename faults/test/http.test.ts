import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { freePort } from '../kit/folders.ts';
import { httpClient } from '../kit/http.ts';

async function answering(t: TestContext, answer: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
  t.after(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function client(t: TestContext, patience = 2000) {
  const made = httpClient({ host: 'localhost', patience });
  t.after(() => made.close());
  return made;
}

test('an answer of a stated length is whole when its last byte is there', async (t) => {
  const port = await answering(t, (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n\r\nhel');
    setImmediate(() => socket.write('lo'));
  });
  const sent = await client(t).send(port, { path: '/' });
  assert.ok(sent.kind === 'reply');
  assert.deepEqual([sent.reply.status, sent.reply.body, sent.reply.cookies], [200, 'hello', ['a=1', 'b=2']]);
});

test('an answer in chunks is put together', async (t) => {
  const port = await answering(t, (socket) => {
    socket.write('HTTP/1.1 303 See Other\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n');
    setImmediate(() => socket.write('2\r\nde\r\n0\r\n\r\n'));
  });
  const sent = await client(t).send(port, { path: '/' });
  assert.ok(sent.kind === 'reply');
  assert.equal(sent.reply.body, 'abcde');
});

test('where nobody listens nothing was sent', async (t) => {
  assert.equal((await client(t).send(await freePort(), { path: '/' })).kind, 'unsent');
});

test('a connection that breaks before the answer is whole leaves it unknown', async (t) => {
  const port = await answering(t, (socket) => {
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel');
  });
  assert.equal((await client(t).send(port, { path: '/' })).kind, 'unknown');
});

test('silence is unknown as well', async (t) => {
  const port = await answering(t, () => undefined);
  assert.equal((await client(t, 50).send(port, { path: '/' })).kind, 'unknown');
});
