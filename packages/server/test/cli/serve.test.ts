import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { basic } from '../support/person.ts';
import { SPA, USERS, WEB_APP } from '../support/signet.ts';
import { configured, folder, freePort, serving, signet } from './program.ts';

const linkIn = (stderr: string): string => /(http\S+\/setup\?token=\S+)/.exec(stderr)?.[1] ?? '';

test('the first start makes what is missing, and tells issuer, discovery, data and how to sign in', async (t) => {
  const { cwd, issuer } = await configured(t);
  const server = await serving(t, issuer, ['serve'], { cwd });
  await server.says(/setup\?token=/);
  assert.match(server.stderr(), new RegExp(`^ {2}Console {8}${server.issuer}/console/$`, 'm'));
  const said = server.stderr();
  assert.ok(said.includes(`Issuer         ${issuer}\n`), said);
  assert.ok(said.includes(`${issuer}/.well-known/openid-configuration\n`), said);
  assert.ok(said.includes(join(cwd, 'data/signet.db')), said);
  assert.match(said, /Warning: The master secret was made and written to .*master\.secret/);
  const found = await fetch(server.url('/.well-known/openid-configuration'));
  assert.equal(((await found.json()) as { issuer: string }).issuer, issuer);
  assert.match(server.stdout(), /^\{"level":"info".*"msg":"Signet is ready\."\}\n$/);
  assert.doesNotMatch(server.stdout(), /token=/);
});

test('the set-up link makes one administrator, and a later start prints none', async (t) => {
  const { cwd, issuer } = await configured(t);
  const first = await serving(t, issuer, ['serve'], { cwd });
  await first.says(/setup\?token=.*\n/);
  const person = first.person();
  const page = await person.visit(linkIn(first.stderr()));
  assert.equal(page.status, 200);
  const done = await person.submit(page, { username: 'root', password: 'tree-house-lantern' });
  assert.equal(done.status, 200);
  assert.equal((await first.person().visit(linkIn(first.stderr()))).status, 403);
  first.process.kill('SIGTERM');
  assert.equal(await first.ended, 0);
  const keys = readFileSync(join(cwd, 'data/master.secret'), 'utf8');
  const second = await serving(t, issuer, ['serve'], { cwd });
  assert.equal(readFileSync(join(cwd, 'data/master.secret'), 'utf8'), keys);
  const { stdout } = await signet(['user', 'list', '--quiet'], { cwd });
  assert.equal(stdout, 'root\n');
  assert.doesNotMatch(second.stderr(), /setup\?token=|master secret was made/);
});

test('a second start keeps keys and clients, and answers to sessions of the first', async (t) => {
  const { cwd, issuer } = await configured(t, { clients: [WEB_APP, SPA], users: USERS });
  const first = await serving(t, issuer, ['serve'], { cwd });
  const person = first.person();
  const request = {
    client_id: 'web-app',
    redirect_uri: WEB_APP.redirect_uris[0] ?? '',
    response_type: 'code',
    scope: 'openid',
  };
  assert.match((await person.grant(request)).location ?? '', /[?&]code=/);
  const keys = await (await fetch(first.url('/jwks'))).text();
  first.process.kill('SIGTERM');
  await first.ended;
  const second = await serving(t, issuer, ['serve'], { cwd });
  assert.equal(await (await fetch(second.url('/jwks'))).text(), keys);
  assert.match((await person.authorize({ ...request, prompt: 'none' })).location ?? '', /[?&]code=/);
});

test('SIGTERM lets a request in flight finish, closes idle connections, and ends with 0', async (t) => {
  const { cwd, issuer } = await configured(t, { clients: [WEB_APP] });
  const server = await serving(t, issuer, ['serve'], { cwd });
  const body = 'grant_type=client_credentials';
  const credentials = `Authorization: ${basic().authorization}`;
  const idle = await fetch(server.url('/jwks'));
  await idle.text();
  // Browsers open connections that they may never use.
  const silent = connect(Number(new URL(issuer).port), '127.0.0.1');
  await new Promise((resolve) => silent.once('connect', resolve));
  const socket = connect(Number(new URL(issuer).port), '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.write(
    `POST /token HTTP/1.1\r\nHost: x\r\n${credentials}\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
      `Content-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
  );
  // With this line the request has begun to be worked on.
  await new Promise<void>((resolve) => {
    socket.on('data', () => {
      if (answer.includes('100 Continue')) resolve();
    });
  });
  const began = performance.now();
  server.process.kill('SIGTERM');
  await server.says(/SIGTERM: stopping/);
  while (await isAccepted(issuer)) await pause(10);
  socket.write(body);
  await closed;
  assert.match(answer, /HTTP\/1\.1 200 OK[\s\S]*"access_token"/);
  assert.equal(await server.ended, 0);
  assert.ok(performance.now() - began < 8000, 'nobody was waited for without need');
});

