import assert from 'node:assert/strict';
import { get, request } from 'node:http';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { healthOf } from '../../src/web/health.ts';
import { listen, openTestApp, startSignet } from '../support/signet.ts';

type Told = Readonly<{ status: number; body: { status: string; checks: Record<string, string> } }>;

/** Asks with any Host header, which `fetch` does not allow. */
const probe = (url: string, host = 'probe.invalid', method = 'GET'): Promise<Told> =>
  new Promise((resolve, reject) => {
    request(url, { method, headers: { host } }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: text === '' ? undefined : JSON.parse(text) }),
      );
    })
      .on('error', reject)
      .end();
  });

test('a server that is up says so at every usual path, whatever the Host header', async (t) => {
  const signet = await startSignet(t);
  signet.app.health.serving();
  for (const path of ['/health/live', '/health/ready', '/health/started', '/livez', '/readyz', '/healthz']) {
    const { status, body } = await probe(signet.url(path));
    assert.equal(status, 200, path);
    assert.equal(body.status, 'up', path);
  }
  const ready = await probe(`${signet.url('/readyz')}?verbose`);
  assert.deepEqual(ready.body.checks, { serving: 'up', database: 'up', keys: 'up' });
});

test('a probe may be HEAD; another method is refused', async (t) => {
  const signet = await startSignet(t);
  assert.equal((await probe(signet.url('/livez'), undefined, 'HEAD')).status, 200);
  assert.equal((await probe(signet.url('/livez'), undefined, 'POST')).status, 405);
});

test('without its database a server lives but is not ready, and does not say why', async (t) => {
  const signet = await startSignet(t);
  signet.app.health.serving();
  await signet.app.close();
  assert.equal((await probe(signet.url('/health/live'))).status, 200);
  const { status, body } = await probe(signet.url('/health/ready'));
  assert.equal(status, 503);
  assert.deepEqual(body, {
    status: 'down',
    checks: { serving: 'up', database: 'down', keys: body.checks['keys'] },
  });
});

test('a server that has not started, or is about to stop, is not ready', async (t) => {
  const { app, url } = await startSignet(t);
  assert.equal((await probe(url('/health/started'))).status, 503);
  assert.equal((await probe(url('/health/ready'))).status, 503);
  app.health.serving();
  assert.equal((await probe(url('/health/started'))).status, 200);
  assert.equal((await probe(url('/health/ready'))).status, 200);
  app.health.stopping();
  assert.equal((await probe(url('/health/ready'))).status, 503);
  assert.equal((await probe(url('/health/live'))).status, 200);
  assert.equal((await probe(url('/health/started'))).status, 200);
});

test('probes share what was found within a second, and a check that hangs counts as down', async () => {
  let now = 0;
  let looked = 0;
  const checks = {
    database: async () => {
      looked += 1;
      return true;
    },
  };
  const health = healthOf(checks, () => now);
  health.serving();
  await Promise.all([health.report('ready'), health.report('ready')]);
  now = 999;
  await health.report('ready');
  assert.equal(looked, 1);
  now = 1000;
  await health.report('ready');
  assert.equal(looked, 2);
  const hanging = healthOf({ database: () => new Promise(() => undefined) }, () => now, {
    keep: 0,
    patience: 20,
  });
  hanging.serving();
  assert.equal((await hanging.report('ready')).checks['database'], 'down');
  const failing = healthOf({ database: () => Promise.reject(new Error('secret address')) }, () => now);
  failing.serving();
  assert.deepEqual(await failing.report('ready'), {
    status: 'down',
    checks: { serving: 'up', database: 'down' },
  });
});

test('only somebody who asks for readiness within a minute notices its end', async () => {
  let now = 100_000;
  const health = healthOf({}, () => now);
  await health.report('live');
  assert.equal(health.isProbed(), false);
  await health.report('ready');
  assert.equal(health.isProbed(), true);
  now += 60_000;
  assert.equal(health.isProbed(), false);
});

test('a tenant that lives at the path of a probe keeps its path', async (t) => {
  const text = stringify({
    database: 'sqlite::memory:',
    tenants: [
      { name: 'health', issuer: 'http://localhost:8080/health' },
      { name: 'livez', issuer: 'http://localhost:8080/livez' },
    ],
  });
  const app = await openTestApp(text);
  const server = app.createServer();
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await app.close();
  });
  const port = await listen(server);
  const at = (path: string): Promise<number> =>
    new Promise((done) => {
      get({ port, host: '127.0.0.1', path, headers: { host: 'localhost:8080' } }, (response) => {
        response.resume();
        done(response.statusCode ?? 0);
      });
    });
  assert.equal(await at('/health/jwks'), 200);
  assert.equal(await at('/health/live'), 200, 'a probe below a tenant that has no such path');
  assert.equal(await at('/livez/jwks'), 200);
  assert.equal(await at('/livez'), 404, 'the issuer itself, which has no page there');
});
