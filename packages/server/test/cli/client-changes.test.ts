import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json, signet } from './here.ts';
import { configured } from './program.ts';

const CALLBACK = 'https://app.example.com/cb';
const CREATE = ['client', 'create', '--type', 'web', '--id', 'web', '--redirect-uri', CALLBACK];

test('client update changes what is given, and a null in a file removes a key (RFC 7396)', async (t) => {
  const given = await configured(t);
  await json([...CREATE, '--name', 'App', '--scope', 'openid email'], given);
  const patch = {
    client_name: null,
    default_max_age: '15m',
    post_logout_redirect_uris: ['https://app.example.com/'],
  };
  const input = JSON.stringify(patch);
  const updated = await json(['client', 'update', 'web', '--file', '-', '--scope', 'openid'], {
    ...given,
    input,
  });
  assert.equal(updated['client_name'], undefined);
  assert.equal(updated['default_max_age'], 900);
  assert.equal(updated['scope'], 'openid');
  assert.deepEqual(updated['redirect_uris'], [CALLBACK]);
  assert.equal(updated['version'], 2);
  assert.equal(updated['client_secret'], undefined);
});

test('client update tells a secret when the client begins to need one', async (t) => {
  const given = await configured(t);
  await json(['client', 'create', '--type', 'spa', '--id', 'spa', '--redirect-uri', CALLBACK], given);
  const updated = await json(['client', 'update', 'spa', '--auth-method', 'client_secret_post'], given);
  assert.match(String(updated['client_secret']), /^[\w-]{43}$/);
});

test('client update refuses what would make the client unsound, and changes nothing', async (t) => {
  const given = await configured(t);
  const before = await json(CREATE, given);
  const cases = [
    [['--redirect-uri', 'http://evil.example/'], 2, /redirect_uris\[0\] is plain http/],
    [['--grant-type', 'password'], 2, /grant_types\[0\] is password, which this provider does not have/],
    [[], 2, /Nothing to change was given/],
    [['--id', 'other'], 2, /unknown option '--id'/],
  ] as const;
  for (const [args, code, sentence] of cases) {
    const refused = await signet(['client', 'update', 'web', ...args], given);
    assert.equal(refused.code, code, refused.stderr);
    assert.match(refused.stderr, sentence);
  }
  const renamed = await signet(['client', 'update', 'web', '--file', '-'], {
    ...given,
    input: '{"client_id":"other"}',
  });
  assert.equal(renamed.code, 2);
  assert.match(renamed.stderr, /standard input:1:2 {2}client_id cannot be changed/);
  const { client_secret: _, ...rest } = before;
  assert.deepEqual(await json(['client', 'get', 'web'], given), rest);
});

test('client rotate-secret tells a new secret, and refuses a client without one', async (t) => {
  const given = await configured(t);
  const made = await json(CREATE, given);
  const rotated = await json(['client', 'rotate-secret', 'web'], given);
  assert.match(String(rotated['client_secret']), /^[\w-]{43}$/);
  assert.notEqual(rotated['client_secret'], made['client_secret']);
  await json(['client', 'create', '--type', 'spa', '--id', 'spa', '--redirect-uri', CALLBACK], given);
  const without = await signet(['client', 'rotate-secret', 'spa'], given);
  assert.equal(without.code, 4);
  assert.match(without.stderr, /^The client proves itself without a secret\.\n$/);
});

test('client delete asks for --yes, and deletes with it', async (t) => {
  const given = await configured(t);
  await json(CREATE, given);
  const refused = await signet(['client', 'delete', 'web'], given);
  assert.equal(refused.code, 5);
  assert.match(refused.stderr, /say --yes/);
  assert.equal((await signet(['client', 'list', '-q'], given)).stdout, 'web\n');
  assert.deepEqual(await json(['client', 'delete', 'web', '--yes'], given), {
    client_id: 'web',
    deleted: true,
  });
  assert.equal((await signet(['client', 'list', '-q'], given)).stdout, '');
});

test('an unknown client is not found, whatever is done to it', async (t) => {
  const given = await configured(t);
  await json(CREATE, given);
  for (const args of [['get'], ['update', '--name', 'x'], ['rotate-secret'], ['delete', '--yes']]) {
    const [verb = '', ...more] = args;
    const { code, stdout, stderr } = await signet(['client', verb, 'nobody', ...more], given);
    assert.equal(code, 3, verb);
    assert.equal(stdout, '');
    assert.match(stderr, /^There is no client nobody\.\n$/);
  }
});

test('a change that the configuration file will undo is made and noted', async (t) => {
  const clients = [{ client_id: 'web', client_secret: 'of-the-file', redirect_uris: [CALLBACK] }];
  const given = await configured(t, { clients });
  await json(CREATE, given);
  const updated = await signet(['client', 'update', 'web', '--name', 'New'], given);
  assert.equal(updated.code, 0);
  assert.match(updated.stderr, /^Note: web stands in the configuration file/);
  const deleted = await signet(['client', 'delete', 'web', '--yes'], given);
  assert.match(deleted.stderr, /brings it back at the next start/);
});

test('a client may ask only for resources that there are', async (t) => {
  const given = await configured(t, { resources: [{ resource: 'https://api.example.com/' }] });
  const input = (resource: string): string =>
    JSON.stringify({ client_id: 'job', grant_types: ['client_credentials'], resources: [resource] });
  const create = ['client', 'create', '--file', '-'];
  const strange = await signet(create, { ...given, input: input('https://other.example.com/') });
  assert.equal(strange.code, 2);
  assert.match(strange.stderr, /resources names https:\/\/other\.example\.com\//);
  assert.equal((await signet(create, { ...given, input: input('https://api.example.com/') })).code, 0);
});
