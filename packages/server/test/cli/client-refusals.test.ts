import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json, signet } from './here.ts';
import { configured } from './program.ts';

const CALLBACK = 'https://app.example.com/cb';

test('a faulty client is told whole, with the places in its file, and nothing is registered', async (t) => {
  const given = await configured(t);
  const input =
    'redirect_uris: [ "http://evil.example/cb", "*" ]\nrequest_uris: x\ngrant_typs: []\nclient_secret: hüsh\n';
  const { code, stdout, stderr } = await signet(['client', 'create', '--file', '-'], { ...given, input });
  assert.equal(code, 2);
  assert.equal(stdout, '');
  for (const fault of [
    /^The client has 5 faults:/,
    /standard input:1:18 {2}redirect_uris\[0\] is plain http/,
    /redirect_uris\[1\] is not an absolute URI/,
    /request_uris is registered metadata that Signet does not support/,
    /standard input:3:1 {2}grant_typs is not a known key; did you mean "grant_types"\?/,
    /client_secret has characters outside/,
  ]) {
    assert.match(stderr, fault);
  }
  assert.doesNotMatch(stderr, /hüsh/);
  assert.equal((await signet(['client', 'list', '-q'], given)).stdout, '');
});

test('hostile metadata is refused in a sentence', async (t) => {
  const given = await configured(t);
  const cases = [
    ['{"redirect_uris": [', /standard input cannot be read as JSON or YAML/],
    ['[1, 2]', /must be a group of keys with values/],
    ['', /must be a group of keys with values/],
    ['{"__proto__": {"a": 1}}', /__proto__ is not a key/],
    ['{"client_id": "a", "client_id": "b"}', /client_id is given twice/],
    [Buffer.from([0xff, 0xfe, 0x00]), /is not a text in UTF-8/],
    [`{"client_name": "${'x'.repeat(300_000)}"}`, /larger than 256 kB/],
    [`{"redirect_uris": ["https://a.example/${'x'.repeat(70_000)}"]}`, /larger than 64 kB/],
    [`{"client_name": 7, "redirect_uris": "${CALLBACK}"}`, /client_name must be a text: put it in quotes/],
  ] as const;
  for (const [input, sentence] of cases) {
    const { code, stderr } = await signet(['client', 'create', '--file', '-'], { ...given, input });
    assert.equal(code, 2, String(sentence));
    assert.match(stderr, sentence);
    assert.doesNotMatch(stderr, /\n {4}at /);
  }
});

test('a file that is not there, a folder, and two uses of standard input are refused', async (t) => {
  const given = await configured(t);
  const cases = [
    [['--file', 'gone.json'], /^The file gone\.json is not there\.\n$/],
    [['--file', '.'], /^The file \. is a folder\.\n$/],
    [['--file', '-', '--secret-stdin'], /Standard input cannot be both/],
    [['--secret-stdin', '--secret-file', 'x'], /in one way/],
    [['--secret-prompt'], /Nobody is there to be asked/],
    [['--secret-stdin'], /The client secret is empty/],
  ] as const;
  for (const [args, sentence] of cases) {
    const { code, stderr } = await signet(['client', 'create', '--type', 'service', ...args], given);
    assert.equal(code, 2, String(sentence));
    assert.match(stderr, sentence);
  }
});

test('a client_id that is taken is a conflict, and the first client stays as it is', async (t) => {
  const given = await configured(t);
  await json(['client', 'create', '--type', 'service', '--id', 'job', '--name', 'First'], given);
  const again = await signet(
    ['client', 'create', '--type', 'service', '--id', 'job', '--name', 'Second'],
    given,
  );
  assert.equal(again.code, 4);
  assert.equal(again.stdout, '');
  assert.match(again.stderr, /^There is a client job already\.\n$/);
  assert.equal((await json(['client', 'get', 'job'], given))['client_name'], 'First');
});
