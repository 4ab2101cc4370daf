// long because it is one table of all that is refused, each line with its sentence
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { parseClientMetadata } from '../../src/admin/client-metadata.ts';
import { formatPath } from '../../src/config/fault.ts';
import { STRICT_REGISTRATION } from '../../src/model/redirect-uri.ts';
import { standard } from '../../src/profiles/standard.ts';

type Input = Readonly<Record<string, unknown>>;

const WEB: Input = {
  client_id: 'app',
  client_secret: 'a secret',
  redirect_uris: ['https://app.example.com/cb'],
};
const SERVICE: Input = { client_id: 'job', client_secret: 'a secret', grant_types: ['client_credentials'] };
const PUBLIC: Input = {
  client_id: 'spa',
  token_endpoint_auth_method: 'none',
  redirect_uris: ['https://spa.example.com/'],
};

const parse = (input: unknown, secretRequired = true) =>
  parseClientMetadata(input, {
    consent: 'remember',
    grant_types: standard.grant_types,
    redirects: STRICT_REGISTRATION,
    adminScopes: true,
    secretRequired,
  });

function metadataOf(input: Input) {
  const parsed = parse(input);
  if ('metadata' in parsed) return parsed.metadata;
  throw new Error(parsed.faults.map(({ path, message }) => `${formatPath(path)} ${message}`).join('\n'));
}

function faultsOf(input: unknown, secretRequired = true): readonly string[] {
  const parsed = parse(input, secretRequired);
  return 'faults' in parsed
    ? parsed.faults.map(({ path, message }) => `${formatPath(path)} ${message}`.trim())
    : [];
}

function publicJwk(type: 'rsa' | 'ec' | 'ed25519', bits = 2048): Input {
  if (type === 'rsa')
    return { ...generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' }) };
  if (type === 'ec')
    return { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) };
  return { ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }) };
}

const EC_KEY = publicJwk('ec');
const KEYED: Input = {
  client_id: 'signer',
  token_endpoint_auth_method: 'private_key_jwt',
  grant_types: ['client_credentials'],
  jwks: { keys: [EC_KEY] },
};

test('what is left out has the defaults of RFC 7591 §2', () => {
  assert.deepEqual(parse(WEB), {
    client_secret: 'a secret',
    metadata: {
      client_id: 'app',
      application_type: 'web',
      redirect_uris: ['https://app.example.com/cb'],
      post_logout_redirect_uris: [],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      subject_type: 'public',
      consent: 'remember',
    },
  });
});

test('a service client needs no redirect URI and has no response type', () => {
  const metadata = metadataOf(SERVICE);
  assert.deepEqual([metadata.redirect_uris, metadata.response_types], [[], []]);
});

test('a native client may have private-scheme and loopback redirects', () => {
  const metadata = metadataOf({
    ...PUBLIC,
    application_type: 'native',
    redirect_uris: ['com.example.app:/cb', 'http://127.0.0.1/cb', 'http://[::1]/cb', 'http://localhost/cb'],
    post_logout_redirect_uris: ['com.example.app:/bye'],
  });
  assert.equal(metadata.redirect_uris.length, 4);
});

test('a private-scheme redirect tells that a client is native, a loopback one does not', () => {
  assert.equal(metadataOf({ ...PUBLIC, redirect_uris: ['com.example.app:/cb'] }).application_type, 'native');
  assert.equal(
    metadataOf({ ...PUBLIC, redirect_uris: ['http://127.0.0.1:9000/cb'] }).application_type,
    'web',
  );
});

test('response types are brought into their registered spelling', () => {
  const metadata = metadataOf({
    ...WEB,
    grant_types: ['authorization_code', 'implicit'],
    response_types: ['token code id_token', 'token id_token', 'code', 'code'],
  });
  assert.deepEqual(metadata.response_types, ['code id_token token', 'id_token token', 'code']);
});

test('durations are seconds or texts, scopes and lists lose their repeats', () => {
  const metadata = metadataOf({
    ...WEB,
    access_token_lifetime: '5m',
    refresh_token_lifetime: 86_400,
    default_max_age: 0,
    scope: ' openid  profile openid ',
    contacts: ['a@example.com', 'a@example.com'],
  });
  assert.equal(metadata.access_token_lifetime, 300);
  assert.equal(metadata.refresh_token_lifetime, 86_400);
  assert.equal(metadata.default_max_age, 0);
  assert.equal(metadata.scope, 'openid profile');
  assert.deepEqual(metadata.contacts, ['a@example.com']);
});

