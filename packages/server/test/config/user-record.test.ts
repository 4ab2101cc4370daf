import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseUserRecord, passwordHashFault } from '../../src/admin/user-record.ts';
import { formatPath } from '../../src/config/fault.ts';

const ARGON2ID = `$argon2id$v=19$m=65536,t=3,p=4$${'c2FsdHNhbHQ'.padEnd(22, 'A')}$${'A'.repeat(43)}`;
const BCRYPT = `$2b$12$${'a'.repeat(53)}`;

function faultsOf(input: unknown): readonly string[] {
  const parsed = parseUserRecord(input);
  return 'faults' in parsed
    ? parsed.faults.map(({ path, message }) => `${formatPath(path)} ${message}`.trim())
    : [];
}

test('a user has one spelling of the name, and defaults', () => {
  assert.deepEqual(parseUserRecord({ username: ' ALICE ', password: 'wonderland' }), {
    user: { username: 'alice', password: 'wonderland', claims: {}, role: 'user' },
  });
});

test('every standard claim is accepted with its type, and any other one', () => {
  const claims = {
    name: 'Alice Example',
    given_name: 'Alice',
    family_name: 'Example',
    middle_name: 'B.',
    nickname: 'Al',
    preferred_username: 'alice',
    profile: 'https://example.com/alice',
    picture: 'https://example.com/alice.png',
    website: 'http://example.com/',
    email: 'alice@example.com',
    email_verified: true,
    gender: 'female',
    birthdate: '0000-02-29',
    zoneinfo: 'Europe/Lisbon',
    locale: 'pt-PT',
    phone_number: '+351 21 000 0000',
    phone_number_verified: false,
    address: { formatted: 'Rua 1\nLisboa', locality: 'Lisboa', country: 'PT' },
    updated_at: 1_700_000_000,
    groups: ['staff', 'admins'],
    'https://example.com/tier': { level: 3 },
  };
  assert.deepEqual(parseUserRecord({ username: 'alice', claims, role: 'admin', disabled: true }), {
    user: { username: 'alice', claims, role: 'admin', disabled: true },
  });
});

test('a hash may be argon2id, bcrypt or another PHC text', () => {
  const scrypt = `$scrypt$ln=16,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
  const pbkdf2 = `$pbkdf2-sha256$i=600000$${'A'.repeat(22)}$${'A'.repeat(43)}`;
  for (const hash of [ARGON2ID, BCRYPT, BCRYPT.replace('2b', '2y'), scrypt, pbkdf2]) {
    assert.equal(passwordHashFault(hash), undefined, hash);
    assert.deepEqual(faultsOf({ username: 'alice', password_hash: hash }), []);
  }
});

const NOT_A_HASH = `password_hash ${passwordHashFault('') ?? ''}`;

const REFUSALS: readonly (readonly [change: Readonly<Record<string, unknown>>, fault: string])[] = [
  [{ username: undefined }, 'username is missing'],
  [{ username: '  ' }, 'username must be 1 to 255 characters without control characters'],
  [{ username: 'a\u0000b' }, 'username must be 1 to 255 characters without control characters'],
  [{ username: 'x'.repeat(256) }, 'username must be 1 to 255 characters without control characters'],
  [{ username: 5 }, 'username must be a text: put it in quotes'],
  [{ password: '' }, 'password must not be empty'],
  [{ password: 12345678 }, 'password must be a text: put it in quotes'],
  [{ password: 'x'.repeat(1025) }, 'password is longer than 1024 characters'],
  [
    { password: 'x', password_hash: BCRYPT },
    'password_hash is given beside password: only one of the two may be',
  ],
  [{ password_hash: 'wonderland' }, NOT_A_HASH],
  [{ password_hash: `${ARGON2ID}\n` }, NOT_A_HASH],
  [{ password_hash: ARGON2ID.replace('v=19', 'v=16') }, NOT_A_HASH],
  [{ password_hash: BCRYPT.replace('$12$', '$31$') }, NOT_A_HASH],
  [{ password_hash: ARGON2ID.replace('65536', '9999999') }, NOT_A_HASH],
  [{ password_hash: ARGON2ID.replace('t=3', 't=99') }, NOT_A_HASH],
  [{ role: 'root' }, 'role must be one of user, admin, support, auditor'],
  [{ disabled: 'no' }, 'disabled must be true or false'],
  [{ usrname: 'x' }, 'usrname is not a known key; did you mean "username"?'],
  [{ claims: [] }, 'claims must be a group of keys with values'],
  [{ claims: { email: 'alice' } }, 'claims.email is not an e-mail address'],
  [{ claims: { email_verified: 'true' } }, 'claims.email_verified must be true or false'],
  [
    { claims: { birthdate: '1.2.1980' } },
    'claims.birthdate must be written YYYY-MM-DD or YYYY (OIDC Core §5.1)',
  ],
  [{ claims: { birthdate: 1980 } }, 'claims.birthdate must be a text: put it in quotes'],
  [{ claims: { phone_number: 49_123 } }, 'claims.phone_number must be a text: put it in quotes'],
  [{ claims: { updated_at: '2026' } }, 'claims.updated_at must be a whole number'],
  [{ claims: { address: 'Lisbon' } }, 'claims.address must be a group of keys with values'],
  [{ claims: { address: { town: 'Lisbon' } } }, 'claims.address.town is not a known key'],
  [{ claims: { picture: 'javascript:alert(1)' } }, 'claims.picture is not a web address'],
  [{ claims: { name: 'a\nb' } }, 'claims.name has line ends or other control characters'],
  [{ claims: { name: null } }, 'claims.name is empty: give it a value or remove it'],
  [{ claims: { team: null } }, 'claims.team is empty: give it a value or remove it'],
  [{ claims: { '': 'x' } }, 'claims. is not a name for a claim'],
  [{ claims: { team: 'x'.repeat(40_000) } }, 'is larger than 32 kB'],
];

for (const [change, fault] of REFUSALS) {
  test(`refused: ${JSON.stringify(change).slice(0, 80)}: ${fault}`, () => {
    assert.deepEqual(faultsOf({ username: 'alice', ...change }), [fault]);
  });
}

for (const name of ['iss', 'sub', 'aud', 'exp', 'nonce', 'sid', 'acr', 'amr', 'client_id', 'scope', 'cnf']) {
  test(`refused: a claim ${name}, which the server itself makes`, () => {
    assert.deepEqual(faultsOf({ username: 'alice', claims: { [name]: 'x' } }), [
      `claims.${name} is a claim that only the server itself makes`,
    ]);
  });
}

test('a claim __proto__ is refused and changes nothing', () => {
  const claims: unknown = JSON.parse('{"__proto__": {"admin": true}}');
  assert.deepEqual(faultsOf({ username: 'alice', claims }), [
    'claims.__proto__ is a claim that only the server itself makes',
  ]);
});

test('what is no record at all is refused', () => {
  for (const input of [undefined, null, 'alice', []]) {
    assert.deepEqual(faultsOf(input), ['must be a group of keys with values']);
  }
});
