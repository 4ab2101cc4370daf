import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { basic, hiddenFields, post } from '../support/person.ts';
import { PROGRAM } from '../support/program.ts';
import { ALICE, SECRET, SPA, WEB_APP } from '../support/signet.ts';
import { signet } from './here.ts';
import { configured, type Given, type Running, serving } from './program.ts';

const NATIVE = {
  ...SPA,
  client_id: 'native',
  application_type: 'native',
  redirect_uris: ['https://app.example.com/cb', 'http://127.0.0.1/cb'],
};
const WEB = { ...WEB_APP, client_id: 'web', redirect_uris: ['http://127.0.0.1/cb'], require_pkce: true };
const JOB = { client_id: 'job', client_secret: SECRET, grant_types: ['client_credentials'], scope: 'email' };
const REMOTE = { ...SPA, client_id: 'remote', redirect_uris: ['https://app.example.com/cb'] };
const FRONT = {
  ...WEB_APP,
  client_id: 'front',
  redirect_uris: ['http://127.0.0.1/cb'],
  response_types: ['id_token token', 'code id_token'],
  grant_types: ['authorization_code', 'implicit'],
};
const PERSON = { ...ALICE, claims: { name: 'Alice Example', email: 'alice@example.com' } };
const CONFIG = { clients: [NATIVE, WEB, JOB, REMOTE], users: [PERSON] };

type Trial = Readonly<{
  code: number | null;
  stdout: string;
  stderr: string;
  address: string;
  brought: string;
}>;

/** Runs `signet try` and plays the person whom it sends to the browser. `paste` gives the answer by keyboard. */
async function tried(
  t: TestContext,
  server: Running,
  given: Given & { paste?: boolean },
  args: readonly string[],
): Promise<Trial> {
  const { paste = false } = given;
  const child = spawn(process.execPath, [PROGRAM, 'try', '--no-browser', ...args], { cwd: given.cwd });
  t.after(() => child.kill('SIGKILL'));
  const said = collected(child);
  const address = await said.address;
  const person = server.person();
  const query = Object.fromEntries(new URL(address).searchParams);
  const brought = (await person.grant(query)).location ?? '';
  if (paste) child.stdin?.write(`${brought}\n`);
  else assert.match(await (await fetch(brought)).text(), /go on in the terminal/);
  const code = await said.ended;
  return { code, ...said.texts(), address, brought };
}

function collected(child: ChildProcess) {
  const texts = { stdout: '', stderr: '' };
  const ended = new Promise<number | null>((done) => child.on('close', done));
  const address = new Promise<string>((found, failed) => {
    child.stdout?.on('data', (text: Buffer) => (texts.stdout += text.toString()));
    child.stderr?.on('data', (text: Buffer) => {
      texts.stderr += text.toString();
      const [, seen] = /^ {2}(http:\/\/\S+)\n/m.exec(texts.stderr) ?? [];
      if (seen !== undefined) found(seen);
    });
    void ended.then(() => failed(new Error(texts.stderr)));
  });
  address.catch(() => undefined);
  return { ended, address, texts: () => texts };
}

test('try plays the whole part of a native application, and tells each step and where each claim comes from', async (t) => {
  const given = await configured(t, CONFIG);
  const server = await serving(t, given.issuer, ['serve'], given);
  const { code, stdout, stderr, address } = await tried(t, server, given, ['native']);
  assert.equal(code, 0, stderr);
  assert.equal(new URL(address).searchParams.get('code_challenge_method'), 'S256');
  const steps = [...stdout.matchAll(/^\d+ {2}([A-Z][^:]*):/gm)].map(([, step]) => step);
  assert.deepEqual(steps, [
    'Discovery',
    'Sign-in',
    'Token',
    'ID token',
    'Access token',
    'Userinfo',
    'Refresh',
    'Revocation',
  ]);
  assert.match(stdout, /^ +nonce +\S+ +what the application sent/m);
  assert.match(stdout, /^ +email +alice@example\.com +scope email opens it: claims\.email of the user$/m);
  assert.match(stdout, /^ +preferred_username +alice +scope profile opens it: claims\.preferred_username/m);
});

test('what try was given is over at its end, and no token stands in what it prints', async (t) => {
  const given = await configured(t, CONFIG);
  const server = await serving(t, given.issuer, ['serve'], given);
  const short = await tried(t, server, given, ['web']);
  assert.equal(short.code, 0, short.stderr);
  assert.doesNotMatch(short.stdout, /eyJ[\w-]{20,}/);
  assert.match(short.stdout, /Introspection: the access token is good/);
  const { stdout } = await tried(t, server, given, ['web', '--raw', '--output', 'json']);
  const { steps } = JSON.parse(stdout) as {
    steps: { step: string; members?: { name: string; value: string }[] }[];
  };
  const token = steps
    .find(({ step }) => step === 'Token')
    ?.members?.find(({ name }) => name === 'access_token');
  const kept = await post(server.url('/introspect'), { token: token?.value ?? '' }, basic('web'));
  assert.equal(kept.body['active'], true);
});

test('an answer that is pasted is as good, where the browser is on another machine', async (t) => {
  const given = await configured(t, CONFIG);
  const server = await serving(t, given.issuer, ['serve'], given);
  const { code, stdout } = await tried(t, server, { ...given, paste: true }, ['native']);
  assert.equal(code, 0);
  assert.match(stdout, /Userinfo: for the access token/);
});

