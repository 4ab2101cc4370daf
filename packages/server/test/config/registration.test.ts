import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showConfig } from '../../src/config/show.ts';
import { configOf, faultsOf, warningsOf } from './loading.ts';

const ISSUER = 'issuer: https://id.example.com\n';
const JWK =
  '{ kty: EC, crv: P-256, x: f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU, y: x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0 }';
const accessOf = (given: Parameters<typeof configOf>[0]) => configOf(given).tenants[0]?.dynamic_registration;

test('registration is off, open, or for whoever brings a token; true and false mean open and off', () => {
  assert.equal(accessOf({ yaml: ISSUER }), 'off');
  const written = { off: 'off', open: 'open', token: 'token', true: 'open', false: 'off' };
  for (const [word, access] of Object.entries(written)) {
    assert.equal(accessOf({ yaml: `${ISSUER}dynamic_registration: ${word}` }), access);
    assert.equal(accessOf({ yaml: ISSUER, environment: { SIGNET_DYNAMIC_REGISTRATION: word } }), access);
  }
});

test('the whole policy is read, from the file and from variables, and shown again', () => {
  const yaml = `${ISSUER}dynamic_registration: token
registration:
  allowed_hosts: [App.Example, "*.example.com", "::1", "com.example.app:"]
  grant_types: [authorization_code, client_credentials]
  scope: openid email
  expires_after: 90d
  unused_after: 30d
  software_statement:
    required: true
    issuers:
      - { issuer: https://a.example, jwks_uri: https://a.example/jwks }
      - { issuer: b, jwks: { keys: [${JWK}] } }
`;
  const config = configOf({ yaml, environment: { SIGNET_REGISTRATION_UNUSED_AFTER: '7d' } });
  const { software_statement, ...policy } = config.tenants[0]?.registration ?? assert.fail();
  assert.deepEqual(policy, {
    allowed_hosts: ['app.example', '*.example.com', '::1', 'com.example.app:'],
    grant_types: ['authorization_code', 'client_credentials'],
    scope: 'openid email',
    expires_after: 90 * 86_400,
    unused_after: 7 * 86_400,
  });
  assert.deepEqual([software_statement.required, software_statement.issuers.length], [true, 2]);
  const shown = showConfig(config);
  assert.match(shown, /expires_after: 90d/);
  assert.match(shown, /unused_after: 7d +# SIGNET_REGISTRATION_UNUSED_AFTER/);
  assert.match(shown, /dynamic_registration: token/);
});

test('whoever lets anybody register, and for ever, is warned', () => {
  const open = `${ISSUER}dynamic_registration: open\n`;
  assert.match(warningsOf({ yaml: open })[0] ?? '', /set registration\.unused_after/);
  for (const bounded of ['unused_after: 30d', 'expires_after: 90d'])
    assert.deepEqual(warningsOf({ yaml: `${open}registration: { ${bounded} }` }), []);
  assert.deepEqual(warningsOf({ yaml: `${ISSUER}dynamic_registration: token` }), []);
});

const REFUSALS: readonly (readonly [yaml: string, fault: RegExp])[] = [
  ['dynamic_registration: opne', /dynamic_registration must be one of .*; did you mean "open"\?/],
  ['dynamic_registration: tokens', /did you mean "token"\?/],
  ['dynamic_registration: 1', /dynamic_registration must be one of off, token, open, true, false/],
  ['dynamic_registration: [open]', /dynamic_registration must be one of/],
  ['dynamic_registration:', /dynamic_registration is empty|must be one of/],
  ['registration: open', /registration must be a group of keys with values/],
  ['registration: { allowed_host: [a] }', /allowed_host is not a known key; did you mean "allowed_hosts"\?/],
  ['registration: { allowed_hosts: app.example }', /allowed_hosts must be a list/],
  ['registration: { allowed_hosts: ["https://app.example"] }', /allowed_hosts\[0\] must be a host name/],
  ['registration: { allowed_hosts: ["*"] }', /allowed_hosts\[0\] must be a host name/],
  ['registration: { allowed_hosts: ["a*.example"] }', /must be a host name/],
  ['registration: { allowed_hosts: ["https:"] }', /must be a host name/],
  ['registration: { allowed_hosts: [""] }', /must not be empty/],
  ['registration: { grant_types: [] }', /grant_types must have at least 1 entry/],
  ['registration: { grant_types: [password] }', /grant_types\[0\] must be one of/],
  ['registration: { grant_types: [authorisation_code] }', /did you mean "authorization_code"\?/],
  [
    'dynamic_registration: open\nregistration: { grant_types: [client_credentials] }',
    /grant_types has client_credentials, with which anybody could get tokens/,
  ],
  ['registration: { scope: "openid signet:users:read" }', /scope has a scope of the administration/],
  ['registration: { scope: "a\\"b" }', /scope has characters that a scope cannot have/],
  ['registration: { expires_after: 0 }', /expires_after/],
  ['registration: { expires_after: soon }', /expires_after/],
  ['registration: { unused_after: -1 }', /unused_after/],
  ['registration: { software_statement: { required: true } }', /issuers is missing/],
  ['registration: { software_statement: { required: yes } }', /required must be true or false/],
  ['registration: { software_statement: { issuers: [{ issuer: a }] } }', /jwks is needed, or jwks_uri/],
  [
    `registration: { software_statement: { issuers: [{ issuer: a, jwks_uri: "https://a/", jwks: { keys: [${JWK}] } }] } }`,
    /one of the two, and not both/,
  ],
  [
    'registration: { software_statement: { issuers: [{ issuer: a, jwks_uri: "http://a.example/" }] } }',
    /jwks_uri must begin with https/,
  ],
  [
    'registration: { software_statement: { issuers: [{ issuer: a, jwks: { keys: [{ kty: oct, k: AAAA }] } }] } }',
    /is a symmetric key/,
  ],
  [
    'registration: { software_statement: { issuers: [{ issuer: a, jwks_uri: "https://a/" }, { issuer: a, jwks_uri: "https://b/" }] } }',
    /issuers\[1\]\.issuer is that of another entry too/,
  ],
];

for (const [yaml, fault] of REFUSALS) {
  test(`refused: ${yaml.replaceAll('\n', '; ')}`, () => {
    const faults = faultsOf({ yaml: ISSUER + yaml });
    assert.equal(faults.length, 1, faults.join('\n'));
    assert.match(faults[0] ?? '', fault);
  });
}

test('a variable of another word is refused like one in the file', () => {
  const environment = { SIGNET_DYNAMIC_REGISTRATION: 'opne' };
  assert.match(faultsOf({ yaml: ISSUER, environment })[0] ?? '', /did you mean "open"\?/);
});
