import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SETTINGS } from '../../src/config/source-environment.ts';
import { configOf, faultsOf, load, warningsOf } from './loading.ts';

const FILE =
  'issuer: https://id.example.com\nlisten: { host: 127.0.0.1, port: 8000 }\nlog: { level: warn }\n';

test('a SIGNET_ variable is stronger than the file, key by key', () => {
  const config = configOf({
    yaml: FILE,
    environment: { SIGNET_LISTEN_PORT: '9000', SIGNET_LOG_FORMAT: 'text' },
  });
  assert.deepEqual(config.listen, { host: '127.0.0.1', port: 9000 });
  assert.deepEqual(config.log, { level: 'warn', format: 'text', requests: 'errors' });
});

test('every kind of value can be given by a variable', () => {
  const config = configOf({
    environment: {
      SIGNET_ISSUER: 'https://id.example.com',
      SIGNET_PROFILE: 'cells',
      SIGNET_REQUIRE_PKCE: 'false',
      SIGNET_LIFETIMES_ACCESS_TOKEN: '5m',
      SIGNET_LIFETIMES_ID_TOKEN: '90',
      SIGNET_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      SIGNET_OUTBOUND_ALLOW_HOSTS: '[Keys.example.com]',
      SIGNET_CLIENTS: '[{"client_id": "a", "client_secret": "b", "grant_types": ["client_credentials"]}]',
      SIGNET_USERS: '- username: alice\n  password: wonderland\n',
      SIGNET_TLS_CERT_FILE: '/tls/cert.pem',
      SIGNET_TLS_KEY_FILE: '/tls/key.pem',
      SIGNET_MASTER_SECRET_FILE: '/run/secrets/master',
    },
    files: { '/run/secrets/master': '0123456789abcdef0123456789abcdef\n' },
  });
  const [tenant] = config.tenants;
  assert.equal(tenant?.issuer, 'https://id.example.com');
  assert.deepEqual(tenant.settings, { lifetimes: { access_token: 300, id_token: 90 }, require_pkce: false });
  assert.equal(tenant.clients[0]?.metadata.client_id, 'a');
  assert.equal(tenant.users[0]?.username, 'alice');
  assert.deepEqual(config.trusted_proxies, ['10.0.0.0/8', '::1']);
  assert.deepEqual(config.outbound.allow_hosts, ['keys.example.com']);
  assert.equal(config.tls?.key_file, '/tls/key.pem');
  assert.equal(config.master_secret, '0123456789abcdef0123456789abcdef');
});

test('several providers can be given by a variable', () => {
  const { tenants } = configOf({ environment: { SIGNET_TENANTS: '[ { name: a, issuer: "https://a" } ]' } });
  assert.deepEqual(
    tenants.map(({ name }) => name),
    ['a'],
  );
});

test('names that platforms give are weaker than SIGNET_ and stronger than the file, which is told', () => {
  const environment = {
    PORT: '9000',
    HOST: '0.0.0.0',
    DATABASE_URL: 'postgres://u:p@h/d',
    LOG_LEVEL: 'error',
  };
  const config = configOf({ yaml: FILE, environment });
  assert.deepEqual(config.listen, { host: '0.0.0.0', port: 9000 });
  assert.equal(config.database, 'postgres://u:p@h/d');
  assert.equal(config.log.level, 'error');
  assert.equal(
    configOf({ yaml: FILE, environment: { ...environment, SIGNET_LISTEN_PORT: '7000' } }).listen.port,
    7000,
  );
  assert.deepEqual(
    warningsOf({ yaml: FILE, environment: { PORT: '9000', DATABASE_URL: 'postgres://u:p@h/d' } }),
    ['The environment variable PORT takes the place of listen.port in the file.'],
  );
});

test('SIGNET_DATABASE_FILE is stronger than DATABASE_URL', () => {
  const config = configOf({
    environment: { DATABASE_URL: 'postgres://weak@h/d', SIGNET_DATABASE_FILE: '/run/db' },
    files: { '/run/db': 'postgres://strong@h/d' },
  });
  assert.equal(config.database, 'postgres://strong@h/d');
});

test('a secret in a variable takes the place of the file that the configuration names, and the other way about', () => {
  const secret = '0123456789abcdef0123456789abcdef';
  const named = `${FILE}master_secret_file: nowhere\n`;
  assert.equal(
    configOf({ yaml: named, environment: { SIGNET_MASTER_SECRET: secret } }).master_secret,
    secret,
  );
  const written = `${FILE}master_secret: "${'x'.repeat(32)}"\n`;
  const environment = { SIGNET_MASTER_SECRET_FILE: '/run/master' };
  assert.equal(
    configOf({ yaml: written, environment, files: { '/run/master': secret } }).master_secret,
    secret,
  );
});

