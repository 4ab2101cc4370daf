import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, stringify } from 'yaml';
import type { Definition } from '../../src/model/definition.ts';
import { sqlStore } from '../../src/store/sql/store.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { newEvent } from '../store/samples.ts';
import { answerOf, basic, post, request } from '../support/person.ts';
import { ALICE, BOB, SECRET, SPA, WEB_APP } from '../support/signet.ts';
import { json, signet } from './here.ts';
import { configured, type Given, hashOf, serving } from './program.ts';

const JOB = {
  client_id: 'job',
  client_secret: 'a-secret-of-at-least-thirty-two-bytes',
  token_endpoint_auth_method: 'client_secret_jwt',
  grant_types: ['client_credentials'],
};

const KEYS = {
  display_name: 'Example',
  lifetimes: { access_token: '5m' },
  scopes: [{ scope: 'orders', description: 'Your orders', claims: ['orders'] }],
  resources: [{ resource: 'https://api.example.com', scope: 'orders' }],
  clients: [WEB_APP, SPA, JOB],
  users: [
    { ...ALICE, claims: { name: 'Alice', address: { country: 'DE' } }, role: 'admin' },
    { ...BOB, disabled: true, groups: ['staff', 'board'] },
  ],
  groups: [{ name: 'staff', display_name: 'Staff', description: 'All who work here' }, { name: 'board' }],
};

/** Stores what an administrator can change beside the file. */
async function changeByHand(path: string): Promise<void> {
  const store = sqlStore(openSqlite(path, 0));
  const { id: tenant } = (await store.findTenant('default')) ?? assert.fail('no tenant');
  const made: readonly Definition[] = [
    { kind: 'scope', value: { scope: 'by:hand', claims: ['hand'] } },
    {
      kind: 'resource',
      value: { resource: 'urn:hand', access_token_format: 'opaque', access_token_lifetime: 90 },
    },
    { kind: 'settings', value: { consent: 'always', 'lifetimes.session': 7200, display_name: 'Not this' } },
  ];
  for (const definition of made)
    await store.createDefinition(tenant, { definition, source: 'manual', event: newEvent('made') }, 0);
  await store.close();
}

const exported = async (given: Given): Promise<string> => (await signet(['export'], given)).stdout;

test('what is exported and applied to an empty Signet gives the same Signet, where everybody can sign in', async (t) => {
  const given = await configured(t, KEYS);
  await signet(['apply', '--yes'], given);
  await json(['client', 'create', '--type', 'native', '--id', 'by-hand', '--redirect-uri', 'a.b:/cb'], given);
  await changeByHand(join(given.cwd, 'data/signet.db'));
  await signet(['export', '--with-secrets', '--to', 'signet-copy.yaml'], given);

  const other = await configured(t);
  const copy = parse(readFileSync(join(given.cwd, 'signet-copy.yaml'), 'utf8')) as object;
  writeFileSync(join(other.cwd, 'signet.yaml'), stringify({ ...copy, issuer: other.issuer }));
  const missing = await signet(['apply', '--yes'], other);
  assert.equal(missing.code, 2);
  assert.match(
    missing.stderr,
    /client_secret_file names a file that is not there: .*secrets\/client-web-app/,
  );
  mkdirSync(join(other.cwd, 'secrets'));
  writeFileSync(join(other.cwd, 'secrets/client-web-app'), `${SECRET}\n`);
  const applied = await signet(['apply', '--yes'], other);
  assert.equal(applied.code, 0, applied.stderr);

  const same = (text: string): unknown => ({ ...(parse(text) as object), issuer: 'the same' });
  assert.deepEqual(same(await exported(other)), same(await exported(given)));
  const text = await exported(given);
  // The file fixes the name, and a length of time is told as people write it.
  for (const line of [
    /^display_name: Example$/m,
    /^consent: always$/m,
    /^ {2}session: 2h$/m,
    /by:hand/,
    /urn:hand/,
  ])
    assert.match(text, line);
  assert.equal((await signet(['plan'], other)).code, 0);
  const server = await serving(t, other.issuer, ['serve'], other);
  const seen = await server.person().grant(request());
  const { code = '' } = answerOf(seen);
  const form = { grant_type: 'authorization_code', code, redirect_uri: WEB_APP.redirect_uris[0] ?? '' };
  assert.equal((await post(server.url('/token'), form, basic())).status, 200);
});

test('an export has no secret, says what must be supplied, and is the same each time', async (t) => {
  const given = await configured(t, KEYS);
  await signet(['apply', '--yes'], given);
  const first = await signet(['export'], given);
  assert.equal(first.code, 0);
  for (const hidden of [SECRET, JOB.client_secret, ALICE.password, '$argon2', 'password'])
    assert.ok(!first.stdout.includes(hidden), hidden);
  assert.match(first.stderr, /^ {2}secrets\/client-web-app$/m);
  assert.match(first.stderr, /2 users had a password/);
  assert.equal(first.stdout, await exported(given));
  const { clients, users, groups } = parse(first.stdout) as {
    clients: { client_id: string }[];
    users: { username: string; groups?: string[] }[];
    groups: { name: string }[];
  };
  assert.deepEqual(
    clients.map(({ client_id }) => client_id),
    ['job', 'spa', 'web-app'],
  );
  assert.deepEqual(
    users.map(({ username, groups: held }) => [username, held]),
    [
      ['alice', undefined],
      ['bob', ['board', 'staff']],
    ],
  );
  assert.deepEqual(groups, [
    { name: 'board' },
    { name: 'staff', display_name: 'Staff', description: 'All who work here' },
  ]);
});

test('secrets go to a new file that only this user can read, and to no other place', async (t) => {
  const given = await configured(t, KEYS);
  await signet(['apply', '--yes'], given);
  const refused = await signet(['export', '--with-secrets'], given);
  assert.deepEqual([refused.code, refused.stdout], [2, '']);
  const args = ['export', '--with-secrets', '--to', 'copy.yaml'];
  assert.equal((await signet(args, given)).stdout, '');
  const path = join(given.cwd, 'copy.yaml');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const text = readFileSync(path, 'utf8');
  assert.match(text, /password_hash: \$argon2id\$/);
  // It is kept sealed, because signatures are checked with it; the others are known by a digest alone.
  assert.ok(text.includes(JOB.client_secret));
  assert.ok(!text.includes(SECRET));
  const hash = hashOf(path);
  const again = await signet(args, given);
  assert.equal(again.code, 4);
  assert.match(again.stderr, /There is a file copy\.yaml already/);
  assert.equal(hashOf(path), hash);
});

test('an export describes each tenant by its name, and the clients of a profile only where they were changed', async (t) => {
  const given = await configured(t);
  const tenants = [
    { name: 'files', issuer: 'https://files.example', profile: 'ocis' },
    { name: 'plain', issuer: 'https://plain.example', clients: [SPA] },
  ];
  writeFileSync(join(given.cwd, 'signet.yaml'), stringify({ tenants }));
  await signet(['apply', '--yes'], given);
  const { tenants: all } = parse(await exported(given)) as {
    tenants: { name: string; profile: string; clients: unknown[] }[];
  };
  assert.deepEqual(
    all.map(({ name, profile, clients }) => [name, profile, clients.length]),
    [
      ['files', 'ocis', 0],
      ['plain', 'standard', 1],
    ],
  );
});