test('consent is that of the client before that of the provider', () => {
  assert.equal(metadataOf({ ...WEB, consent: 'skip' }).consent, 'skip');
});

test('a secret may be left out where one is made for the client', () => {
  assert.deepEqual(faultsOf({ client_id: 'app', redirect_uris: ['https://a/'] }, false), []);
});

test('32 bytes of secret are enough for client_secret_jwt', () => {
  const client_secret = 'x'.repeat(32);
  assert.deepEqual(faultsOf({ ...WEB, client_secret, token_endpoint_auth_method: 'client_secret_jwt' }), []);
});

test('names for people may be in any script', () => {
  const client_name = 'می\u200Cخواهم 👩\u200D🚀';
  assert.equal(metadataOf({ ...WEB, client_name }).client_name, client_name);
});

test('public keys of each kind are accepted, by value or by address', () => {
  const keys = [
    { ...publicJwk('rsa'), kid: 'a' },
    { ...EC_KEY, kid: 'b' },
    { ...publicJwk('ed25519'), kid: 'c' },
  ];
  assert.deepEqual(metadataOf({ ...KEYED, jwks: { keys } }).jwks, { keys });
  const { jwks: _, ...byAddress } = KEYED;
  const jwks_uri = 'https://keys.example.com/jwks';
  assert.equal(metadataOf({ ...byAddress, jwks_uri }).jwks_uri, jwks_uri);
  assert.deepEqual(faultsOf({ ...byAddress, jwks_uri: 'http://localhost:9000/jwks' }), []);
});

test('pairwise subjects of one host need no sector', () => {
  assert.deepEqual(faultsOf({ ...WEB, subject_type: 'pairwise' }), []);
});

test('no part of the metadata says more than was given', () => {
  for (const value of Object.values(metadataOf(WEB))) assert.notEqual(value, undefined);
});

const URL_FAULT = 'must begin with https:// (http:// only on this machine)';
const METHOD_HINT = '(a public client has token_endpoint_auth_method none)';

