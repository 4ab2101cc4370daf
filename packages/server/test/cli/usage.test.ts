import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { PROGRAM } from '../support/program.ts';
import { json, signet } from './here.ts';
import { configured, folder } from './program.ts';

test('help names every command and every exit code', async (t) => {
  const { code, stdout } = await signet(['--help'], { cwd: folder(t) });
  assert.equal(code, 0);
  for (const word of ['serve', 'dev', 'config', 'client', 'user', 'key', 'explain', 'Exit codes']) {
    assert.ok(stdout.includes(word), word);
  }
});

test('a reader that has seen enough ends nothing with a fault', async (t) => {
  const command = `"${process.execPath}" "${PROGRAM}" --help`;
  const piped = spawn('sh', ['-c', `{ ${command}; echo "code $?" >&2; } | true`], { cwd: folder(t) });
  assert.equal(await text(piped.stderr), 'code 0\n');
});

test('the version is printed', async (t) => {
  const { code, stdout } = await signet(['--version'], { cwd: folder(t) });
  assert.equal(code, 0);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

test('wrong usage ends with 2, a hint, and nothing on standard output', async (t) => {
  const cwd = folder(t);
  const wrong = [
    [['clien'], /Did you mean client\?/],
    [['client', 'lst'], /Did you mean list\?/],
    [['client', 'list', '--outptu', 'json'], /Did you mean --output\?/],
    [['client', 'list', '--output', 'xml'], /Allowed choices are table, json/],
    [['client', 'get'], /missing required argument/],
    [['client', 'get', 'a', 'b'], /too many arguments/],
    [['client', 'create', '--type', 'mainframe'], /Allowed choices are web, spa, native, service/],
    [['key', 'rotate', '--alg', 'none'], /Allowed choices are ES256/],
    [['user'], /Usage: signet user/],
    [[], /Usage: signet/],
  ] as const;
  for (const [args, hint] of wrong) {
    const { code, stdout, stderr } = await signet(args, { cwd });
    assert.equal(code, 2, args.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, hint);
    assert.doesNotMatch(stderr, /\n {4}at /);
  }
});

test('config validate tells all faults at once and ends with 2', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'other.yaml'), 'issuer: ftp://id.example.com\nlisten: { prt: 1 }\nclients: {}\n');
  const { code, stdout, stderr } = await signet(['config', 'validate', '--config', 'other.yaml'], { cwd });
  assert.equal(code, 2);
  assert.equal(stdout, '');
  for (const fault of ['other.yaml:1:1', 'listen.prt is not a known key', 'clients must be a list']) {
    assert.ok(stderr.includes(fault), stderr);
  }
  const told = await signet(['--config', 'other.yaml', 'config', 'validate', '--output', 'json'], { cwd });
  assert.equal(told.code, 2);
  const { valid, faults } = JSON.parse(told.stdout) as { valid: boolean; faults: unknown[] };
  assert.equal(valid, false);
  assert.equal(faults.length, 3);
});

test('config validate says that a sound file is sound, with its warnings apart', async (t) => {
  const { cwd } = await configured(t, { listen: { port: 1234 } });
  const { code, stdout, stderr } = await signet(['config', 'validate'], { cwd });
  assert.equal(code, 0);
  assert.equal(stdout, 'signet.yaml is sound.\n');
  assert.match(stderr, /^Warning: .* the server listens on port 1234/);
});

test('config show prints what is in effect and no secret', async (t) => {
  const client = {
    client_id: 'web',
    client_secret: 'hush-hush-hush',
    redirect_uris: ['https://a.example/cb'],
  };
  const { cwd, issuer } = await configured(t, { clients: [client], master_secret: 'hush'.repeat(10) });
  const { code, stdout } = await signet(['config', 'show'], { cwd });
  assert.equal(code, 0);
  assert.ok(stdout.includes(`issuer: ${issuer} # signet.yaml:1:1`), stdout);
  assert.doesNotMatch(stdout, /hush/);
  const shown = await json(['config', 'show'], { cwd });
  assert.equal(shown['issuer'], issuer);
  assert.doesNotMatch(JSON.stringify(shown), /hush/);
});

