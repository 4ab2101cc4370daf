import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { formatFaults } from '../../src/config/fault.ts';
import { configOf, faultsOf, load, warningsOf } from './loading.ts';

/** The file as the README shows it. */
const SAMPLE = `issuer: http://localhost:8080        # one tenant; or \`tenants:\` — a list of the same keys, each with a \`name\`
profile: standard                    # standard | cells | ocis | userclouds
listen: { host: 127.0.0.1, port: 8080 }
tls: { cert_file: ./cert.pem, key_file: ./key.pem }   # optional: own TLS
database: sqlite:./data/signet.db    # or postgres://user:password@host/db
clients:                             # RFC 7591 / OIDC registration names; applied at every start (create or update)
  - client_id: web-app
    client_secret: correct-horse-battery-staple
    client_name: Web App
    redirect_uris: [ "http://127.0.0.1:9000/cb" ]
    post_logout_redirect_uris: [ "http://127.0.0.1:9000/" ]
    grant_types: [ authorization_code, refresh_token, implicit, client_credentials ]
    response_types: [ code, id_token, token, "id_token token", "code id_token", "code token", "code id_token token" ]
    token_endpoint_auth_method: client_secret_basic
    scope: openid profile email address phone offline_access
    require_pkce: false
    consent: remember                # remember | always | skip
users:
  - username: alice
    password: wonderland             # or password_hash: (PHC string)
    claims: { name: Alice Example, email: alice@example.com, email_verified: true }
`;

const PEM_FILES = {
  '/etc/signet/cert.pem': '-----BEGIN CERTIFICATE-----',
  '/etc/signet/key.pem': '-----BEGIN PRIVATE KEY-----',
};

test('the sample file loads, every value in its place', () => {
  const config = configOf({ yaml: SAMPLE, files: PEM_FILES });
  assert.deepEqual(config.listen, { host: '127.0.0.1', port: 8080 });
  assert.deepEqual(config.tls, { cert_file: '/etc/signet/cert.pem', key_file: '/etc/signet/key.pem' });
  assert.equal(config.database, 'sqlite:/etc/signet/data/signet.db');
  const [tenant] = config.tenants;
  assert.deepEqual(tenant, {
    name: 'default',
    issuer: 'http://localhost:8080',
    profile: 'standard',
    display_name: 'Signet',
    sites: [],
    insecure_redirect_uris: [],
    dynamic_registration: 'off',
    registration: {
      allowed_hosts: [],
      grant_types: ['authorization_code', 'implicit', 'refresh_token'],
      software_statement: { issuers: [], required: false },
    },
    settings: { lifetimes: {} },
    origins: { issuer: '/etc/signet/signet.yaml', profile: '/etc/signet/signet.yaml' },
    scopes: [],
    resources: [],
    clients: [
      {
        client_secret: 'correct-horse-battery-staple',
        metadata: {
          client_id: 'web-app',
          client_name: 'Web App',
          application_type: 'web',
          redirect_uris: ['http://127.0.0.1:9000/cb'],
          post_logout_redirect_uris: ['http://127.0.0.1:9000/'],
          grant_types: ['authorization_code', 'refresh_token', 'implicit', 'client_credentials'],
          response_types: [
            'code',
            'id_token',
            'token',
            'id_token token',
            'code id_token',
            'code token',
            'code id_token token',
          ],
          token_endpoint_auth_method: 'client_secret_basic',
          subject_type: 'public',
          scope: 'openid profile email address phone offline_access',
          require_pkce: false,
          consent: 'remember',
        },
      },
    ],
    users: [
      {
        username: 'alice',
        password: 'wonderland',
        claims: { name: 'Alice Example', email: 'alice@example.com', email_verified: true },
        role: 'user',
      },
    ],
    groups: [],
  });
});

test('the sample file loads without its certificate, and says that the server cannot start', () => {
  const warnings = warningsOf({ yaml: SAMPLE });
  assert.ok(
    warnings.includes(
      'tls.key_file names a file that is not there: /etc/signet/key.pem. The server cannot start with it.',
    ),
  );
});

test('without file and environment the provider is at port 8080 of this machine', () => {
  const config = configOf({});
  assert.equal(config.tenants[0]?.issuer, 'http://localhost:8080');
  assert.deepEqual(config.listen, { host: '127.0.0.1', port: 8080 });
  assert.equal(config.database, `sqlite:${resolve('data/signet.db')}`);
  assert.deepEqual(config.log, { level: 'info', format: 'json', requests: 'errors' });
  assert.deepEqual(config.outbound, { allow_hosts: [] });
  assert.equal(config.master_secret, undefined);
});

test('without a file the issuer follows the port that is given', () => {
  assert.equal(configOf({ environment: { PORT: '9123' } }).tenants[0]?.issuer, 'http://localhost:9123');
  assert.equal(configOf({ environment: { PORT: '80' } }).tenants[0]?.issuer, 'http://localhost');
});

test('a port that the system chooses needs an issuer', () => {
  assert.match(String(faultsOf({ environment: { PORT: '0' } })), /SIGNET_ISSUER issuer is missing/);
});