/** What is changed in a sound client, and all that is said of it. */
const REFUSALS: readonly (readonly [base: Input, change: Input, ...faults: string[]])[] = [
  [WEB, { client_id: undefined }, 'client_id is missing'],
  [WEB, { client_id: '' }, 'client_id must not be empty'],
  [WEB, { client_id: 5 }, 'client_id must be a text: put it in quotes'],
  [WEB, { client_id: 'x'.repeat(256) }, 'client_id is longer than 255 characters'],
  [WEB, { client_id: 'café' }, 'client_id has characters outside printable ASCII (RFC 6749 §A.1)'],
  [WEB, { client_id: 'a\n' }, 'client_id has characters outside printable ASCII (RFC 6749 §A.1)'],
  [WEB, { client_id: ' app' }, 'client_id has a blank at an end'],
  [
    WEB,
    { client_id: 'https://app.example.com/' },
    'client_id looks like a URL, which is kept for clients that are known by their URL',
  ],
  [WEB, { client_nme: 'x' }, 'client_nme is not a known key; did you mean "client_name"?'],
  [WEB, { redirectUris: [] }, 'redirectUris is not a known key; did you mean "redirect_uris"?'],
  [WEB, { secret: 'x' }, 'secret is not a known key'],
  [WEB, { request_uris: ['https://a/'] }, 'request_uris is registered metadata that Signet does not support'],
  [
    WEB,
    { frontchannel_logout_uri: 'https://a/' },
    'frontchannel_logout_uri is registered metadata that Signet does not support',
  ],
  [WEB, { client_name: null }, 'client_name is empty: give it a value or remove it'],
  [WEB, { client_name: 'a\u202Eb' }, 'client_name has line ends or other control characters'],
  [WEB, { client_name: 'x'.repeat(201) }, 'client_name is longer than 200 characters'],
  [
    WEB,
    { client_secret: undefined },
    `client_secret is missing: client_secret_basic needs one ${METHOD_HINT}`,
  ],
  [
    WEB,
    { client_secret: undefined, token_endpoint_auth_method: 'client_secret_post' },
    `client_secret is missing: client_secret_post needs one ${METHOD_HINT}`,
  ],
  [
    WEB,
    { client_secret: 'pässword' },
    'client_secret has characters outside printable ASCII (RFC 6749 §A.2)',
  ],
  [
    WEB,
    { client_secret: 'x'.repeat(31), token_endpoint_auth_method: 'client_secret_jwt' },
    'client_secret is shorter than 32 bytes, which client_secret_jwt needs (RFC 7518 §3.2)',
  ],
  [
    PUBLIC,
    { client_secret: 'x' },
    'client_secret has no use with token_endpoint_auth_method none: remove one of the two',
  ],
  [
    KEYED,
    { client_secret: 'x' },
    'client_secret has no use with token_endpoint_auth_method private_key_jwt: remove one of the two',
  ],
  [
    WEB,
    { token_endpoint_auth_method: 'client_secret' },
    'token_endpoint_auth_method must be one of client_secret_basic, client_secret_post, client_secret_jwt, private_key_jwt, none; did you mean "client_secret_jwt"?',
  ],
  [
    WEB,
    { redirect_uris: undefined },
    'redirect_uris is missing: authorization_code must know where to send the answer',
  ],
  [WEB, { redirect_uris: 'https://a/' }, 'redirect_uris must be a list'],
  [
    WEB,
    { redirect_uris: ['http://app.example.com/'] },
    'redirect_uris[0] is plain http on another host than this machine (RFC 9700 §2.6)',
  ],
  [
    WEB,
    { redirect_uris: ['https://a/', 'https://b/#x'] },
    'redirect_uris[1] has a fragment (RFC 6749 §3.1.2)',
  ],
  [WEB, { redirect_uris: ['/cb'] }, 'redirect_uris[0] is not an absolute URI'],
  [
    WEB,
    { redirect_uris: ['https://*.example.com/'] },
    'redirect_uris[0] contains a blank, a backslash, a wildcard or a character outside ASCII',
  ],
  [WEB, { redirect_uris: ['https://a/../b'] }, 'redirect_uris[0] has dot segments in its path'],
  [WEB, { redirect_uris: ['https://me@a/'] }, 'redirect_uris[0] carries a user name or password'],
  [
    WEB,
    { redirect_uris: ['javascript:alert(1)'] },
    'redirect_uris[0] has the scheme javascript:, which is no place to send an answer to',
  ],
  [
    WEB,
    { application_type: 'web', redirect_uris: ['com.example.app:/cb'] },
    'redirect_uris[0] has a private scheme, which only a native application may use',
  ],
  [
    PUBLIC,
    { redirect_uris: ['myapp:/cb'] },
    'redirect_uris[0] has a private scheme without a dot: use a reversed domain name such as com.example.app:/cb (RFC 8252 §7.1)',
  ],
  [
    WEB,
    { redirect_uris: [`https://a/${'x'.repeat(2048)}`] },
    'redirect_uris[0] is longer than 2048 characters',
  ],
  [
    WEB,
    { redirect_uris: Array.from({ length: 201 }, (_, index) => `https://a/${index}`) },
    'redirect_uris has more than 200 entries',
  ],
  [
    WEB,
    { post_logout_redirect_uris: ['http://app.example.com/'] },
    'post_logout_redirect_uris[0] is plain http on another host than this machine (RFC 9700 §2.6)',
  ],
  [WEB, { grant_types: [] }, 'grant_types must have at least 1 entry'],
  [WEB, { grant_types: ['password'] }, 'grant_types[0] is password, which this provider does not have'],
  [
    WEB,
    { grant_types: ['refresh_token'] },
    'grant_types has refresh_token alone, which only renews what another grant began',
  ],
  [
    PUBLIC,
    { grant_types: ['authorization_code', 'client_credentials'] },
    'grant_types has client_credentials, which a client that cannot prove itself may not use (RFC 6749 §4.4)',
  ],
  [
    WEB,
    { response_types: ['code id_token'] },
    'response_types[0] needs implicit in grant_types (RFC 7591 §2.1)',
  ],
  [
    WEB,
    { grant_types: ['implicit'], response_types: ['code token'] },
    'response_types[0] needs authorization_code in grant_types (RFC 7591 §2.1)',
  ],
  [
    SERVICE,
    { response_types: ['code id_token'] },
    'response_types[0] needs authorization_code and implicit in grant_types (RFC 7591 §2.1)',
  ],
  [
    WEB,
    { grant_types: ['implicit'] },
    'response_types is missing: say which answers the application asks for, such as "id_token token"',
  ],
  [
    WEB,
    { response_types: ['code code'] },
    'response_types[0] must be one of "code", "id_token", "token", "id_token token", "code id_token", "code token", "code id_token token"',
  ],
  [WEB, { scope: 'openid "x"' }, 'scope has characters that a scope cannot have (RFC 6749 §3.3)'],
  [WEB, { scope: ['openid'] }, 'scope must be a text'],
  [WEB, { client_uri: 'http://app.example.com' }, `client_uri ${URL_FAULT}`],
  [WEB, { policy_uri: 'javascript:alert(1)' }, `policy_uri ${URL_FAULT}`],
  [WEB, { tos_uri: 'here' }, 'tos_uri is not an absolute URI'],
  [WEB, { initiate_login_uri: 'https://me:x@a/' }, 'initiate_login_uri carries a user name or password'],
  [WEB, { jwks_uri: 'http://keys.example.com/' }, `jwks_uri ${URL_FAULT}`],
  [WEB, { sector_identifier_uri: 'http://localhost/' }, 'sector_identifier_uri must begin with https://'],
  [
    WEB,
    { subject_type: 'pairwise', redirect_uris: ['https://a/', 'https://b/'] },
    'sector_identifier_uri is missing: pairwise subjects need it when the redirect URIs have not one host (OIDC Core §8.1)',
  ],
  [
    PUBLIC,
    { subject_type: 'pairwise', redirect_uris: ['com.example.app:/cb'] },
    'sector_identifier_uri is missing: pairwise subjects need it when the redirect URIs have not one host (OIDC Core §8.1)',
  ],
  [
    WEB,
    { id_token_signed_response_alg: 'none' },
    'id_token_signed_response_alg must be one of ES256, RS256, PS256, EdDSA',
  ],
  [
    WEB,
    { id_token_signed_response_alg: 'HS256' },
    'id_token_signed_response_alg must be one of ES256, RS256, PS256, EdDSA; did you mean "ES256"?',
  ],
  [
    WEB,
    { request_object_signing_alg: 'ES256' },
    'request_object_signing_alg needs the keys of the client: give jwks or jwks_uri',
  ],
  [
    KEYED,
    { request_object_signing_alg: 'none', require_signed_request_object: true },
    'request_object_signing_alg is none although require_signed_request_object is true',
  ],
  [
    KEYED,
    { token_endpoint_auth_signing_alg: 'HS256' },
    'token_endpoint_auth_signing_alg does not fit token_endpoint_auth_method private_key_jwt',
  ],
  [
    WEB,
    { token_endpoint_auth_signing_alg: 'ES256' },
    'token_endpoint_auth_signing_alg does not fit token_endpoint_auth_method client_secret_basic',
  ],
  [KEYED, { jwks: undefined }, 'jwks is missing: private_key_jwt needs jwks or jwks_uri'],
  [
    KEYED,
    { jwks_uri: 'https://a/' },
    'jwks_uri is given beside jwks: only one of the two may be (RFC 7591 §2)',
  ],
  [KEYED, { jwks: [] }, 'jwks must be a group of keys with values'],
  [KEYED, { jwks: { keys: [] } }, 'jwks.keys must have at least 1 entry'],
  [KEYED, { jwks: { keys: [{}] } }, 'jwks.keys[0] must be an RSA key or one on P-256, P-384, P-521, Ed25519'],
  [
    KEYED,
    { jwks: { keys: [{ ...EC_KEY, crv: 'secp256k1' }] } },
    'jwks.keys[0] must be an RSA key or one on P-256, P-384, P-521, Ed25519',
  ],
  [
    KEYED,
    { jwks: { keys: [{ ...EC_KEY, x: EC_KEY.y }] } },
    'jwks.keys[0] is not a valid public key (RFC 7517)',
  ],
  [
    KEYED,
    { jwks: { keys: [{ ...EC_KEY, x5u: 'https://a/' }] } },
    'jwks.keys[0] has x5u, which is never followed: remove it',
  ],
  [
    KEYED,
    { jwks: { keys: [{ ...EC_KEY, d: 'x' }] } },
    'jwks.keys[0] has the private member "d": remove it, and replace the key, which is no longer secret',
  ],
  [
    KEYED,
    { jwks: { keys: [{ kty: 'oct', k: 'x' }] } },
    'jwks.keys[0] is a symmetric key: only public keys belong here',
  ],
  [
    KEYED,
    { jwks: { keys: [publicJwk('rsa', 1024)] } },
    'jwks.keys[0] has 1024 bits: RSA keys need at least 2048 (RFC 7518 §3.3) and at most 8192',
  ],
  [
    KEYED,
    {
      jwks: {
        keys: [
          { ...EC_KEY, kid: 'a' },
          { ...EC_KEY, kid: 'a' },
        ],
      },
    },
    'jwks.keys[1].kid is the kid of another key too',
  ],
  [
    KEYED,
    { jwks: { keys: [{ ...EC_KEY, kid: 'a' }, EC_KEY] } },
    'jwks.keys[1].kid is missing: several keys are told apart by it',
  ],
  [KEYED, { jwks: { keys: [{ ...EC_KEY, kid: 5 }] } }, 'jwks.keys[0].kid must be a text'],
  [
    WEB,
    { default_max_age: -1 },
    'default_max_age must be a length of time: seconds, or a number with s, m, h or d, such as 15m',
  ],
  [WEB, { access_token_lifetime: 0 }, 'access_token_lifetime must be longer than nothing'],
  [WEB, { access_token_lifetime: '0m' }, 'access_token_lifetime must be longer than nothing'],
  [
    WEB,
    { refresh_token_lifetime: '11y' },
    'refresh_token_lifetime must be a length of time: seconds, or a number with s, m, h or d, such as 15m',
  ],
  [WEB, { resources: ['https://api#x'] }, 'resources[0] has a fragment (RFC 8707 §2)'],
  [
    WEB,
    { introspection_audiences: ['orders'] },
    'introspection_audiences[0] is not an absolute URI (RFC 8707 §2)',
  ],
  [WEB, { require_pkce: 'false' }, 'require_pkce must be true or false'],
  [WEB, { contacts: ['x'.repeat(70_000)] }, 'is larger than 64 kB'],
];

