import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { stringify } from 'yaml';
import { listen, SPA } from '../support/signet.ts';
import { signet } from './here.ts';
import { configured, type Finished, type Given, serving } from './program.ts';

const ADMIN = { username: 'root', password: 'wonderland-of-root', role: 'admin' };
const STRICT = { ...SPA, require_pkce: true };

type Finding = Readonly<{ area: string; state: string; message: string; remedy?: string }>;

type Examined = Finished &
  Readonly<{ findings: readonly Finding[]; says: (pattern: RegExp) => string | undefined }>;

/** What the doctor says, and the state of the finding that has that message. */
async function examine(given: Given): Promise<Examined> {
  const finished = await signet(['doctor', '--output', 'json'], given);
  const { findings } = JSON.parse(finished.stdout) as { findings: readonly Finding[] };
  const says = (pattern: RegExp) => findings.find(({ message }) => pattern.test(message))?.state;
  return { ...finished, findings, says };
}

/** Rewrites the configuration, for this user alone. */
function write({ cwd, issuer }: Given & { issuer: string }, keys: object): void {
  writeFileSync(join(cwd, 'signet.yaml'), stringify({ issuer, ...keys }));
  chmodSync(join(cwd, 'signet.yaml'), 0o600);
}

/** Something else that answers in the place of Signet. */
async function impostor(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  t.after(() => server.close());
  return `http://localhost:${await listen(server)}`;
}

test('of a sound installation all is well, in words and in the exit code', async (t) => {
  const given = await configured(t);
  write(given, { clients: [STRICT], users: [ADMIN] });
  await serving(t, given.issuer, ['serve'], given);
  const { code, stdout } = await signet(['doctor'], given);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^issuer +well +http:\/\/localhost:\d+ answers at its own address/m);
  assert.match(stdout, /^clock +well/m);
  assert.match(stdout, /^database +well/m);
  assert.match(stdout, /^keys +well/m);
  assert.match(stdout, /\nAll is well\.\n$/);
});

test('a server that is not there is a fault, and so is a missing database, which is not made', async (t) => {
  const given = await configured(t);
  const { code, says, findings } = await examine(given);
  assert.equal(code, 1);
  assert.equal(says(/cannot be reached from here/), 'fault');
  assert.equal(says(/There is no database at/), 'fault');
  assert.ok(findings.filter(({ state }) => state !== 'well').every(({ remedy }) => remedy !== undefined));
  assert.ok(!existsSync(join(given.cwd, 'data')));
});

test('an address that answers with another issuer, without metadata or with a wrong clock is told', async (t) => {
  const wrong = await impostor(t, (_, response) => {
    response.setHeader('date', new Date(0).toUTCString());
    response.end(JSON.stringify({ issuer: 'http://localhost:1' }));
  });
  const given = await configured(t);
  write({ ...given, issuer: wrong }, {});
  const named = await examine(given);
  assert.equal(named.says(/calls itself "http:\/\/localhost:1"/), 'fault');
  assert.equal(named.says(/clock here and that of the answer differ by \d+ seconds/), 'fault');
  const nothing = await impostor(t, (_, response) => void response.writeHead(404).end('<p>no</p>'));
  write({ ...given, issuer: nothing }, {});
  assert.equal((await examine(given)).says(/answers with 404 and no metadata/), 'fault');
});

test('a proxy that builds addresses from forged headers, or answers from a cache, is told', async (t) => {
  const given = await configured(t);
  const issuer = await impostor(t, (request, response) => {
    const forged = request.headers['x-forwarded-host'];
    response
      .setHeader('age', '17')
      .end(JSON.stringify({ issuer, jwks_uri: `https://${String(forged)}/jwks` }));
  });
  write({ ...given, issuer }, {});
  const { says } = await examine(given);
  assert.equal(says(/forged X-Forwarded-Host comes back/), 'fault');
  assert.equal(says(/cache of its own/), 'advice');
  assert.equal(says(/names another place: jwks_uri/), 'fault');
});

test('a server on another database than the configured one is found by its keys', async (t) => {
  const given = await configured(t, { users: [ADMIN] });
  await signet(['apply', '--yes'], given);
  await serving(t, given.issuer, ['serve'], { ...given, env: { SIGNET_DATABASE: 'sqlite::memory:' } });
  const { code, says } = await examine(given);
  assert.equal(code, 1);
  assert.equal(says(/publishes none of the keys in the configured database/), 'fault');
});