test('only the answer with the state that was sent is taken', async (t) => {
  const given = await configured(t, CONFIG);
  const server = await serving(t, given.issuer, ['serve'], given);
  const child = spawn(process.execPath, [PROGRAM, 'try', '--no-browser', 'native'], { cwd: given.cwd });
  t.after(() => child.kill('SIGKILL'));
  const said = collected(child);
  const query = Object.fromEntries(new URL(await said.address).searchParams);
  const listener = query['redirect_uri'] ?? '';
  for (const forged of ['', '?state=forged&code=forged', `/other?state=${query['state']}&code=forged`])
    assert.equal((await fetch(`${listener}${forged}`)).status, 404);
  const brought = (await server.person().grant(query)).location ?? '';
  assert.equal((await fetch(brought)).status, 200);
  assert.equal(await said.ended, 0);
});

test('flows that bring tokens by the browser are played, and what they bring is checked and ended', async (t) => {
  const given = await configured(t, { ...CONFIG, clients: [FRONT] });
  const server = await serving(t, given.issuer, ['serve'], given);
  for (const [args, type, steps] of [
    [[], 'id_token token', ['Sign-in', 'ID token', 'Access token', 'Userinfo', 'Introspection']],
    [['--response-type', 'code id_token'], 'code id_token', ['Sign-in', 'ID token', 'Token', 'ID token']],
  ] as const) {
    const child = spawn(process.execPath, [PROGRAM, 'try', '--no-browser', ...args, 'front'], {
      cwd: given.cwd,
    });
    t.after(() => child.kill('SIGKILL'));
    const said = collected(child);
    const query = Object.fromEntries(new URL(await said.address).searchParams);
    assert.deepEqual([query['response_type'], query['response_mode']], [type, 'form_post']);
    const person = server.person();
    const page = await person.submit(await person.authorize(query), ALICE);
    // What the browser does by script: it brings the form to the application.
    const answered = await post(query['redirect_uri'] ?? '', hiddenFields(page));
    assert.equal(answered.status, 200);
    assert.equal(await said.ended, 0, said.texts().stderr);
    const { stdout } = said.texts();
    const told = [...stdout.matchAll(/^\d+ {2}([A-Z][^:]*):/gm)].map(([, step]) => step);
    assert.deepEqual(told.slice(1, 1 + steps.length), steps);
    assert.equal(told.at(-1), 'Revocation');
    assert.match(stdout, /came by the browser; its signature/);
    assert.doesNotMatch(stdout, /eyJ[\w-]{20,}/);
  }
});

test('a service is tried without a browser, with its secret from the configuration or from a file', async (t) => {
  const given = await configured(t, CONFIG);
  await serving(t, given.issuer, ['serve'], given);
  const { code, stdout } = await signet(['try', 'job'], given);
  assert.equal(code, 0);
  assert.match(stdout, /^ +sub +job +the client itself$/m);
  writeFileSync(join(given.cwd, 'wrong'), 'not-the-secret-of-the-client\n');
  const wrong = await signet(['try', 'job', '--secret-file', 'wrong'], given);
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /Token failed: invalid_client/);
  assert.match(wrong.stderr, /To mend it: /);
});

test('a service that proves itself with a key is tried with the key, and with no other', async (t) => {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keyed = {
    client_id: 'keyed',
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: 'first', alg: 'ES256' }] },
  };
  const given = await configured(t, { clients: [keyed] });
  await serving(t, given.issuer, ['serve'], given);
  const pem = (key: KeyObject) => key.export({ format: 'pem', type: 'pkcs8' });
  writeFileSync(join(given.cwd, 'own.pem'), pem(own.privateKey));
  writeFileSync(join(given.cwd, 'own.jwk'), JSON.stringify(own.privateKey.export({ format: 'jwk' })));
  writeFileSync(join(given.cwd, 'other.pem'), pem(other.privateKey));
  writeFileSync(join(given.cwd, 'public.pem'), own.publicKey.export({ format: 'pem', type: 'spki' }));
  for (const file of ['own.pem', 'own.jwk']) {
    const { code, stdout, stderr } = await signet(['try', 'keyed', '--key', file], given);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /keyed proves itself by private_key_jwt/);
    assert.match(stdout, /Introspection: /);
  }
  for (const [args, sentence] of [
    [[], /give the private one with --key FILE/],
    [['--key', 'other.pem'], /none of those that keyed is registered with/],
    [['--key', 'public.pem'], /public\.pem holds no private key/],
    [['--key', 'gone.pem'], /The file gone\.pem is not there/],
  ] as const) {
    const refused = await signet(['try', 'keyed', ...args], given);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, sentence);
    assert.doesNotMatch(refused.stderr, /BEGIN|"d"/);
  }
});

test('a client without a redirect to this machine is left as it is, and what to add is told', async (t) => {
  const given = await configured(t, CONFIG);
  await serving(t, given.issuer, ['serve'], given);
  const { code, stderr, stdout } = await signet(['try', 'remote'], given);
  assert.equal(code, 4);
  assert.equal(stdout, '');
  assert.match(
    stderr,
    /signet client update remote --redirect-uri https:\/\/app\.example\.com\/cb --redirect-uri http:\/\/127\.0\.0\.1\/callback/,
  );
});

test('a client that is not there, or whose secret is not at hand, is told so', async (t) => {
  const given = await configured(t, { users: [PERSON] });
  await serving(t, given.issuer, ['serve'], given);
  assert.equal((await signet(['try', 'nobody'], given)).code, 3);
  await signet(['client', 'create', '--type', 'service', '--id', 'made'], given);
  const { code, stderr } = await signet(['try', 'made'], given);
  assert.equal(code, 2);
  assert.match(stderr, /--secret-file/);
});

test('a server that is not there is told', async (t) => {
  const given = await configured(t, CONFIG);
  await signet(['apply', '--yes'], given);
  const { code, stderr } = await signet(['try', 'job'], given);
  assert.equal(code, 1);
  assert.match(stderr, /does not answer as an OpenID provider/);
});
