import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { showConfig } from '../../src/config/show.ts';
import type { Given } from './loading.ts';
import { configOf } from './loading.ts';

const shown = (given: Given): string => showConfig(configOf(given));

const FULL: Given = {
  yaml: `issuer: https://id.example.com
listen: { port: 9000 }
lifetimes: { access_token: 300 }
master_secret_file: master
clients:
  - client_id: a
    client_secret: hidden-client-secret
    grant_types: [ client_credentials ]
users:
  - username: alice
    password: hidden-password
    claims: { name: Alice }
  - { username: bob, password_hash: "$2b$12$${'h'.repeat(53)}" }
`,
  environment: {
    SIGNET_LOG_LEVEL: 'debug',
    DATABASE_URL: 'postgres://signet:hidden-word@db/signet?sslpassword=hidden-too',
  },
  files: { '/etc/signet/master': 'hidden-master-secret-hidden-master-secret' },
};

test('each value says whether file, environment or default gave it', () => {
  const lines = shown(FULL).split('\n');
  for (const line of [
    'issuer: https://id.example.com # /etc/signet/signet.yaml:1:1',
    'profile: standard # default',
    '  host: 127.0.0.1 # default',
    '  port: 9000 # /etc/signet/signet.yaml:2:11',
    '  level: debug # SIGNET_LOG_LEVEL',
    '  access_token: 5m # /etc/signet/signet.yaml:3:14',
    'master_secret: (secret) # /etc/signet/signet.yaml:4:1',
    'database: postgres://signet:(secret)@db/signet?sslpassword=(secret) # DATABASE_URL',
    '  # /etc/signet/signet.yaml:6:5',
  ]) {
    assert.ok(lines.includes(line), `${line}\n---\n${lines.join('\n')}`);
  }
});

test('no secret is shown', () => {
  const text = shown(FULL);
  assert.doesNotMatch(text, /hidden|hhhh/);
  assert.equal(text.match(/\(secret\)/g)?.length, 6);
});

test('what is shown is YAML with the effective values', () => {
  const value: unknown = parse(shown({ yaml: 'issuer: http://localhost:9000' }));
  assert.deepEqual(value, {
    issuer: 'http://localhost:9000',
    profile: 'standard',
    display_name: 'Signet',
    scopes: [],
    resources: [],
    dynamic_registration: 'off',
    registration: {
      allowed_hosts: [],
      grant_types: ['authorization_code', 'implicit', 'refresh_token'],
      software_statement: { issuers: [], required: false },
    },
    clients: [],
    users: [],
    trusted_proxies: [],
    log: { level: 'info', format: 'json', requests: 'errors' },
    management: { host: '127.0.0.1' },
    shutdown: { delay: 3, patience: 10 },
    overload: { most_in_flight: 1000, longest_turn_ms: 100 },
    outbound: { allow_hosts: [] },
    allow_insecure_issuer: false,
    listen: { host: '127.0.0.1', port: 9000 },
    database: 'sqlite:/etc/signet/data/signet.db',
  });
});

test('several providers are shown as a list, each value with its origin', () => {
  const text = shown({
    yaml: `tenants:
  - name: a
    issuer: https://a.example.com
    users: [ { username: alice, password: hidden } ]
  - { name: b, issuer: https://b.example.com }
`,
  });
  assert.match(text, /^ {4}issuer: https:\/\/a\.example\.com # \/etc\/signet\/signet\.yaml:3:5$/m);
  assert.match(text, /^ {6}# \/etc\/signet\/signet\.yaml:4:14\n {6}- username: alice$/m);
  assert.match(text, /^ {2}- name: b # \/etc\/signet\/signet\.yaml:5:7$/m);
  assert.doesNotMatch(text, /hidden/);
});

test('what is shown of one provider can be loaded again', () => {
  const yaml = `issuer: https://id.example.com
lifetimes: { access_token: 5m, refresh_token_grace: 0 }
clients: [ { client_id: a, client_secret: "(secret)", redirect_uris: [ "https://a/", "https://b/" ] } ]
users: [ { username: alice, password: "(secret)", claims: { address: { country: PT }, groups: [ x ] } } ]
`;
  // All but where each value stands.
  const values = (text: string) => {
    const { origins: _, tenants, ...server } = configOf({ yaml: text });
    return { ...server, tenants: tenants.map((tenant) => ({ ...tenant, origins: {} })) };
  };
  assert.deepEqual(values(shown({ yaml })), values(yaml));
});