test('weak clients are told with the rule that they break, all those of one weakness together', async (t) => {
  const open = { ...SPA, require_pkce: false };
  const clients = [
    { ...open, client_id: 'one' },
    { ...open, client_id: 'two', refresh_token_rotation: 'none' },
    {
      ...STRICT,
      client_id: 'three',
      grant_types: ['implicit'],
      response_types: ['id_token token'],
      access_token_lifetime: '2d',
    },
    { ...open, client_id: 'off', disabled: true, access_token_lifetime: '2d' },
  ];
  const given = await configured(t, { clients, users: [ADMIN] });
  await signet(['apply', '--yes'], given);
  const { says } = await examine(given);
  assert.equal(says(/2 clients are public and without PKCE.*RFC 9700 §2\.1\.1\): one, two\./), 'fault');
  assert.equal(says(/A client is public with refresh tokens that are never exchanged.*: two\./), 'advice');
  assert.equal(says(/A client is allowed to get access tokens in a redirect.*: three\./), 'advice');
  assert.equal(says(/longer than a day: three\./), 'advice');
});

test('settings that are weaker than they should be are told', async (t) => {
  const given = await configured(t);
  write(
    { ...given, issuer: 'https://signet.invalid' },
    {
      listen: { host: '0.0.0.0' },
      management: { host: '0.0.0.0', port: 9099 },
      trusted_proxies: ['0.0.0.0/0'],
      allow_insecure_issuer: true,
      lifetimes: { access_token: '30d', authorization_code: '1h' },
      require_pkce: false,
      users: [ADMIN],
    },
  );
  chmodSync(join(given.cwd, 'signet.yaml'), 0o644);
  await signet(['apply', '--yes'], given);
  const { code, says } = await examine(given);
  assert.equal(code, 1);
  assert.equal(says(/trusted_proxies takes the word of all of 0\.0\.0\.0\/0/), 'fault');
  for (const pattern of [
    /listens without TLS on 0\.0\.0\.0/,
    /management listener is open/,
    /allow_insecure_issuer is set and needed by nobody/,
    /lifetimes\.access_token is 30d/,
    /lifetimes\.authorization_code is 1h/,
    /PKCE is asked of no client/,
    /Everybody on this machine can read signet\.yaml/,
  ])
    assert.equal(says(pattern), 'advice', String(pattern));
});

test('a proxy in front that is not named is told', async (t) => {
  const given = await configured(t);
  write({ ...given, issuer: 'https://signet.invalid' }, {});
  assert.equal((await examine(given)).says(/trusted_proxies names nobody/), 'advice');
});

const TLS = join(import.meta.dirname, '../support/tls');

test('a certificate that programs refuse is told with the reason, and one for another name before the start', async (t) => {
  const pem = { cert: readFileSync(join(TLS, 'cert.pem')), key: readFileSync(join(TLS, 'key.pem')) };
  const server = createTlsServer(pem, (_, response) => response.end('{}'));
  t.after(() => server.close());
  const issuer = `https://localhost:${await listen(server)}`;
  const given = await configured(t);
  const tls = { cert_file: join(TLS, 'cert.pem'), key_file: join(TLS, 'key.pem') };
  write({ ...given, issuer }, { tls });
  const there = await examine(given);
  assert.equal(there.code, 1);
  assert.equal(
    there.says(/Programs that check refuse the certificate at .*: it is signed by itself/),
    'fault',
  );
  assert.equal(there.says(/The certificate .*cert\.pem (is good until|ends in)/), 'well');
  write({ ...given, issuer: 'https://signet.invalid' }, { tls });
  assert.equal((await examine(given)).says(/is not for signet\.invalid/), 'fault');
});

test('tables of an earlier program are told, and left as they are', async (t) => {
  const given = await configured(t);
  await signet(['apply', '--yes'], given);
  const { DatabaseSync } = await import('node:sqlite');
  const path = join(given.cwd, 'data/signet.db');
  const database = new DatabaseSync(path);
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  database.exec(`PRAGMA user_version = ${version - 1}`);
  database.close();
  const { code, says } = await examine(given);
  assert.equal(code, 1);
  assert.equal(says(/^The tables have version \d+, this program wants \d+/), 'fault');
  const after = new DatabaseSync(path);
  assert.equal(after.prepare('PRAGMA user_version').get()?.['user_version'], version - 1);
  after.close();
});

test('an invalid configuration ends with 1, which is no advice', async (t) => {
  const given = await configured(t, { issuer: 'ftp://localhost' });
  const { code, stderr } = await signet(['doctor'], given);
  assert.equal(code, 1);
  assert.match(stderr, /issuer must be an https/);
});
