import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { configured, folder, freePort, type Running, serving } from '../cli/program.ts';
import { basic } from '../support/person.ts';
import { WEB_APP } from '../support/signet.ts';
import { balance } from './balancer.ts';

const untilTrue = async (look: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await look())) await pause(20);
};

test('a rolling restart of two nodes behind a balancer fails no request', async (t) => {
  const cwd = folder(t);
  const nodes = [await freePort(), await freePort()];
  const balancer = await balance(nodes);
  t.after(balancer.close);
  const issuer = `http://localhost:${balancer.port}`;
  writeFileSync(join(cwd, 'signet.yaml'), stringify({ issuer, shutdown: { delay: 1 }, clients: [WEB_APP] }));
  const start = (port: number): Promise<Running> =>
    serving(t, issuer, ['serve'], { cwd, env: { SIGNET_LISTEN_PORT: String(port) } });
  const running = new Map<number, Running>();
  for (const port of nodes) running.set(port, await start(port));
  await untilTrue(() => nodes.every(balancer.isReady));

  const end = new AbortController();
  let answered = 0;
  const statuses = new Set<number>();
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  const customer = async (): Promise<void> => {
    while (!end.signal.aborted) {
      const { status } = await fetch(`${issuer}/token`, { method: 'POST', headers: basic(), body });
      statuses.add(status);
      answered += 1;
    }
  };
  const customers = Array.from({ length: 8 }, customer);
  for (const port of nodes) {
    const node = running.get(port);
    const began = performance.now();
    node?.process.kill('SIGTERM');
    assert.equal(await node?.ended, 0);
    const took = performance.now() - began;
    assert.ok(took > 1000 && took < 10_000, `it took ${took} ms`);
    running.set(port, await start(port));
    await untilTrue(() => balancer.isReady(port));
  }
  end.abort();
  await Promise.all(customers);
  assert.deepEqual(balancer.failed(), []);
  assert.deepEqual([...statuses], [200]);
  assert.ok(answered > 100, `${answered} requests`);
});

test('from SIGTERM on readiness fails while requests are still answered as before', async (t) => {
  const { cwd, issuer } = await configured(t, { shutdown: { delay: 2 } });
  const server = await serving(t, issuer, ['serve'], { cwd });
  assert.equal((await fetch(server.url('/health/ready'))).status, 200);
  server.process.kill('SIGTERM');
  await untilTrue(async () => (await fetch(server.url('/health/ready'))).status === 503);
  assert.equal((await fetch(server.url('/jwks'))).status, 200);
  assert.equal((await fetch(server.url('/health/live'))).status, 200);
  assert.equal(await server.ended, 0);
});

/** The beginning of a request that waits for its body. */
const BEGUN =
  'POST /token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n' +
  'Content-Length: 50\r\nExpect: 100-continue\r\n\r\n';

test('when the listener has closed, a request in flight and one on a fresh connection are answered with Connection: close', async (t) => {
  const { cwd, issuer } = await configured(t);
  const server = await serving(t, issuer, ['serve'], { cwd });
  const open = async () => {
    const socket = connect(Number(new URL(issuer).port), '127.0.0.1');
    await once(socket, 'connect');
    const whole = text(socket);
    return { socket, whole };
  };
  const [begun, fresh] = [await open(), await open()];
  begun.socket.write(BEGUN);
  await once(begun.socket, 'readable');
  server.process.kill('SIGTERM');
  await untilTrue(async () => !(await isListening(issuer)));
  fresh.socket.write('GET /jwks HTTP/1.1\r\nHost: x\r\n\r\n');
  begun.socket.write('x'.repeat(50));
  assert.match(await fresh.whole, /^HTTP\/1\.1 200 OK\r\n[\s\S]*connection: close\r\n/i);
  assert.match(await begun.whole, /HTTP\/1\.1 400 Bad Request\r\n[\s\S]*connection: close\r\n/i);
  assert.equal(await server.ended, 0);
});

const isListening = (issuer: string): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(Number(new URL(issuer).port), '127.0.0.1', () => {
      socket.destroy();
      done(true);
    });
    socket.on('error', () => done(false));
  });

test('a request that never ends is broken off, and the exit is clean and in time', async (t) => {
  const { cwd, issuer } = await configured(t, { shutdown: { patience: 1 } });
  const server = await serving(t, issuer, ['serve'], { cwd });
  const socket = connect(Number(new URL(issuer).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(BEGUN);
  await new Promise((resolve) => socket.once('data', resolve));
  const began = performance.now();
  server.process.kill('SIGTERM');
  assert.equal(await server.ended, 0);
  assert.ok(performance.now() - began < 5000);
});
