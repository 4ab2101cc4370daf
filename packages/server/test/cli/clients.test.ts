import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { json, signet } from './here.ts';
import { configured } from './program.ts';

const CALLBACK = 'https://app.example.com/cb';
const SPA = { client_id: 'spa', token_endpoint_auth_method: 'none', redirect_uris: [CALLBACK] };

test('client create makes id and secret, and tells the secret this once', async (t) => {
  const given = await configured(t);
  const made = await json(
    ['client', 'create', '--type', 'web', '--redirect-uri', CALLBACK, '--name', 'App'],
    given,
  );
  const id = String(made['client_id']);
  const secret = String(made['client_secret']);
  assert.match(id, /^[0-9a-f]{20}$/);
  assert.match(secret, /^[\w-]{43}$/);
  assert.deepEqual(made['grant_types'], ['authorization_code', 'refresh_token']);
  assert.equal(made['client_name'], 'App');
  const got = await json(['client', 'get', id], given);
  assert.deepEqual({ ...got, client_secret: secret }, made);
  for (const args of [
    ['client', 'list'],
    ['client', 'get', id],
    ['client', 'list', '--output', 'json'],
  ]) {
    const { stdout, stderr } = await signet(args, given);
    assert.ok(stdout.includes(id));
    assert.ok(!(stdout + stderr).includes(secret));
  }
});

test('client create as a table shows a made secret with a word of warning, and with --quiet apart from the id', async (t) => {
  const given = await configured(t);
  const table = await signet(['client', 'create', '--type', 'service', '--id', 'job'], given);
  assert.match(table.stdout, /^client_id +job$/m);
  assert.match(table.stdout, /^client_secret +[\w-]{43}$/m);
  assert.match(table.stderr, /told this once/);
  const quiet = await signet(['client', 'create', '--type', 'service', '--id', 'other', '--quiet'], given);
  assert.equal(quiet.stdout, 'other\n');
  assert.match(quiet.stderr, /^client_secret [\w-]{43}\n$/);
});

test('each kind of application brings what goes with it', async (t) => {
  const given = await configured(t);
  const create = (type: string, ...more: string[]) =>
    json(['client', 'create', '--type', type, '--id', type, ...more], given);
  const spa = await create('spa', '--redirect-uri', CALLBACK);
  assert.equal(spa['token_endpoint_auth_method'], 'none');
  assert.equal(spa['client_secret'], undefined);
  const native = await create('native', '--redirect-uri', 'com.example.app:/cb');
  assert.equal(native['application_type'], 'native');
  const service = await create('service', '--scope', 'email');
  assert.deepEqual(service['grant_types'], ['client_credentials']);
  assert.deepEqual(service['redirect_uris'], []);
  assert.equal(service['scope'], 'email');
});

test('client create reads RFC 7591 metadata as JSON from standard input, with flags over it', async (t) => {
  const given = await configured(t);
  const input = JSON.stringify({ ...SPA, client_name: 'One' }, null, '\t');
  const made = await json(['client', 'create', '--file', '-', '--name', 'Two'], { ...given, input });
  assert.equal(made['client_id'], 'spa');
  assert.equal(made['client_name'], 'Two');
  assert.deepEqual(made['redirect_uris'], [CALLBACK]);
});

test('client create reads YAML from a file, and takes back what client get printed', async (t) => {
  const given = await configured(t);
  writeFileSync(join(given.cwd, 'spa.yaml'), stringify(SPA));
  await json(['client', 'create', '--file', 'spa.yaml'], given);
  const got = await json(['client', 'get', 'spa'], given);
  const copy = JSON.stringify({ ...got, client_id: 'copy' });
  const made = await json(['client', 'create', '--file', '-'], { ...given, input: copy });
  assert.deepEqual(made['redirect_uris'], got['redirect_uris']);
});

test('a client secret can be brought by file or standard input, and is then not told', async (t) => {
  const given = await configured(t);
  const create = ['client', 'create', '--type', 'service', '--output', 'json'];
  const piped = await signet([...create, '--id', 'one', '--secret-stdin'], {
    ...given,
    input: 'from-my-own-vault\n',
  });
  assert.equal(piped.code, 0, piped.stderr);
  assert.doesNotMatch(piped.stdout + piped.stderr, /from-my-own-vault/);
  writeFileSync(join(given.cwd, 'secret'), 'from-my-own-vault');
  const filed = await signet([...create, '--id', 'two', '--secret-file', 'secret'], given);
  assert.equal(filed.code, 0, filed.stderr);
  assert.doesNotMatch(filed.stdout + filed.stderr, /from-my-own-vault/);
});
