import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { answerOf, claimsOf, pkce, post, userinfo } from '../support/person.ts';
import { folder, freePort, type Running, serving, signet } from './program.ts';

async function developing(t: TestContext, ...args: string[]): Promise<Running & { cwd: string }> {
  const cwd = folder(t);
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  return { ...(await serving(t, issuer, ['dev', '--port', String(port), ...args], { cwd })), cwd };
}

/** Runs one of the curl commands that dev prints, as far as it uses curl. */
async function paste(server: Running, pattern: RegExp, code = ''): Promise<Record<string, unknown>> {
  const command =
    server
      .stderr()
      .split('\n')
      .find((line) => line.includes('curl') && pattern.test(line)) ?? '';
  const words = command.trim().replace('code=CODE', `code=${code}`).split(' ');
  const values = (flag: string) =>
    words.flatMap((word, index) => (word === flag ? [words[index + 1] ?? ''] : []));
  const [credentials] = values('-u');
  const headers: Record<string, string> =
    credentials === undefined
      ? {}
      : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  const url = words.find((word) => word.startsWith('http')) ?? '';
  return (await post(url, values('-d').join('&'), headers)).body;
}

test('dev prints requests that work as they are pasted, with the people it made', async (t) => {
  const server = await developing(t);
  const service = await paste(server, /client_credentials/);
  assert.equal(claimsOf(String(service['access_token']))['sub'], 'dev-service');
  const link = new URL(/^ {2}(http\S+\/authorize\?\S+)$/m.exec(server.stderr())?.[1] ?? '');
  const password = /bob +password (\S+)/.exec(server.stderr())?.[1] ?? '';
  const seen = await server
    .person()
    .grant(Object.fromEntries(link.searchParams), { username: 'bob', password });
  const tokens = await paste(server, /authorization_code/, answerOf(seen)['code'] ?? '');
  const who = await userinfo(server, String(tokens['access_token']));
  assert.equal(who.body['email'], 'bob@example.com');
  assert.ok(tokens['refresh_token']);
  assert.deepEqual(readdirSync(server.cwd), [], 'nothing is written');
});

test('dev sends answers to any loopback address, and to nothing else', async (t) => {
  const server = await developing(t);
  const request = { client_id: 'dev-spa', response_type: 'code', scope: 'openid', ...pkce().challenge };
  const account = { username: 'alice', password: /alice +password (\S+)/.exec(server.stderr())?.[1] ?? '' };
  const person = server.person();
  for (const redirect_uri of [
    'http://localhost:3000/api/auth/callback?next=1',
    'http://127.0.0.1:5173/',
    'http://[::1]:8000/cb',
  ]) {
    const seen = await person.grant({ ...request, redirect_uri }, account);
    assert.ok(seen.location?.startsWith(redirect_uri), redirect_uri);
  }
  for (const redirect_uri of [
    'https://example.com/cb',
    'http://localhost.example.com/cb',
    'http://localhost@example.com/cb',
    'http://localhost:3000/cb#here',
  ]) {
    const seen = await person.authorize({ ...request, redirect_uri });
    assert.equal(seen.status, 400);
    assert.equal(seen.location, undefined);
  }
});

test('dev sends people who signed out to any loopback address, when a client asks for it', async (t) => {
  const server = await developing(t);
  const signOut = (query: Record<string, string>) =>
    server.person().visit(`${server.url('/logout')}?${new URLSearchParams(query).toString()}`);
  const post_logout_redirect_uri = 'http://localhost:4321/bye';
  const seen = await signOut({ client_id: 'dev-web', post_logout_redirect_uri });
  assert.equal(seen.location, post_logout_redirect_uri);
  assert.equal((await signOut({ post_logout_redirect_uri })).status, 400);
  const far = { client_id: 'dev-web', post_logout_redirect_uri: 'http://example.com/bye' };
  assert.equal((await signOut(far)).status, 400);
});

test('dev keeps its data with --data', async (t) => {
  const cwd = folder(t);
  const port = await freePort();
  const args = ['dev', '--port', String(port), '--data', 'kept'];
  const first = await serving(t, `http://localhost:${port}`, args, { cwd });
  const keys = await (await fetch(first.url('/jwks'))).text();
  first.process.kill('SIGTERM');
  assert.equal(await first.ended, 0);
  assert.ok(readdirSync(join(cwd, 'kept')).includes('signet.db'));
  const second = await serving(t, `http://localhost:${port}`, args, { cwd });
  assert.equal(await (await fetch(second.url('/jwks'))).text(), keys);
});

test('dev refuses an issuer that others could reach, a bad port and a file', async (t) => {
  const cwd = folder(t);
  const cases = [
    [['--issuer', 'https://id.example.com'], /^dev is for this machine alone[^\n]*\n$/],
    [['--issuer', 'http://192.168.1.7:8080'], /^dev is for this machine alone/],
    [['--issuer', 'http://localhost.example.com'], /^dev is for this machine alone/],
    [['--issuer', 'nonsense'], /^dev is for this machine alone/],
    [['--issuer', 'http://localhost:8080/'], /issuer ends with a slash/],
    [['--port', '99999'], /--port 99999 must be a number/],
    [['--port', '0'], /--port 0 must be a number/],
    [['--config', 'signet.yaml'], /^dev has a configuration of its own/],
  ] as const;
  for (const [args, sentence] of cases) {
    const { code, stderr } = await signet(['dev', ...args], { cwd });
    assert.equal(code, 2, String(sentence));
    assert.match(stderr, sentence);
  }
  assert.deepEqual(readdirSync(cwd), []);
});

test('no configuration file can have the profile of dev', async (t) => {
  const cwd = folder(t);
  const { code, stderr } = await signet(['config', 'validate'], { cwd, env: { SIGNET_PROFILE: 'dev' } });
  assert.equal(code, 2);
  assert.match(stderr, /profile must be one of standard/);
});