test('the server listens where an issuer on this machine says, unless told otherwise', () => {
  assert.deepEqual(configOf({ yaml: 'issuer: http://127.0.0.1:9000' }).listen, {
    host: '127.0.0.1',
    port: 9000,
  });
  assert.deepEqual(configOf({ yaml: 'issuer: "http://[::1]:9000"' }).listen, { host: '::1', port: 9000 });
  assert.deepEqual(configOf({ yaml: 'issuer: http://localhost' }).listen, { host: '127.0.0.1', port: 80 });
  const given = configOf({ yaml: 'issuer: http://localhost:9000\nlisten: { host: 0.0.0.0, port: 8000 }' });
  assert.deepEqual(given.listen, { host: '0.0.0.0', port: 8000 });
  assert.deepEqual(configOf({ yaml: 'issuer: https://id.example.com' }).listen, {
    host: '127.0.0.1',
    port: 8080,
  });
});

test('settings of the provider stand beside its profile, durations in seconds', () => {
  const [tenant] = configOf({
    yaml: `issuer: https://id.example.com/oidc
profile: cells
display_name: Example
lifetimes: { access_token: 5m, refresh_token: 30d, refresh_token_grace: 0, session: 3600 }
signing_algorithm: EdDSA
access_token_format: opaque
require_pkce: false
refresh_token_rotation: none
scopes: [ { scope: orders, description: See your orders, claims: [ customer ] } ]
resources: [ { resource: "https://api.example.com", name: Orders, scope: "orders orders" } ]
`,
  }).tenants;
  assert.deepEqual(tenant?.settings, {
    lifetimes: { access_token: 300, refresh_token: 2_592_000, refresh_token_grace: 0, session: 3600 },
    signing_algorithm: 'EdDSA',
    access_token_format: 'opaque',
    require_pkce: false,
    refresh_token_rotation: 'none',
  });
  assert.deepEqual(tenant?.scopes, [
    { scope: 'orders', description: 'See your orders', claims: ['customer'] },
  ]);
  assert.deepEqual(tenant?.resources, [
    { resource: 'https://api.example.com', name: 'Orders', scope: 'orders' },
  ]);
});

test('a client without consent has that of the provider, else that of its profile', () => {
  const client = 'clients: [ { client_id: a, client_secret: b, grant_types: [ client_credentials ] } ]';
  const consentOf = (lines: string) =>
    configOf({ yaml: `issuer: http://localhost:8080\n${client}\n${lines}` }).tenants[0]?.clients[0]?.metadata
      .consent;
  assert.equal(consentOf(''), 'remember');
  assert.equal(consentOf('profile: cells'), 'skip');
  assert.equal(consentOf('profile: cells\nconsent: always'), 'always');
});

test('several providers each have their own clients and users', () => {
  const { tenants, listen } = configOf({
    yaml: `tenants:
  - name: staff
    issuer: https://id.example.com/staff
    clients: [ { client_id: app, client_secret: b, grant_types: [ client_credentials ] } ]
    users: [ { username: alice, password: wonderland } ]
  - name: customers
    issuer: https://id.example.com/customers
    clients: [ { client_id: app, client_secret: b, grant_types: [ client_credentials ] } ]
    users: [ { username: Alice, password: wonderland } ]
`,
  });
  assert.deepEqual(
    tenants.map(({ name, issuer }) => [name, issuer]),
    [
      ['staff', 'https://id.example.com/staff'],
      ['customers', 'https://id.example.com/customers'],
    ],
  );
  assert.equal(tenants[1]?.users[0]?.username, 'alice');
  assert.equal(listen.port, 8080);
});

test('secrets stand in files of their own, found beside the configuration file', () => {
  const config = configOf({
    yaml: `issuer: http://localhost:8080
master_secret_file: master
database_file: /run/secrets/database
clients: [ { client_id: a, client_secret_file: keys/a, grant_types: [ client_credentials ] } ]
users: [ { username: b, password_file: ./b } ]
`,
    files: {
      '/etc/signet/master': '0123456789abcdef0123456789abcdef\n',
      '/run/secrets/database': 'postgres://signet:secret@db/signet\r\n',
      '/etc/signet/keys/a': 'client-secret',
      '/etc/signet/b': ' pass word \n',
    },
  });
  assert.equal(config.master_secret, '0123456789abcdef0123456789abcdef');
  assert.equal(config.database, 'postgres://signet:secret@db/signet');
  assert.equal(config.tenants[0]?.clients[0]?.client_secret, 'client-secret');
  assert.equal(config.tenants[0]?.users[0]?.password, ' pass word ');
});

test('secrets of clients and users stand in variables of the environment', () => {
  const [tenant] = configOf({
    yaml: `issuer: http://localhost:8080
clients: [ { client_id: a, client_secret_env: SHOP_SECRET, grant_types: [ client_credentials ] } ]
users: [ { username: b, password_env: B_PASSWORD } ]
`,
    environment: { SHOP_SECRET: 'client-secret', B_PASSWORD: ' pass word ' },
  }).tenants;
  assert.equal(tenant?.clients[0]?.client_secret, 'client-secret');
  assert.equal(tenant?.users[0]?.password, ' pass word ');
});

