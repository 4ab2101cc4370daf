import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { basic, post } from '../support/person.ts';
import { PROGRAM } from '../support/program.ts';
import { ALICE, listen, SPA } from '../support/signet.ts';
import { json, signet } from './here.ts';
import { configured, folder, type Given, type Running, serving } from './program.ts';

const ROOT = { username: 'root', password: 'the-root-of-all-of-it' };
const CONFIG = { clients: [SPA], users: [ALICE, { ...ROOT, role: 'admin' }] };

/** Somebody on another machine: a folder without a configuration, and a home of their own. */
function elsewhere(t: TestContext): Given {
  const cwd = folder(t);
  return { cwd, env: { XDG_CONFIG_HOME: join(cwd, 'config') } };
}

const held = ({ cwd }: Given): string => join(cwd, 'config/signet/credentials.json');

/** Signs in as people do, at the browser that the command asks to open. */
async function login(t: TestContext, server: Running, given: Given, account = ROOT) {
  const args = [PROGRAM, 'login', server.issuer, '--no-browser', '--output', 'json'];
  const child = spawn(process.execPath, args, {
    cwd: given.cwd,
    env: { PATH: process.env['PATH'], ...given.env },
  });
  t.after(() => child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  const ended = new Promise<number | null>((done) => child.on('close', done));
  child.stdout.on('data', (text: Buffer) => {
    stdout += text.toString();
  });
  const address = await new Promise<string>((found) => {
    child.stderr.on('data', (text: Buffer) => {
      stderr += text.toString();
      const [, seen] = /^ {2}(http:\/\/\S+)\n/m.exec(stderr) ?? [];
      if (seen !== undefined) found(seen);
    });
  });
  const seen = await server.person().grant(Object.fromEntries(new URL(address).searchParams), account);
  await fetch(seen.location ?? '');
  return { code: await ended, stdout, stderr };
}

test('login keeps tokens for this user alone, shows none, and the commands then work on that server', async (t) => {
  const home = await configured(t, CONFIG);
  const server = await serving(t, home.issuer, ['serve'], home);
  const given = elsewhere(t);
  const { code, stdout, stderr } = await login(t, server, given);
  assert.equal(code, 0, stderr);
  assert.equal(statSync(held(given)).mode & 0o777, 0o600);
  const { servers } = JSON.parse(readFileSync(held(given), 'utf8')) as {
    servers: Record<string, { access_token: string; refresh_token: string }>;
  };
  const { access_token = 'none', refresh_token = 'none' } = servers[server.issuer] ?? {};
  assert.ok(!`${stdout}${stderr}`.includes(access_token) && !`${stdout}${stderr}`.includes(refresh_token));

  const at = ['--server', server.issuer];
  const made = await json(['client', 'create', '--type', 'service', '--id', 'job', ...at], given);
  const secret = String(made['client_secret']);
  const form = { grant_type: 'client_credentials' };
  assert.equal((await post(server.url('/token'), form, basic('job', secret))).status, 200);
  const updated = await json(['client', 'update', 'job', '--name', 'From afar', ...at], given);
  assert.equal(updated['client_name'], 'From afar');
  const rotated = await json(['client', 'rotate-secret', 'job', ...at], given);
  assert.equal((await post(server.url('/token'), form, basic('job', secret))).status, 401);
  assert.equal(
    (await post(server.url('/token'), form, basic('job', String(rotated['client_secret'])))).status,
    200,
  );
  assert.equal((await signet(['client', 'list', '-q', ...at], given)).stdout, 'job\nspa\n');
  const yaml = await signet(['client', 'get', 'job', '--output', 'yaml', ...at], given);
  assert.equal((parse(yaml.stdout) as Record<string, unknown>)['client_name'], 'From afar');
  assert.equal((await signet(['client', 'delete', 'job', '--yes', ...at], given)).code, 0);
  const gone = await signet(['client', 'get', 'job', ...at], given);
  assert.deepEqual([gone.code, gone.stdout], [3, '']);
  const events: unknown = await json(['audit', 'list', '--action', 'client.deleted'], home);
  assert.notEqual((events as { actor: string }[])[0]?.actor, 'command line');
});

test('people are worked on at a server by their names', async (t) => {
  const home = await configured(t, CONFIG);
  const server = await serving(t, home.issuer, ['serve'], home);
  const given = elsewhere(t);
  await login(t, server, given);
  const at = ['--server', server.issuer];
  const input = 'a-password-of-bob\n';
  const created = await signet(['user', 'create', 'bob', '--password-stdin', ...at], { ...given, input });
  assert.equal(created.code, 0, created.stderr);
  assert.equal((await signet(['user', 'list', '-q', ...at], given)).stdout, 'alice\nbob\nroot\n');
  assert.equal((await json(['user', 'disable', 'bob', ...at], given))['disabled'], true);
  assert.equal((await json(['user', 'enable', 'BOB', ...at], given))['disabled'], false);
  assert.equal((await signet(['user', 'disable', 'nobody', ...at], given)).code, 3);
  const sessions = await signet(['user', 'sessions', 'root', '-q', ...at], given);
  assert.equal(sessions.stdout.trim().split('\n').length, 1);
});

test('what the server refuses is told with its own words and a code', async (t) => {
  const home = await configured(t, CONFIG);
  const server = await serving(t, home.issuer, ['serve'], home);
  const given = elsewhere(t);
  await login(t, server, given);
  const at = ['--server', server.issuer];
  const faulty = ['client', 'create', '--type', 'spa', '--redirect-uri', 'http://far.example/cb', ...at];
  const refused = await signet(faulty, given);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /redirect_uris.*plain http/);
  const taken = await signet(['client', 'create', '--type', 'service', '--id', 'spa', ...at], given);
  assert.equal(taken.code, 4);
  const other = elsewhere(t);
  await login(t, server, other, ALICE);
  const role = await signet(['client', 'list', ...at], other);
  assert.equal(role.code, 5);
  assert.match(role.stderr, /You may not do this|role/);
});

