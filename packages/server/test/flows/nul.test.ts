import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { personAt, post, request } from '../support/person.ts';
import { startPostgres, withoutPostgres } from '../support/postgres.ts';
import { ALICE, startSignet } from '../support/signet.ts';
import { unsigned } from '../support/tokens.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Each way on which a text from outside gets as far as the database. */
async function nulIsRefused(t: TestContext, database: Readonly<Record<string, string>>): Promise<void> {
  const signet = await startSignet(t, database);
  const token = async (form: Record<string, string>, headers: Record<string, string> = {}) =>
    (await post(signet.url('/token'), { grant_type: 'client_credentials', ...form }, headers)).body['error'];
  for (const id of ['web%00app:secret', 'web\0app:secret']) {
    assert.equal(await token({}, { authorization: `Basic ${btoa(id)}` }), 'invalid_client');
  }
  assert.equal(await token({ client_id: 'web\0app', client_secret: 'secret' }), 'invalid_request');
  const client_assertion = unsigned({ iss: 'web\0app', sub: 'web\0app', jti: '\0' });
  assert.equal(await token({ client_assertion, client_assertion_type: ASSERTION_TYPE }), 'invalid_client');
  const person = personAt(signet);
  const page = await person.authorize(request());
  assert.equal((await person.submit(page, { ...ALICE, username: 'alice\0' })).status, 400);
}

test('a NUL in what comes from outside is refused and never a fault on SQLite', (t) => nulIsRefused(t, {}));

test('a NUL in what comes from outside is refused and never a fault on PostgreSQL', {
  skip: withoutPostgres,
}, async (t) => {
  const cluster = await startPostgres();
  cluster.create('nul');
  const master_secret = 'a-master-secret-of-more-than-32-bytes';
  // The server is to be closed first.
  await nulIsRefused(t, { database: cluster.url('nul'), master_secret }).finally(() =>
    t.after(() => cluster.stop()),
  );
});
