import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passwordPool } from '../../src/identity/passwords.ts';
import { systemRandom } from '../../src/model/secret.ts';
import { startSignet } from '../support/signet.ts';

test('a configuration may bring more people with passwords than may wait to be signed in', async (t) => {
  const people = Array.from({ length: 40 }, (_, index) => ({
    username: `person-${index}`,
    password: `the password of person ${index}`,
  }));
  const passwords = passwordPool(1, systemRandom);
  const { provider } = await startSignet(t, { users: people }, { passwords });
  const stored = await provider.store.listUsers(provider.tenant.id, { afterUsername: '', atMost: 100 });
  assert.equal(stored.length, people.length);
  const last = stored.find(({ username }) => username === 'person-39');
  assert.equal(
    await passwords.verify('the password of person 39', last?.password_hash ?? ''),
    true,
    'each has the password that stands in the file',
  );
});
