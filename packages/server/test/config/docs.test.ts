import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import * as z from 'zod';
import { configurationJsonSchema, configurationMarkdown } from '../../src/config/docs.ts';
import { EXAMPLE } from '../../src/config/example.ts';
import { SETTINGS } from '../../src/config/source-environment.ts';
import { configOf } from './loading.ts';

const SECRETS = ['master-secret', 'web-app-secret', 'nightly-job-secret', 'alice-password'];

/** The JSON Schema as a reader of another make understands it. */
function accepts(value: unknown): boolean {
  const schema: Parameters<typeof z.fromJSONSchema>[0] = JSON.parse(
    JSON.stringify(configurationJsonSchema()),
  );
  return z.fromJSONSchema(schema).safeParse(value).success;
}

test('the example of the documents loads', () => {
  const files = Object.fromEntries(
    SECRETS.map((name) => [`/etc/signet/${name}`, `${name.padEnd(32, 'x')}\n`]),
  );
  const [tenant] = configOf({ yaml: EXAMPLE, files }).tenants;
  assert.deepEqual(
    tenant?.clients.map(({ metadata }) => [metadata.client_id, metadata.application_type]),
    [
      ['web-app', 'web'],
      ['browser-app', 'web'],
      ['phone-app', 'native'],
      ['nightly-job', 'web'],
    ],
  );
});

test('the reference has a row for every setting, its variable and its meaning', () => {
  const rows = configurationMarkdown().split('\n');
  for (const { path, variable } of SETTINGS.filter(({ path: [first = ''] }) => !LISTS.includes(first))) {
    const row = rows.find((line) => line.startsWith(`| \`${path.join('.')}\` |`)) ?? '';
    assert.ok(row.includes(`\`${variable}\``), path.join('.'));
  }
  const cells = rows
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
  assert.ok(cells.length > 75);
  for (const row of cells) {
    assert.ok([6, 7].includes(row.length), row.join('|'));
    assert.notEqual(row.at(-2), '', `${row[1]} has no meaning`);
  }
});

const LISTS = ['clients', 'users', 'scopes', 'resources', 'tenants', 'groups'];

test('the JSON Schema describes every property of the file', () => {
  const undescribed: string[] = [];
  const walk = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, member] of Object.entries(node)) {
      if (
        path.endsWith('.properties') &&
        !path.includes('.claims.') &&
        !Object.hasOwn(Object(member), 'description')
      ) {
        undescribed.push(`${path}.${key}`);
      }
      walk(member, `${path}.${key}`);
    }
  };
  walk(configurationJsonSchema(), '');
  assert.deepEqual(undescribed, []);
});

test('the JSON Schema accepts what loads and refuses what is misspelt', () => {
  assert.equal(accepts(parse(EXAMPLE)), true);
  const sample = {
    issuer: 'http://localhost:8080',
    listen: { host: '127.0.0.1', port: 8080 },
    clients: [{ client_id: 'a', response_types: ['code', 'token id_token'], access_token_lifetime: '5m' }],
    users: [{ username: 'alice', password: 'wonderland', claims: { email_verified: true, team: 'x' } }],
  };
  assert.equal(accepts(sample), true);
  assert.equal(accepts({ ...sample, isuer: 'x' }), false);
  assert.equal(accepts({ ...sample, listen: { port: '8080' } }), false);
  assert.equal(accepts({ ...sample, clients: [{ client_id: 'a', consent: 'ask' }] }), false);
  assert.equal(accepts({ tenants: [{ name: 'a', issuer: 'https://a' }] }), true);
  assert.equal(accepts({ tenants: [{ issuer: 'https://a' }] }), false);
});

test('the notes of the table do not reach the JSON Schema', () => {
  assert.doesNotMatch(JSON.stringify(configurationJsonSchema()), /"(usual|kind)":/);
});
