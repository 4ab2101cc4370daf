import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf } from './loading.ts';

const ISSUER = 'issuer: http://localhost:8080\n';
const TENANTS = (first: string, second: string): string =>
  `tenants:\n  - { name: a, issuer: "${first}" }\n  - { name: b, issuer: "${second}" }\n`;

/** A sound file but for one thing, and the one fault that is told of it. */
const REFUSALS: readonly (readonly [yaml: string, fault: string])[] = [
  [
    'profile: standard',
    '1:1 issuer is missing: the public address of the provider, such as https://id.example.com',
  ],
  ['issuer:', '1:1 issuer is empty: give it a value or remove it'],
  ['issuer: id.example.com', '1:1 issuer must be an https:// address such as https://id.example.com'],
  ['issuer: ftp://id.example.com', '1:1 issuer must be an https:// address such as https://id.example.com'],
  ['issuer: https://id.example.com/', '1:1 issuer ends with a slash: write it as https://id.example.com'],
  [
    'issuer: https://id.example.com/oidc/',
    '1:1 issuer ends with a slash: write it as https://id.example.com/oidc',
  ],
  ['issuer: https://ID.example.com', '1:1 issuer must be written as it is compared: https://id.example.com'],
  [
    'issuer: https://id.example.com:443',
    '1:1 issuer must be written as it is compared: https://id.example.com',
  ],
  [
    'issuer: https://id.example.com/a/../b',
    '1:1 issuer must be written as it is compared: https://id.example.com/b',
  ],
  [
    'issuer: https://id.example.com?x=1',
    '1:1 issuer has a query or fragment, which an issuer cannot have (OIDC Discovery §3)',
  ],
  [
    'issuer: "https://id.example.com#x"',
    '1:1 issuer has a query or fragment, which an issuer cannot have (OIDC Discovery §3)',
  ],
  ['issuer: https://me@id.example.com', '1:1 issuer carries a user name or password'],
  [
    'issuer: https://id.example.com/a//b',
    '1:1 issuer has a path of other than letters, digits, dots, hyphens, underscores and tildes',
  ],
  [
    'issuer: https://id.example.com/.well-known/x',
    '1:1 issuer has a path under /.well-known, which is kept for discovery (RFC 8615)',
  ],
  [
    'issuer: http://id.example.com',
    '1:1 issuer must begin with https://: plain http is only for this machine (allow_insecure_issuer: true overrides this)',
  ],
  [
    'issuer: http://localhost.example.com',
    '1:1 issuer must begin with https://: plain http is only for this machine (allow_insecure_issuer: true overrides this)',
  ],
  [`${ISSUER}profile: cell`, '2:1 profile must be one of standard, cells, below; did you mean "cells"?'],
  [`${ISSUER}redirect: 1`, '2:1 redirect is not a known key'],
  [`${ISSUER}Lifetime: { }`, '2:1 Lifetime is not a known key; did you mean "lifetimes"?'],
  [`${ISSUER}listen: 8080`, '2:1 listen must be a group of keys with values'],
  [`${ISSUER}listen: { port: http }`, '2:11 listen.port must be a whole number'],
  [`${ISSUER}listen: { port: 80.5 }`, '2:11 listen.port must be a whole number'],
  [`${ISSUER}listen: { port: 70000 }`, '2:11 listen.port must be at most 65535'],
  [`${ISSUER}listen: { port: -1 }`, '2:11 listen.port must be at least 0'],
  [
    `${ISSUER}listen: { host: "http://x" }`,
    '2:11 listen.host must be a host name or an IP address, without scheme, port or path',
  ],
  [`${ISSUER}listen: { host: "" }`, '2:11 listen.host must not be empty'],
  [`${ISSUER}tls: { cert_file: a.pem }`, '2:1 tls.key_file is missing'],
  [
    `${ISSUER}database: mysql://u:secret@h/d`,
    '2:1 database must be sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME',
  ],
  [`${ISSUER}database: "postgres://u:secret@h:port/d"`, '2:1 database is not a valid postgres:// address'],
  [
    `${ISSUER}database: "sqlite://data/signet.db"`,
    '2:1 database must be written sqlite:./data/signet.db or sqlite:/var/lib/signet/signet.db',
  ],
  [
    `${ISSUER}master_secret: too short`,
    '2:1 master_secret is shorter than 32 bytes: make one with openssl rand -base64 32',
  ],
  [
    `${ISSUER}master_secret: 12345678901234567890123456789012`,
    '2:1 master_secret must be a text: put it in quotes',
  ],
  [
    `${ISSUER}master_secret_file: nowhere`,
    '2:1 master_secret_file names a file that is not there: /etc/signet/nowhere',
  ],
  [`${ISSUER}master_secret_file: empty`, '2:1 master_secret_file names an empty file'],
  [
    `${ISSUER}master_secret_file: short`,
    '2:1 master_secret is shorter than 32 bytes: make one with openssl rand -base64 32',
  ],
  [`${ISSUER}master_secret_file: 5`, '2:1 master_secret_file must be the path of a file'],
  [
    `${ISSUER}master_secret: "0123456789abcdef0123456789abcdef"\nmaster_secret_file: short`,
    '3:1 master_secret_file is given beside master_secret: only one of the two may be',
  ],
  [`${ISSUER}trusted_proxies: 10.0.0.1`, '2:1 trusted_proxies must be a list'],
  [
    `${ISSUER}trusted_proxies: [ 10.0.0.0/8, 10.0.0.0/33 ]`,
    '2:32 trusted_proxies[1] is neither an IP address nor a network such as 10.0.0.0/8',
  ],
  [`${ISSUER}log: { level: loud }`, '2:8 log.level must be one of trace, debug, info, warn, error, silent'],
  [`${ISSUER}log: { colour: true }`, '2:8 log.colour is not a known key'],
  [
    `${ISSUER}outbound: { allow_hosts: [ "https://x" ] }`,
    '2:28 outbound.allow_hosts[0] must be a host name or an IP address, without scheme, port or path',
  ],
  [`${ISSUER}allow_insecure_issuer: yes`, '2:1 allow_insecure_issuer must be true or false'],
  [
    `${ISSUER}lifetimes: { access_tokens: 5m }`,
    '2:14 lifetimes.access_tokens is not a known key; did you mean "access_token"?',
  ],
  [
    `${ISSUER}lifetimes: { access_token: 5 minutes }`,
    '2:14 lifetimes.access_token must be a length of time: seconds, or a number with s, m, h or d, such as 15m',
  ],
  [
    `${ISSUER}lifetimes: { access_token: -5 }`,
    '2:14 lifetimes.access_token must be a length of time: seconds, or a number with s, m, h or d, such as 15m',
  ],
  [`${ISSUER}lifetimes: { access_token: 0 }`, '2:14 lifetimes.access_token must be longer than nothing'],
  [`${ISSUER}lifetimes: { access_token: 4000d }`, '2:14 lifetimes.access_token is longer than ten years'],
  [`${ISSUER}signing_algorithm: none`, '2:1 signing_algorithm must be one of ES256, RS256, PS256, EdDSA'],
  [`${ISSUER}consent: rember`, '2:1 consent must be one of remember, always, skip; did you mean "remember"?'],
  [`${ISSUER}display_name: "a\\u202Eb"`, '2:1 display_name has line ends or other control characters'],
  [`${ISSUER}scopes: [ { scope: a b } ]`, '2:13 scopes[0].scope is not one scope value (RFC 6749 §3.3)'],
  [`${ISSUER}scopes: [ { scope: a }, { scope: a } ]`, '2:27 scopes[1].scope is that of scopes[0] too'],
  [
    `${ISSUER}scopes: [ { scop: a, scope: b } ]`,
    '2:13 scopes[0].scop is not a known key; did you mean "scope"?',
  ],
  [
    `${ISSUER}resources: [ { resource: api } ]`,
    '2:16 resources[0].resource is not an absolute URI (RFC 8707 §2)',
  ],
  [
    `${ISSUER}resources: [ { resource: "https://a#b" } ]`,
    '2:16 resources[0].resource has a fragment (RFC 8707 §2)',
  ],
  [
    `${ISSUER}resources: [ { resource: "https://a" }, { resource: "https://a" } ]`,
    '2:43 resources[1].resource is that of resources[0] too',
  ],
  [`${ISSUER}clients: web-app`, '2:1 clients must be a list'],
  [`${ISSUER}clients: [ web-app ]`, '2:12 clients[0] must be a group of keys with values'],
  [
    `${ISSUER}clients:\n  - client_id: a\n    redirect_uris: [ https://a/ ]`,
    '3:5 clients[0].client_secret is missing: client_secret_basic needs one (a public client has token_endpoint_auth_method none)',
  ],
  [
    `${ISSUER}clients:\n  - client_id: a\n    client_secret_file: nowhere\n    redirect_uris: [ https://a/ ]`,
    '4:5 clients[0].client_secret_file names a file that is not there: /etc/signet/nowhere',
  ],
  [
    `${ISSUER}users:\n  - username: a\n    password_env: NOWHERE`,
    '4:5 users[0].password_env names NOWHERE, which is not in the environment or empty',
  ],
  [
    `${ISSUER}users:\n  - username: a\n    password_env: SIGNET_MASTER_SECRET`,
    '4:5 users[0].password_env must be the name of a variable of the environment that does not begin with SIGNET_',
  ],
  [
    `${ISSUER}users:\n  - username: a\n    password: wonderland\n    password_env: HERE`,
    '5:5 users[0].password_env is given beside password: only one of them may be',
  ],
  [
    `${ISSUER}clients:\n  - { client_id: a, client_secret: s, redirect_uris: [ https://a/ ] }\n  - { client_id: a, client_secret: s, redirect_uris: [ https://a/ ] }`,
    '4:7 clients[1].client_id is that of clients[0] too',
  ],
  [
    `${ISSUER}clients:\n  - client_id: a\n    client_secret: s\n    redirect_uris: [ https://a/ ]\n    resources: [ https://api ]`,
    '6:5 clients[0].resources names https://api, which is not among the resources of the provider',
  ],
  [
    `${ISSUER}users: [ { username: a, password_file: empty } ]`,
    '2:25 users[0].password_file names an empty file',
  ],
  [
    `${ISSUER}users:\n  - { username: Bob, password: x }\n  - { username: " bob ", password: y }`,
    '4:7 users[1].username is that of users[0] too',
  ],
  [
    `${ISSUER}tenants: [ { name: a, issuer: https://a } ]`,
    '1:1 issuer belongs into the entries of tenants, since there are tenants',
  ],
  ['tenants: []', '1:1 tenants must be a list of at least 1 entry'],
  ['tenants:', '1:1 tenants must be a list of at least 1 entry'],
  ['tenants: [ a ]', '1:12 tenants[0] must be a group of keys with values'],
  ['tenants: [ { issuer: https://a } ]', '1:12 tenants[0].name is missing'],
  [
    'tenants: [ { name: A b, issuer: https://a } ]',
    '1:14 tenants[0].name must be lower-case letters, digits and hyphens',
  ],
  [
    'tenants: [ { name: a } ]',
    '1:12 tenants[0].issuer is missing: the public address of the provider, such as https://id.example.com',
  ],
  [
    'tenants: [ { name: a, issuer: https://a, client: [] } ]',
    '1:42 tenants[0].client is not a known key; did you mean "clients"?',
  ],
  [
    'tenants: [ { name: a, issuer: https://a }, { name: a, issuer: https://b } ]',
    '1:46 tenants[1].name is that of tenants[0] too',
  ],
  [
    'profile: below\nissuer: https://id',
    '2:1 issuer must end with /below in the profile below: write it as https://id/below',
  ],
  [
    'issuer: https://id\nsites: [https://id2, http://id3]',
    '2:22 sites[1] must begin with https://: plain http is only for this machine (allow_insecure_issuer: true overrides this)',
  ],
  ['issuer: https://id\nsites: [https://id]', '1:1 issuer is served at https://id, where default is too'],
  [TENANTS('https://id', 'https://id'), '3:16 tenants[1].issuer is served at https://id, where a is too'],
  [
    TENANTS('https://id', 'https://id/token'),
    '3:16 tenants[1].issuer clashes: https://id/token covers https://id/token, an endpoint of a',
  ],
  [
    TENANTS('https://id/x/login', 'https://id/x'),
    '2:16 tenants[0].issuer clashes: https://id/x/login covers https://id/x/login, an endpoint of b',
  ],
];

