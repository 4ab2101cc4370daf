import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { listKeys, rotateKeys } from '../../src/admin/keys.ts';
import { keyring } from '../../src/keys/keyring.ts';
import { answerOf, type Person, personAt, request, userinfo } from '../support/person.ts';
import { type Signet, startSignet, WEB_APP } from '../support/signet.ts';
import { verified } from '../support/tokens.ts';

const LEAD = 600_000;
const DAY = 86_400_000;

/** Names of the published keys, oldest first. */
async function published(signet: Signet): Promise<string[]> {
  const { keys } = (await (await fetch(signet.url('/jwks'))).json()) as { keys: { kid: string }[] };
  return keys.map(({ kid }) => kid);
}
/** A fresh ID token and the name of the key that signed it. */
async function sign(signet: Signet, person: Person) {
  const { id_token, access_token = '' } = answerOf(
    await person.grant(request({ response_type: 'id_token token' })),
  );
  const { protectedHeader } = await verified(signet, id_token);
  return { kid: protectedHeader.kid, id_token, access_token };
}

test('a new key is published before it signs, long enough for every cached key set to be renewed (OIDC Core §10.1.1)', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  const { kid: first } = await sign(signet, person);
  await rotateKeys(signet.provider, { when: 'after-lead' });
  const [old, next, ...others] = await published(signet);
  assert.deepEqual([old, others], [first, []]);
  signet.clock.advance(LEAD - 5000);
  assert.equal((await sign(signet, person)).kid, first);
  signet.clock.advance(5000);
  assert.equal((await sign(signet, person)).kid, next);
});

test('the former key stays published until its last token has run out, then goes (OIDC Core §10.1.1)', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  const { kid: first } = await sign(signet, person);
  await rotateKeys(signet.provider, { when: 'after-lead' });
  signet.clock.advance(LEAD - 5000);
  const { id_token, access_token } = await sign(signet, person);
  signet.clock.advance(500_000);
  await verified(signet, id_token);
  assert.equal((await userinfo(signet, access_token)).status, 200);
  signet.clock.advance(2 * DAY);
  await signet.app.maintain();
  assert.equal((await published(signet)).includes(String(first)), false);
  assert.equal((await published(signet)).length, 1);
});

test('a key stays for the longest-lived token of any client', async (t) => {
  const signet = await startSignet(t, {
    clients: [WEB_APP, { ...WEB_APP, client_id: 'patient', access_token_lifetime: '30d' }],
  });
  const person = personAt(signet);
  const { access_token = '' } = answerOf(
    await person.grant(request({ client_id: 'patient', response_type: 'token' })),
  );
  await rotateKeys(signet.provider, { when: 'now' });
  signet.clock.advance(29 * DAY);
  await signet.app.maintain();
  await verified(signet, access_token);
  assert.equal((await userinfo(signet, access_token)).status, 200);
});

test('keys are rotated when they have served their time, and only then', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  const { kid: first } = await sign(signet, person);
  signet.clock.advance(89 * DAY);
  await signet.app.maintain();
  assert.equal((await published(signet)).length, 1);
  signet.clock.advance(2 * DAY);
  await signet.app.maintain();
  await signet.app.maintain();
  assert.equal((await published(signet)).length, 2, 'once, though asked twice');
  signet.clock.advance(LEAD);
  assert.notEqual((await sign(signet, person)).kid, first);
});

test('in an emergency the new key signs at once, also past one that waits for its time', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  await rotateKeys(signet.provider, { when: 'after-lead' });
  await rotateKeys(signet.provider, { when: 'now' });
  const newest = (await published(signet)).at(-1);
  assert.equal((await sign(signet, person)).kid, newest);
  signet.clock.advance(LEAD + 1000);
  assert.equal((await sign(signet, person)).kid, newest);
});

test('a rotation repeated within the lead time is done once', async (t) => {
  const signet = await startSignet(t);
  // Keys made in one millisecond cannot be told apart by their age.
  signet.clock.advance(1);
  assert.deepEqual(await rotateKeys(signet.provider, { when: 'after-lead' }), ['ES256']);
  assert.deepEqual(await rotateKeys(signet.provider, { when: 'after-lead' }), []);
  assert.equal((await published(signet)).length, 2);
});

test('an algorithm that has no key yet gets one that signs at once', async (t) => {
  const clients = [{ ...WEB_APP, id_token_signed_response_alg: undefined }];
  const signet = await startSignet(t, { clients });
  await rotateKeys(signet.provider, { alg: 'EdDSA', when: 'after-lead' });
  assert.equal((await signet.provider.keyring.current('EdDSA')).alg, 'EdDSA');
});

test('the operator sees which key is next, current and former', async (t) => {
  const signet = await startSignet(t);
  await rotateKeys(signet.provider, { when: 'after-lead' });
  const states = async () => (await listKeys(signet.provider)).map(({ state }) => state);
  assert.deepEqual(await states(), ['current', 'next']);
  signet.clock.advance(LEAD);
  assert.deepEqual(await states(), ['former', 'current']);
});

test('the key set shows public keys alone, each by a name of its own (OIDC Core §10.1, RFC 7517 §4.5)', async (t) => {
  const clients = ['ES256', 'RS256', 'PS256', 'EdDSA'].map((alg) => ({
    ...WEB_APP,
    client_id: alg,
    id_token_signed_response_alg: alg,
  }));
  const signet = await startSignet(t, { clients });
  const response = await fetch(signet.url('/jwks'));
  assert.equal(response.headers.get('cache-control'), 'public, max-age=300');
  assert.equal(response.headers.get('access-control-allow-origin'), '*');
  const { keys } = (await response.json()) as { keys: Record<string, string>[] };
  assert.deepEqual(new Set(keys.map(({ alg }) => alg)), new Set(['ES256', 'RS256', 'PS256', 'EdDSA']));
  assert.equal(new Set(keys.map(({ kid }) => kid)).size, 4);
  for (const key of keys) {
    assert.equal(key['use'], 'sig');
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) assert.equal(secret in key, false);
  }
  assert.ok(
    Buffer.from(keys.find(({ kty }) => kty === 'RSA')?.['n'] ?? '', 'base64url').length >= 256,
    'RSA of 2048 bits at least',
  );
});

test('by a clock that was set back before its first key, the server signs with that key all the same', async (t) => {
  const signet = await startSignet(t);
  const { kid } = await sign(signet, personAt(signet));
  signet.clock.advance(-DAY);
  assert.equal((await sign(signet, personAt(signet))).kid, kid);
});

test('the key set is served while the store is away, and is up to date again soon after it is back', async (t) => {
  const signet = await startSignet(t);
  const { store, tenant, secrets, clock, random } = signet.provider;
  const away = mock.fn(store.listKeys);
  let changes = 0;
  const ring = keyring({
    store: { ...store, listKeys: away, foreignChanges: () => changes },
    tenant: tenant.id,
    sealing: secrets.signingKeys,
    clock,
    random,
    longestToken: DAY,
  });
  const known = await ring.published();
  changes += 1;
  away.mock.mockImplementation(() => Promise.reject(new Error('away')));
  assert.equal(await ring.published(), known);
  await rotateKeys(signet.provider, { when: 'after-lead' });
  away.mock.mockImplementation(store.listKeys);
  assert.equal(await ring.published(), known, 'not asked again at once');
  signet.clock.advance(1000);
  assert.equal((await ring.published()).length, known.length + 1);
});