test('a token that is over is renewed, and after logout there is none', async (t) => {
  const home = await configured(t, CONFIG);
  const server = await serving(t, home.issuer, ['serve'], home);
  const given = elsewhere(t);
  await login(t, server, given);
  const at = ['--server', server.issuer];
  const before = readFileSync(held(given), 'utf8');
  writeFileSync(held(given), before.replace(/"expires_at": \d+/, '"expires_at": 0'));
  assert.equal((await signet(['client', 'list', ...at], given)).code, 0);
  const after = readFileSync(held(given), 'utf8');
  assert.notEqual(after, before);
  assert.equal((await signet(['logout', server.issuer], given)).code, 0);
  const none = await signet(['client', 'list', ...at], given);
  assert.equal(none.code, 5);
  assert.match(none.stderr, /signet login http/);
  // What was copied before is good no more either.
  writeFileSync(held(given), after.replace(/"expires_at": \d+/, '"expires_at": 0'));
  chmodSync(held(given), 0o600);
  const copied = await signet(['client', 'list', ...at], given);
  assert.equal(copied.code, 5);
  assert.match(copied.stderr, /signed in at .* no more/);
});

test('tokens that others can read are not used', async (t) => {
  const home = await configured(t, CONFIG);
  const server = await serving(t, home.issuer, ['serve'], home);
  const given = elsewhere(t);
  await login(t, server, given);
  chmodSync(held(given), 0o644);
  const { code, stderr } = await signet(['client', 'list', '--server', server.issuer], given);
  assert.equal(code, 4);
  assert.match(stderr, /Others on this machine may read .*chmod 600/);
});

test('a server is named by https, or by http on this machine', async (t) => {
  const given = elsewhere(t);
  for (const address of ['http://id.example.com', 'id.example.com', 'https://root:secret@id.example.com']) {
    const { code, stderr } = await signet(['client', 'list', '--server', address], given);
    assert.equal(code, 2, address);
    assert.match(stderr, /must be an address such as https/);
  }
});

test('keys, and whatever else the API has, are reached at a server too', async (t) => {
  const home = await configured(t, CONFIG);
  const server = await serving(t, home.issuer, ['serve'], home);
  const given = elsewhere(t);
  await login(t, server, given);
  const at = ['--server', server.issuer];
  const [before] = (await json(['key', 'list', ...at], given)) as unknown as { kid: string; state: string }[];
  const [made] = (await json(['key', 'rotate', ...at], given)) as unknown as { kid: string; state: string }[];
  assert.deepEqual([before?.state, made?.state], ['current', 'next']);
  assert.notEqual(made?.kid, before?.kid);
  assert.equal((await signet(['key', 'rotate', ...at], given)).code, 4);
  const { items } = await json(['api', '/audit?action=key.rotated', '--all', ...at], given);
  assert.equal((items as unknown[]).length, 1);
  const input = JSON.stringify({ client_name: 'Changed' });
  const patch = ['api', '/clients/spa', '--method', 'PATCH', '--file', '-', ...at];
  assert.equal((await json(patch, { ...given, input }))['client_name'], 'Changed');
  assert.equal((await signet(['api', '/nothing', ...at], given)).code, 3);
  assert.equal((await signet(['api', '/clients'], given)).code, 2);
});

test('a server that names an address for anything but a browser is not followed', async (t) => {
  const server = createServer((_, response) => {
    const metadata = {
      issuer,
      authorization_endpoint: 'file:///etc/passwd',
      token_endpoint: `${issuer}/token`,
    };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(metadata));
  });
  t.after(() => server.close());
  const issuer = `http://localhost:${await listen(server)}`;
  const { code, stderr } = await signet(['login', issuer, '--no-browser'], elsewhere(t));
  assert.equal(code, 1);
  assert.match(stderr, /names no address to sign in at that could be opened safely/);
  assert.doesNotMatch(stderr, /Open this address/);
});
