import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { stringify } from 'yaml';
import { updateClient } from '../../src/admin/clients.ts';
import { endSessions, setDisabled } from '../../src/admin/users.ts';
import type { App } from '../../src/app.ts';
import { findAccessToken } from '../../src/oauth/access-token.ts';
import { answerOf, basic, personAt, post, request, tokensFor, userinfo } from '../support/person.ts';
import { openTestApp, type Signet, SPA, startSignet, USERS, WEB_APP } from '../support/signet.ts';

/** Signet on a file, and another process with the same file. */
async function startBeside(t: TestContext): Promise<{ signet: Signet; other: App }> {
  const folder = mkdtempSync(join(tmpdir(), 'signet-remembered-'));
  const stores = {
    database: `sqlite:${join(folder, 'signet.db')}`,
    master_secret: 'thirty-two characters of secret!',
  };
  const signet = await startSignet(t, stores);
  const text = stringify({ issuer: signet.issuer, clients: [WEB_APP, SPA], users: USERS, ...stores });
  const other = await openTestApp(text, signet.clock.now);
  t.after(async () => {
    await other.close();
    rmSync(folder, { recursive: true });
  });
  return { signet, other };
}

const isActive = async (signet: Signet, token: string): Promise<boolean> =>
  (await post(signet.url('/introspect'), { token }, basic())).body['active'] === true;

const requireProvider = (app: App) => {
  const [provider] = app.opened();
  assert.ok(provider);
  return provider;
};

test('what another process on the same file ends is over for a token that was just looked at', async (t) => {
  const { signet, other } = await startBeside(t);
  const person = personAt(signet);
  const { access_token = '' } = await tokensFor(signet, {}, person);
  for (let times = 0; times < 3; times += 1) assert.ok(await isActive(signet, access_token));
  await endSessions(requireProvider(other), 'alice');
  assert.equal(await isActive(signet, access_token), false);
  assert.equal((await userinfo(signet, access_token)).status, 401);
  assert.ok('error' in answerOf(await person.authorize(request({ prompt: 'none' }))), 'the session too');
});

test('a client disabled by another process is refused with its next request, and its token is dead', async (t) => {
  const { signet, other } = await startBeside(t);
  const { access_token = '' } = await tokensFor(signet);
  assert.ok(await isActive(signet, access_token));
  const provider = requireProvider(other);
  const client = await provider.store.findClient(provider.tenant.id, 'web-app');
  assert.ok(client);
  await updateClient(provider, {
    metadata: { ...client.metadata, disabled: true },
    client_secret: undefined,
  });
  assert.equal((await post(signet.url('/introspect'), { token: access_token }, basic())).status, 401);
  assert.equal((await userinfo(signet, access_token)).status, 401);
});

test('a token that is remembered still expires', async (t) => {
  const signet = await startSignet(t);
  const { access_token = '', expires_in } = await tokensFor(signet);
  assert.ok(await isActive(signet, access_token));
  signet.clock.advance(1000 * Number(expires_in));
  assert.equal(await isActive(signet, access_token), false);
});

test('a token that is remembered is dead when its key is published no more', async (t) => {
  const signet = await startSignet(t);
  const { provider } = signet;
  const { access_token = '' } = await tokensFor(signet);
  assert.ok(await isActive(signet, access_token));
  await provider.keyring.rotate('ES256', 'now');
  assert.ok(await isActive(signet, access_token), 'the former key is kept for its tokens');
  await provider.store.deleteKeys(provider.tenant.id, Number.MAX_SAFE_INTEGER);
  await provider.keyring.rotate('ES256', 'now');
  assert.equal(await isActive(signet, access_token), false);
});

test('a token that one tenant remembers is unknown to another one', async (t) => {
  const signet = await startSignet(t);
  const { access_token = '' } = await tokensFor(signet);
  assert.ok(await isActive(signet, access_token));
  const { provider } = signet;
  const elsewhere = { ...provider, tenant: { ...provider.tenant, id: provider.tenant.id + 1 } };
  assert.ok(await findAccessToken(provider, access_token));
  assert.equal(await findAccessToken(elsewhere, access_token), undefined);
});

test('a disabled user is let in again after being enabled, with a new sign-in alone', async (t) => {
  const signet = await startSignet(t);
  const person = personAt(signet);
  await tokensFor(signet, {}, person);
  await setDisabled(signet.provider, 'alice', true);
  await setDisabled(signet.provider, 'alice', false);
  assert.ok('error' in answerOf(await person.authorize(request({ prompt: 'none' }))));
  assert.ok((await tokensFor(signet, {}, personAt(signet)))['access_token']);
});
