import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { callerWith, SERVICES, serviceToken } from '../api/support.ts';
import { startSignet } from '../support/signet.ts';
import { manage, ON, register, replacementOf, URIS } from './registering.ts';

const NAMES = [
  'client_name',
  'redirect_uris',
  'post_logout_redirect_uris',
  'grant_types',
  'response_types',
  'scope',
  'jwks',
  'jwks_uri',
  'contacts',
  'logo_uri',
  'software_id',
  'software_statement',
  'subject_type',
  'sector_identifier_uri',
  'token_endpoint_auth_method',
  'default_max_age',
  'default_acr_values',
  'application_type',
  'client_id',
  'client_secret',
  '__proto__',
  'constructor',
];

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom<unknown>(
    'a\u0000b',
    '\ud800',
    'x'.repeat(5000),
    ['https://app.example/\u0000'],
    ['https://app.example/cb', 'https://[::1', 'javascript:1', '//x', ''],
    { keys: [{ kty: 'RSA', n: 'AQAB', e: '' }] },
    { keys: [null] },
    1e308,
    -1,
    ['code token', 7],
    "' OR 1=1 --",
  ),
);
const wish = fc.array(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 4 }).map(
  // As text, in which `__proto__` is a member like any other.
  (members) =>
    `{${members.map(([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(one)}`).join(',')}}`,
);

test('no body makes a fault of the server, neither at registration nor in a replacement', async (t) => {
  const issuers = [{ issuer: 'https://a.example', jwks_uri: 'https://a.invalid/jwks' }];
  const registration = { software_statement: { issuers } };
  const signet = await startSignet(t, { ...ON, registration, clients: SERVICES });
  const call = callerWith(signet, await serviceToken(signet, 'robot'));
  const { body } = await call('POST /initial-access-tokens', { body: { uses: 100_000 } });
  const token = body['initial_access_token'];
  let own = (await register(signet, URIS, { token })).body;
  await fc.assert(
    fc.asyncProperty(wish, async (text) => {
      const made = await register(signet, text, { token });
      assert.ok([201, 400, 413].includes(made.status), `${made.status} ${text}`);
      const members = JSON.stringify(replacementOf(own)).slice(1);
      const replaced = await manage(
        'PUT',
        own,
        text === '{}' ? `{${members}` : `${text.slice(0, -1)},${members}`,
      );
      assert.ok([200, 400, 413].includes(replaced.status), `${replaced.status} ${text}`);
      if (replaced.status === 200) own = replaced.body;
    }),
    { numRuns: 150 },
  );
  assert.equal((await manage('GET', own)).status, 200);
});