const FILES = { '/etc/signet/empty': '\n', '/etc/signet/short': 'short\n' };

for (const [yaml, fault] of REFUSALS) {
  test(`refused: ${fault}`, () => {
    assert.deepEqual(faultsOf({ yaml, files: FILES }), [fault]);
  });
}

test('an issuer below another one is welcome where it covers no endpoint', () => {
  assert.deepEqual(
    faultsOf({ yaml: TENANTS('https://id.example.com', 'https://id.example.com/customers') }),
    [],
  );
});

test('http on this machine may be written as a name, an address or a subdomain of localhost', () => {
  for (const host of ['localhost', '127.0.0.1', '127.8.9.1', '"http://[::1]"', 'id.localhost']) {
    const issuer = host.startsWith('"') ? host : `http://${host}`;
    assert.deepEqual(faultsOf({ yaml: `issuer: ${issuer}` }), [], issuer);
  }
});

test('every fault of a file is told at once', () => {
  const faults = faultsOf({
    yaml: `isuer: https://id.example.com
listen: { prot: 1, port: 99999 }
lifetimes: { session: 0 }
master_secret_file: nowhere
clients:
  - { client_id: a, redirect_uri: x, consent: skp }
  - { client_id: a, client_secret: 1 }
users:
  - { username: b, password: x, claims: { email_verified: "true", sub: x, address: { town: y } } }
`,
    environment: { SIGNET_LOG_LEVLE: 'info' },
  });
  assert.deepEqual(faults.map((fault) => fault.split(' ').slice(0, 2).join(' ')).sort(), [
    '1:1 issuer',
    '1:1 isuer',
    '2:11 listen.prot',
    '2:20 listen.port',
    '3:14 lifetimes.session',
    '4:1 master_secret_file',
    '6:21 clients[0].redirect_uri',
    '6:38 clients[0].consent',
    '6:5 clients[0].client_secret',
    '6:5 clients[0].redirect_uris',
    '7:21 clients[1].client_secret',
    '7:5 clients[1].redirect_uris',
    '7:7 clients[1].client_id',
    '9:43 users[0].claims.email_verified',
    '9:67 users[0].claims.sub',
    '9:86 users[0].claims.address.town',
    'SIGNET_LOG_LEVLE is',
  ]);
});

test('no fault repeats a secret', () => {
  const faults = faultsOf({
    yaml: `${ISSUER}database: mysql://u:hidden@h/d
master_secret: hidden
clients: [ { client_id: a, client_secret: "hidden\\u0001", redirect_uris: [ "https://me:hidden@a/" ] } ]
users: [ { username: a, password: [ hidden ], password_hash: hidden } ]
`,
  });
  assert.equal(faults.length, 6);
  assert.doesNotMatch(faults.join('\n'), /hidden/);
});