/** Whether a new connection is accepted. */
const isAccepted = (issuer: string): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(Number(new URL(issuer).port), '127.0.0.1', () => {
      socket.destroy();
      done(true);
    });
    socket.on('error', () => done(false));
  });

test('a second signal ends at once', async (t) => {
  const { cwd, issuer } = await configured(t);
  const server = await serving(t, issuer, ['serve'], { cwd });
  const socket = connect(Number(new URL(issuer).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n');
  await new Promise((resolve) => socket.once('data', resolve));
  server.process.kill('SIGTERM');
  await server.says(/SIGTERM: stopping/);
  server.process.kill('SIGINT');
  assert.equal(await server.ended, 130);
});

test('a port in use ends with one sentence, exit code 1, and leaves the running server its set-up link', async (t) => {
  const { cwd, issuer } = await configured(t);
  const running = await serving(t, issuer, ['serve'], { cwd });
  await running.says(/setup\?token=.*\n/);
  const { code, stdout, stderr } = await signet(['serve'], { cwd });
  assert.equal(code, 1);
  assert.match(stderr, /^127\.0\.0\.1 port \d+ is in use: is Signet running already\? [^\n]*\n$/);
  assert.equal(stdout, '');
  assert.equal((await running.person().visit(linkIn(running.stderr()))).status, 200);
});

test('an address that is not of this machine ends with one sentence', async (t) => {
  const { cwd } = await configured(t, { listen: { host: '192.0.2.1', port: 8080 } });
  const { code, stderr } = await signet(['serve'], { cwd });
  assert.equal(code, 1);
  assert.match(stderr, /^192\.0\.2\.1 is no address of this machine: [^\n]*\n$/);
});

test('a certificate that is missing or no certificate ends with one sentence', async (t) => {
  const cwd = folder(t);
  const issuer = `https://localhost:${await freePort()}`;
  const tls = 'tls: { cert_file: ./cert.pem, key_file: ./key.pem }\n';
  writeFileSync(join(cwd, 'signet.yaml'), `issuer: ${issuer}\n${tls}`);
  const missing = await signet(['serve'], { cwd });
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /^The certificate or key cannot be used: .*cert\.pem .*\n$/);
  for (const name of ['cert.pem', 'key.pem']) writeFileSync(join(cwd, name), 'nonsense');
  const nonsense = await signet(['serve'], { cwd });
  assert.equal(nonsense.code, 1);
  assert.match(nonsense.stderr, /^The certificate or key cannot be used: .*\n$/);
});

test('a faulty configuration is told whole, with exit code 2, before anything is made', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'signet.yaml'), 'isuer: http://localhost:8080\nprofile: standart\n');
  const { code, stdout, stderr } = await signet(['serve'], { cwd });
  assert.equal(code, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /signet\.yaml:1:1 +isuer is not a known key; did you mean "issuer"\?/);
  assert.match(stderr, /signet\.yaml:2:1 +profile must be one of/);
  assert.ok(!existsSync(join(cwd, 'data')));
});

test('without a file the defaults are served, and the environment speaks', async (t) => {
  const cwd = folder(t);
  const port = await freePort();
  const env = { PORT: String(port), SIGNET_LOG_FORMAT: 'text' };
  const server = await serving(t, `http://localhost:${port}`, ['serve'], { cwd, env });
  assert.match(server.stderr(), /Configuration {2}no file/);
  assert.match(server.stdout(), /^\d\d:\d\d:\d\d INFO {2}Signet is ready\. issuers=/);
  assert.equal((await fetch(server.url('/jwks'))).status, 200);
});

test('several tenants are told one by one, each with its own set-up link', async (t) => {
  const cwd = folder(t);
  const port = await freePort();
  const issuers = ['one', 'two'].map((name) => `http://localhost:${port}/${name}`);
  const tenants = issuers.map((issuer, index) => `  - { name: t${index}, issuer: "${issuer}" }\n`).join('');
  writeFileSync(join(cwd, 'signet.yaml'), `tenants:\n${tenants}`);
  const server = await serving(t, issuers[0] ?? '', ['serve'], { cwd });
  await server.says(/two\/setup\?token=/);
  assert.match(server.stderr(), /first administrator of t0 here[\s\S]*one\/setup\?token=/);
  assert.match(server.stderr(), /first administrator of t1 here/);
});

test('the master secret that is not the right one ends with one sentence', async (t) => {
  const { cwd, issuer } = await configured(t);
  const server = await serving(t, issuer, ['serve'], { cwd });
  server.process.kill('SIGTERM');
  await server.ended;
  const env = { SIGNET_MASTER_SECRET: 'another-secret-of-more-than-32-bytes' };
  const { code, stderr } = await signet(['serve'], { cwd, env });
  assert.equal(code, 1);
  assert.match(stderr, /^The master secret is not the one this database was made with, [^\n]*\n$/);
});