test('an empty variable counts as not set', () => {
  assert.equal(configOf({ yaml: FILE, environment: { SIGNET_LISTEN_PORT: '', PORT: '' } }).listen.port, 8000);
});

test('names that are not settings of the provider are left alone', () => {
  assert.deepEqual(
    faultsOf({ environment: { SIGNET_CONFIG: 'x', SIGNET_TEST_BROWSER: '1', PATH: '/bin', HOME: '/' } }),
    [],
  );
});

const REFUSALS: readonly (readonly [environment: Record<string, string>, fault: string])[] = [
  [
    { SIGNET_LISTEN_PROT: '1' },
    'SIGNET_LISTEN_PROT is not a variable that Signet knows; did you mean SIGNET_LISTEN_PORT?',
  ],
  [{ SIGNET_XYZ: '1' }, 'SIGNET_XYZ is not a variable that Signet knows'],
  [{ SIGNET_LISTEN_PORT: '1e3' }, 'SIGNET_LISTEN_PORT listen.port must be a whole number'],
  [{ PORT: 'http' }, 'PORT listen.port must be a whole number'],
  [{ SIGNET_REQUIRE_PKCE: '1' }, 'SIGNET_REQUIRE_PKCE require_pkce must be true or false'],
  [
    { SIGNET_LOG_LEVEL: 'loud' },
    'SIGNET_LOG_LEVEL log.level must be one of trace, debug, info, warn, error, silent',
  ],
  [{ SIGNET_CLIENTS: 'web-app' }, 'SIGNET_CLIENTS clients must be a list'],
  [
    { SIGNET_CLIENTS: '[ {' },
    'SIGNET_CLIENTS is not YAML as it is read here: Flow map in block collection must be sufficiently indented and end with a }',
  ],
  [
    { SIGNET_CLIENTS: '[ { client_id: 5 } ]' },
    'SIGNET_CLIENTS clients[0].client_id must be a text: put it in quotes',
  ],
  [
    { SIGNET_TRUSTED_PROXIES: 'all' },
    'SIGNET_TRUSTED_PROXIES trusted_proxies[0] is neither an IP address nor a network such as 10.0.0.0/8',
  ],
  [
    { SIGNET_MASTER_SECRET_FILE: '/nowhere' },
    'SIGNET_MASTER_SECRET_FILE master_secret_file names a file that is not there: /nowhere',
  ],
  [
    { SIGNET_MASTER_SECRET: 'x'.repeat(32), SIGNET_MASTER_SECRET_FILE: '/run/short' },
    'SIGNET_MASTER_SECRET_FILE master_secret_file is given beside master_secret: only one of the two may be',
  ],
  [
    { SIGNET_MASTER_SECRET_FILE: '/run/short' },
    'SIGNET_MASTER_SECRET_FILE master_secret is shorter than 32 bytes: make one with openssl rand -base64 32',
  ],
  [{ SIGNET_TLS_CERT_FILE: '/tls/cert.pem' }, 'SIGNET_TLS_KEY_FILE tls.key_file is missing'],
];

for (const [environment, fault] of REFUSALS) {
  test(`refused: ${Object.keys(environment).join(' and ')}, ${fault}`, () => {
    const faults = faultsOf({ environment, files: { '/run/short': 'short' } });
    assert.ok(faults.includes(fault), faults.join('\n'));
  });
}

test('a key of one provider in a variable is refused beside tenants', () => {
  const faults = faultsOf({
    yaml: 'tenants: [ { name: a, issuer: https://a } ]',
    environment: { SIGNET_ISSUER: 'https://b' },
  });
  assert.deepEqual(faults, [
    'SIGNET_ISSUER issuer belongs into the entries of tenants, since there are tenants',
  ]);
});

test('faults of the environment are told beside those of a file that is no YAML', () => {
  const loaded = load({ yaml: 'a: b: c', environment: { SIGNET_XYZ: '1' } });
  assert.deepEqual('faults' in loaded && loaded.faults.map(({ where }) => where), [
    '/etc/signet/signet.yaml:1:4',
    'SIGNET_XYZ',
  ]);
});

test('each setting has one variable of its own', () => {
  const names = SETTINGS.map(({ variable }) => variable);
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.includes('SIGNET_LIFETIMES_REFRESH_TOKEN_ABSOLUTE'));
});
