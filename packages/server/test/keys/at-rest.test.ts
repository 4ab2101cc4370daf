import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { stringify } from 'yaml';
import type { App } from '../../src/app.ts';
import { WrongMasterSecret } from '../../src/keys/tenant-secrets.ts';
import { openTestApp, SECRET, USERS, WEB_APP } from '../support/signet.ts';

const MASTER = 'a-master-secret-that-is-long-enough-for-this';

/** A folder of its own, and applications on one database file in it, as two nodes would be. */
function folder(t: TestContext) {
  const path = mkdtempSync(join(tmpdir(), 'signet-'));
  const opened: App[] = [];
  t.after(async () => {
    await Promise.all(opened.map((app) => app.close()));
    rmSync(path, { recursive: true });
  });
  const open = async (master_secret: string, now = () => Date.now()): Promise<App> => {
    const database = `sqlite:${join(path, 'signet.db')}`;
    const symmetric = {
      ...WEB_APP,
      client_id: 'symmetric',
      client_secret: `${SECRET}-of-32-bytes`,
      token_endpoint_auth_method: 'client_secret_jwt',
    };
    const text = stringify({
      issuer: 'http://localhost:8080',
      database,
      master_secret,
      clients: [WEB_APP, symmetric],
      users: USERS,
    });
    const app = await openTestApp(text, now);
    opened.push(app);
    return app;
  };
  const bytes = (): Buffer => Buffer.concat(readdirSync(path).map((name) => readFileSync(join(path, name))));
  return { open, bytes };
}
const providerOf = (app: App) => {
  const [provider] = app.opened();
  if (provider === undefined) throw new Error('no tenant');
  return provider;
};

test('no private key, client secret or password stands in the database (OIDC Core §16.1)', async (t) => {
  const { open, bytes } = folder(t);
  const provider = providerOf(await open(MASTER));
  const { privateKey } = await provider.keyring.current('ES256');
  const file = bytes();
  assert.ok(file.length > 10_000);
  for (const form of [
    privateKey.export({ format: 'der', type: 'pkcs8' }),
    Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url'),
  ]) {
    assert.equal(file.includes(form), false);
  }
  for (const secret of [
    SECRET,
    'wonderland',
    MASTER,
    privateKey.export({ format: 'jwk' }).d ?? '-',
    'PRIVATE KEY',
  ])
    assert.equal(file.includes(secret), false, secret);
});

test('another master secret opens nothing, and says so', async (t) => {
  const { open } = folder(t);
  await open(MASTER);
  await assert.rejects(
    open(`${MASTER}!`),
    (fault: unknown) => fault instanceof WrongMasterSecret && fault.message.includes('master_secret'),
  );
});

test('keys survive a restart, and a second node signs with the same', async (t) => {
  const { open } = folder(t);
  const [one, two] = [providerOf(await open(MASTER)), providerOf(await open(MASTER))];
  assert.equal((await one.keyring.current('ES256')).kid, (await two.keyring.current('ES256')).kid);
});

test('two nodes that rotate at once publish one new key, and both know it (OIDC Core §10.1.1)', async (t) => {
  const { open } = folder(t);
  const nodes = [
    providerOf(await open(MASTER)),
    providerOf(await open(MASTER)),
    providerOf(await open(MASTER)),
  ];
  const rotated = await Promise.all(nodes.map(({ keyring }) => keyring.rotate('ES256', 'after-lead')));
  assert.deepEqual(rotated.filter(Boolean), [true]);
  for (const { keyring } of nodes) assert.equal((await keyring.published()).length, 2);
});

test('two nodes that need a first key at once make one', async (t) => {
  const { open } = folder(t);
  const nodes = [
    providerOf(await open(MASTER)),
    providerOf(await open(MASTER)),
    providerOf(await open(MASTER)),
  ];
  const keys = await Promise.all(nodes.map(({ keyring }) => keyring.current('RS256')));
  assert.equal(new Set(keys.map(({ kid }) => kid)).size, 1);
});

test('a node notices at once that another one, or the command line, has rotated', async (t) => {
  const { open } = folder(t);
  const [one, two] = [providerOf(await open(MASTER)), providerOf(await open(MASTER))];
  await two.keyring.current('ES256');
  await one.keyring.rotate('ES256', 'now');
  assert.equal((await two.keyring.current('ES256')).kid, (await one.keyring.current('ES256')).kid);
});
