import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyring } from '../../src/keys/keyring.ts';
import { startSignet } from '../support/signet.ts';

test('two nodes that make the first key at once go on with the same one, under the name the profile gives it', async (t) => {
  const signet = await startSignet(t);
  const { store, clock, random, secrets } = signet.provider;
  const other = await store.saveTenant({ name: 'other', issuer: 'https://o', secret_sealed: random(9) }, 0);
  const tools = { store, clock, random, tenant: other.id, sealing: secrets.signingKeys, longestToken: 0 };
  const first = { kid: 'private-key', alg: 'PS256' } as const;
  const nodes = [keyring({ ...tools, first }), keyring({ ...tools, first })];
  const keys = await Promise.all(nodes.map((node) => node.current('PS256')));
  assert.deepEqual(
    keys.map(({ kid }) => kid),
    ['private-key', 'private-key'],
  );
  const [one, two] = keys.map(({ publicJwk }) => publicJwk['n']);
  assert.ok(one !== undefined && one === two);
  assert.equal((await store.listKeys(other.id)).length, 1);
});

test('a key of another algorithm does not take the name, though it comes first', async (t) => {
  const signet = await startSignet(t);
  const { store, clock, random, secrets } = signet.provider;
  const other = await store.saveTenant({ name: 'other', issuer: 'https://o', secret_sealed: random(9) }, 0);
  const tools = { store, clock, random, tenant: other.id, sealing: secrets.signingKeys, longestToken: 0 };
  const ring = keyring({ ...tools, first: { kid: 'private-key', alg: 'PS256' } });
  assert.notEqual((await ring.current('RS256')).kid, 'private-key');
  assert.equal((await ring.current('PS256')).kid, 'private-key');
});

test('a change of the signing algorithm finds the name taken, and makes one of its own', async (t) => {
  const signet = await startSignet(t);
  const { store, clock, random, secrets } = signet.provider;
  const other = await store.saveTenant({ name: 'other', issuer: 'https://o', secret_sealed: random(9) }, 0);
  const tools = { store, clock, random, tenant: other.id, sealing: secrets.signingKeys, longestToken: 0 };
  await keyring({ ...tools, first: { kid: 'private-key', alg: 'PS256' } }).current('PS256');
  const { kid } = await keyring({ ...tools, first: { kid: 'private-key', alg: 'ES256' } }).current('ES256');
  assert.notEqual(kid, 'private-key');
});