test('config schema prints a JSON Schema', async (t) => {
  const { code, stdout } = await signet(['config', 'schema'], { cwd: folder(t) });
  assert.equal(code, 0);
  assert.ok((JSON.parse(stdout) as { properties: object }).properties);
});

test('the configuration is that of --config, else of SIGNET_CONFIG, else of signet.yaml or signet.yml here', async (t) => {
  const cwd = folder(t);
  const issuer = async (args: readonly string[], env = {}): Promise<unknown> => {
    const { stdout } = await signet(['config', 'show', '--output', 'json', ...args], { cwd, env });
    return (JSON.parse(stdout) as { issuer: string }).issuer;
  };
  for (const name of ['a', 'b'])
    writeFileSync(join(cwd, `${name}.yaml`), `issuer: https://${name}.example\n`);
  const env = { SIGNET_CONFIG: 'b.yaml' };
  assert.equal(await issuer([]), 'http://localhost:8080');
  writeFileSync(join(cwd, 'signet.yml'), 'issuer: https://usual.example\n');
  assert.equal(await issuer([]), 'https://usual.example');
  assert.equal(await issuer([], env), 'https://b.example');
  assert.equal(await issuer(['--config', 'a.yaml'], env), 'https://a.example');
  writeFileSync(join(cwd, 'signet.yaml'), 'issuer: https://usual.example\n');
  const both = await signet(['config', 'validate'], { cwd });
  assert.equal(both.code, 2);
  assert.match(both.stderr, /There are signet\.yaml and signet\.yml/);
});

test('a configuration file that cannot be read is told in a sentence', async (t) => {
  const cwd = folder(t);
  mkdirSync(join(cwd, 'folder.yaml'));
  const cases = [
    ['gone.yaml', /^The configuration file gone\.yaml is not there\.\n$/],
    ['folder.yaml', /^The configuration file folder\.yaml is a folder\.\n$/],
  ] as const;
  for (const [name, sentence] of cases) {
    const { code, stderr } = await signet(['serve', '--config', name], { cwd });
    assert.equal(code, 2);
    assert.match(stderr, sentence);
  }
});

test('a stack trace is shown only to those who ask for details', async (t) => {
  const { cwd } = await configured(t);
  const plain = await signet(['client', 'list'], { cwd });
  const detailed = await signet(['client', 'list'], { cwd, env: { SIGNET_LOG_LEVEL: 'debug' } });
  assert.doesNotMatch(plain.stderr, /\n {4}at /);
  assert.match(detailed.stderr, /\n {4}at /);
});

test('of several tenants one has to be named', async (t) => {
  const cwd = folder(t);
  const tenants = ['one', 'two'].map((name) => `  - { name: ${name}, issuer: "https://${name}.example" }\n`);
  writeFileSync(join(cwd, 'signet.yaml'), `tenants:\n${tenants.join('')}`);
  const create = ['client', 'create', '--type', 'service', '--id', 'job'];
  const unnamed = await signet(create, { cwd });
  assert.equal(unnamed.code, 2);
  assert.match(unnamed.stderr, /several tenants: say which with --tenant one \| two/);
  const strange = await signet([...create, '--tenant', 'three'], { cwd });
  assert.equal(strange.code, 2);
  assert.match(strange.stderr, /There is no tenant three\. There is: one, two\./);
  assert.equal((await signet([...create, '--tenant', 'two'], { cwd })).code, 0);
  assert.equal((await signet(['client', 'list', '-q', '--tenant', 'two'], { cwd })).stdout, 'job\n');
  assert.equal((await signet(['client', 'list', '-q', '--tenant', 'one'], { cwd })).stdout, '');
});