test('a list with nothing in it may be left empty', () => {
  const [tenant] = configOf({
    yaml: 'issuer: http://localhost:8080\nclients:\nusers:\nscopes:\ntrusted_proxies:\n',
  }).tenants;
  assert.deepEqual([tenant?.clients, tenant?.users, tenant?.scopes], [[], [], []]);
});

test('JSON is read as the YAML it is', () => {
  assert.equal(
    configOf({ yaml: '{"issuer": "http://localhost:8080", "listen": {"port": 9000}}' }).listen.port,
    9000,
  );
});

test('anchors repeat a value', () => {
  const config = configOf({
    yaml: `issuer: http://localhost:8080
clients:
  - { client_id: a, client_secret: s, redirect_uris: &uris [ "http://127.0.0.1/cb" ] }
  - { client_id: b, client_secret: s, redirect_uris: *uris }
`,
  });
  assert.deepEqual(config.tenants[0]?.clients[1]?.metadata.redirect_uris, ['http://127.0.0.1/cb']);
});

const DATABASES = [
  ['sqlite:./data/signet.db', 'sqlite:/etc/signet/data/signet.db'],
  ['sqlite:/var/lib/signet.db', 'sqlite:/var/lib/signet.db'],
  ['sqlite:///var/lib/signet.db', 'sqlite:/var/lib/signet.db'],
  ['"sqlite::memory:"', 'sqlite::memory:'],
  ['postgres://u:p@h/d', 'postgres://u:p@h/d'],
  ['postgresql://u:p@h/d', 'postgresql://u:p@h/d'],
] as const;
for (const [written, meant] of DATABASES) {
  test(`database ${written} means ${meant}`, () => {
    assert.equal(configOf({ yaml: `issuer: http://localhost:8080\ndatabase: ${written}` }).database, meant);
  });
}

const WARNINGS = [
  [
    'issuer: http://id.example.com\nallow_insecure_issuer: true',
    /^http:\/\/id\.example\.com is plain http: passwords and tokens can be read/,
  ],
  [
    'issuer: http://localhost:9000\nlisten: { port: 8000 }',
    /names port 9000, but the server listens on port 8000/,
  ],
  [
    'issuer: http://localhost:8080\nlifetimes: { authorization_code: 1h }',
    /authorization_code is 3600 seconds; RFC 6749 §4\.1\.2/,
  ],
  [
    'issuer: http://localhost:8080\nclients: [ { client_id: a, token_endpoint_auth_method: none, redirect_uris: [ "http://127.0.0.1/" ], require_pkce: false } ]',
    /^Client a is public and has require_pkce: false/,
  ],
  [
    'issuer: http://localhost:8080\nclients: [ { client_id: a, client_secret: swordfish, grant_types: [ client_credentials ] } ]',
    /^Client a has a client_secret of fewer than 22 characters/,
  ],
] as const;
for (const [yaml, warning] of WARNINGS) {
  test(`a warning says ${warning.source}`, () => {
    const warnings = warningsOf({ yaml });
    assert.equal(warnings.length, 1);
    assert.match(warnings.join(), warning);
  });
}

test('an ordinary configuration has no warning', () => {
  assert.deepEqual(warningsOf({ yaml: 'issuer: https://id.example.com' }), []);
});

test('faults are printed one a line in the order of the file, variables last', () => {
  const loaded = load({
    yaml: 'log: { level: inof }\nisuer: https://id.example.com\nissuer: http://localhost:8080\n',
    environment: { SIGNET_LISTEN_PROT: '1' },
  });
  assert.ok('faults' in loaded);
  assert.equal(
    formatFaults(loaded.faults),
    `The configuration has 3 faults:

  /etc/signet/signet.yaml:1:8  log.level must be one of trace, debug, info, warn, error, silent; did you mean "info"?
  /etc/signet/signet.yaml:2:1  isuer is not a known key; did you mean "issuer"?
  SIGNET_LISTEN_PROT           is not a variable that Signet knows; did you mean SIGNET_LISTEN_PORT?
`,
  );
});

test('a fault carries the nearest key by itself', () => {
  const loaded = load({ yaml: 'issuer: http://localhost:8080\nlisten: { prot: 1 }' });
  assert.deepEqual('faults' in loaded && loaded.faults, [
    {
      where: '/etc/signet/signet.yaml:2:11',
      key: 'listen.prot',
      message: 'is not a known key; did you mean "port"?',
      nearest: 'port',
    },
  ]);
});

test('a terminal cannot be moved by the keys of a file', () => {
  const loaded = load({ yaml: 'issuer: http://localhost:8080\n"a\\e[2Jb": 1' });
  assert.ok('faults' in loaded);
  assert.match(formatFaults(loaded.faults), /a\\u001b\[2Jb is not a known key/);
});
