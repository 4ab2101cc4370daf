import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import pino from 'pino';
import { networks } from '../../src/web/client-address.ts';
import { openDoor } from '../../src/web/door.ts';
import { healthOf } from '../../src/web/health.ts';
import { httpServer, LIMITS } from '../../src/web/server.ts';
import { tenantApp } from '../../src/web/tenant-app.ts';
import { basic } from '../support/person.ts';
import { listen, startSignet } from '../support/signet.ts';

/** The real server with limits that a test can wait for. */
async function impatient(t: TestContext): Promise<number> {
  const { provider, app } = await startSignet(t);
  const site = {
    provider,
    passwords: app.passwords,
    log: pino({ level: 'silent' }),
    trustedProxies: networks([]),
  };
  const limits = { ...LIMITS, headersTimeout: 150, requestTimeout: 300, connectionsCheckingInterval: 50 };
  const { issuer, site: address, path, profile } = provider.tenant;
  const entrances = [{ issuer, site: address, path, paths: profile.paths, app: async () => tenantApp(site) }];
  const server = httpServer(() => entrances, {
    door: openDoor({ requests: 100, turn: 100 }),
    health: healthOf({}, () => performance.now()),
    naming: () => 'a-request',
    watchers: [],
    limits,
  });
  t.after(() => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  });
  return listen(server);
}

/** Sends a part of a request and nothing more; gives what comes back until the server closes. */
const silence = (port: number, sent: string): Promise<string> =>
  new Promise((done, failed) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(sent));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('error', failed);
    socket.on('close', () => done(answer));
  });

test('a request whose headers never end is cut off', async (t) => {
  assert.match(
    await silence(await impatient(t), 'POST /token HTTP/1.1\r\nhost: localhost\r\nx-slow'),
    /^(HTTP\/1.1 4|$)/,
  );
});

test('a request whose body never ends is cut off, while others are answered', async (t) => {
  const port = await impatient(t);
  const head = `POST /token HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n`;
  const slow = silence(
    port,
    `${head}authorization: ${basic().authorization}\r\ncontent-length: 1000\r\n\r\ngrant_type=`,
  );
  const other = await fetch(`http://127.0.0.1:${port}/jwks`);
  assert.equal(other.status, 200);
  assert.doesNotMatch(await slow, /^HTTP\/1.1 2/);
});

test('what is not HTTP, or not clearly framed, is refused (RFC 9112 §6.3)', async (t) => {
  const port = await impatient(t);
  const post = 'POST /token HTTP/1.1\r\nhost: localhost\r\n';
  for (const sent of [
    'hello\r\n\r\n',
    `${post}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${post}content-length: 5\r\ncontent-length: 6\r\n\r\nhello`,
    `${post}content-length : 5\r\n\r\nhello`,
    `GET /jwks HTTP/1.1\r\nhost: localhost\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`,
    'GET /jwks HTTP/1.1\r\n\r\n',
  ]) {
    assert.match(await silence(port, sent), /^HTTP\/1.1 4/, sent.slice(0, 60));
  }
});