for (const [base, change, ...faults] of REFUSALS) {
  test(`refused: ${faults.join(' and ')}`, () => {
    assert.deepEqual(faultsOf({ ...base, ...change }), faults);
  });
}

test('what is no record at all is refused', () => {
  for (const input of [undefined, null, 'app', 5, [], [WEB]]) {
    assert.deepEqual(faultsOf(input), ['must be a group of keys with values']);
  }
});

test('cyclic and endlessly nested input is refused, not followed', () => {
  const cycle: Record<string, unknown> = { ...WEB };
  cycle.jwks = cycle;
  assert.deepEqual(faultsOf(cycle), ['is nested too deeply']);
});

test('a key from JSON that is called __proto__ is unknown like any other', () => {
  const input: unknown = JSON.parse(
    '{"client_id":"a","client_secret":"b","redirect_uris":["https://a/"],"__proto__":{"consent":"skip"}}',
  );
  assert.deepEqual(faultsOf(input), ['__proto__ is not a known key']);
});

test('very many unknown keys are one fault', () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, 1]));
  assert.deepEqual(faultsOf({ ...WEB, ...many }), ['has 5000 keys that are not known']);
});

test('all faults of a client are told together', () => {
  const faults = faultsOf({
    client_id: ' app',
    client_nam: 'x',
    redirect_uris: ['http://a/', 'https://b/#x'],
    grant_types: ['authorization_code'],
    response_types: ['id_token'],
    consent: 'ask',
  });
  assert.deepEqual(faults.map((fault) => fault.split(' ')[0] ?? '').sort(), [
    'client_id',
    'client_nam',
    'client_secret',
    'consent',
    'redirect_uris[0]',
    'redirect_uris[1]',
    'response_types[0]',
  ]);
});
