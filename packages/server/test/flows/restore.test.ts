import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { requireMasterSecretOf } from '../../src/keys/tenant-secrets.ts';
import { type Cut, cutPostgres, cutSqliteFile, epochAfter } from '../../src/store/cut.ts';
import { backupSqlite } from '../../src/store/sqlite-backup.ts';
import { restoreSqlite } from '../../src/store/sqlite-restore.ts';
import { temporaryFolder } from '../store/temporary.ts';
import {
  answerOf,
  basic,
  claimsOf,
  exchange,
  personAt,
  post,
  refresh,
  request,
  tokensFor,
  userinfo,
} from '../support/person.ts';
import { findPostgres, startPostgres, withoutPostgres } from '../support/postgres.ts';
import { MASTER_SECRET, type Restarting, restarting } from '../support/restarting.ts';
import { BOB, REDIRECT, WEB_APP } from '../support/signet.ts';
import { newClientKey } from '../support/tokens.ts';

type Site = Restarting['signet'];

const introspect = async (signet: Site, token: unknown): Promise<unknown> =>
  (await post(signet.url('/introspect'), { token: String(token) }, basic())).body['active'];

const serviceToken = async (signet: Site): Promise<string> => {
  const { body } = await post(signet.url('/token'), { grant_type: 'client_credentials', scope: '' }, basic());
  return String(body['access_token']);
};

const revoke = async (signet: Site, token: string): Promise<void> => {
  assert.equal((await post(signet.url('/revoke'), { token }, basic())).status, 200);
};

const grantOf = (token: unknown): number =>
  Buffer.from(String(claimsOf(String(token))['jti']), 'base64url').readUIntBE(0, 6);

/** A provider on a file; `restore` stops it, puts the backup in its place and starts it a second later. */
async function restorable(t: TestContext, config: Record<string, unknown> = {}) {
  const folder = temporaryFolder(t);
  const [path, file] = [join(folder, 'signet.db'), join(folder, 'backup.db')];
  const provider = await restarting(t, config);
  const { signet } = provider;
  await provider.start(`sqlite:${path}`);
  const restore = async (cut: Cut): Promise<void> => {
    await provider.stop();
    const now = signet.clock.now();
    restoreSqlite({
      from: file,
      path,
      draft: `${path}.draft`,
      replace: true,
      aside: `${path}.aside`,
      cut,
      now,
      epoch: epochAfter(now),
      requireOwner: (tenants) => requireMasterSecretOf(Buffer.from(MASTER_SECRET), tenants),
    });
    signet.clock.advance(1000);
    await provider.start(`sqlite:${path}`);
  };
  return { signet, path, backup: () => backupSqlite(path, file, `${file}.draft`), restore };
}

test('what was revoked, signed out or spent after the backup does not live again', async (t) => {
  const { signet, backup, restore } = await restorable(t);
  const person = personAt(signet);
  const tokens = await tokensFor(signet, {}, person);
  const service = await serviceToken(signet);
  const { code = '' } = answerOf(await person.grant(request()));
  await backup();
  await revoke(signet, service);
  await revoke(signet, tokens['refresh_token'] ?? '');
  assert.equal((await exchange(signet, code)).status, 200);
  await restore('all');
  assert.equal(await introspect(signet, service), false);
  assert.equal(await introspect(signet, tokens['access_token']), false);
  assert.equal(await introspect(signet, tokens['refresh_token']), false);
  assert.equal((await userinfo(signet, tokens['access_token'] ?? '')).status, 401);
  assert.equal((await refresh(signet, tokens['refresh_token'] ?? '')).body['error'], 'invalid_grant');
  assert.equal((await exchange(signet, code)).body['error'], 'invalid_grant');
  const silent = answerOf(await person.authorize(request({ prompt: 'none' })));
  assert.equal(silent['error'], 'login_required');
});

test('after a restore people sign in and clients get tokens as ever', async (t) => {
  const { signet, backup, restore } = await restorable(t);
  await tokensFor(signet);
  await backup();
  await restore('all');
  const tokens = await tokensFor(signet);
  assert.equal((await userinfo(signet, tokens['access_token'] ?? '')).body['name'], 'Alice Example');
  assert.equal((await refresh(signet, tokens['refresh_token'] ?? '')).status, 200);
  assert.equal(await introspect(signet, await serviceToken(signet)), true);
});

for (const cut of ['all', 'none'] as const) {
  test(`a token that was lost between backup and restore is never taken for another person's (cut: ${cut})`, async (t) => {
    const { signet, backup, restore } = await restorable(t);
    await tokensFor(signet);
    await backup();
    const lost = await tokensFor(signet);
    await restore(cut);
    const person = personAt(signet);
    const { code = '' } = answerOf(await person.grant(request(), BOB));
    const bobs = (await exchange(signet, code)).body;
    assert.notEqual(grantOf(bobs['access_token']), grantOf(lost['access_token']));
    assert.equal((await userinfo(signet, lost['access_token'] ?? '')).status, 401);
    assert.equal((await refresh(signet, lost['refresh_token'] ?? '')).body['error'], 'invalid_grant');
  });
}

test('an operator may let sessions and tokens from before the backup live on', async (t) => {
  const { signet, backup, restore } = await restorable(t);
  const person = personAt(signet);
  const tokens = await tokensFor(signet, {}, person);
  const service = await serviceToken(signet);
  await backup();
  await restore('none');
  assert.equal(await introspect(signet, service), true);
  assert.equal((await userinfo(signet, tokens['access_token'] ?? '')).status, 200);
  assert.equal((await refresh(signet, tokens['refresh_token'] ?? '')).status, 200);
  assert.ok(answerOf(await person.authorize(request({ prompt: 'none' })))['code']);
});

test('a client assertion from before the restore, which may have been used, is refused', async (t) => {
  const key = await newClientKey('ES256');
  const client = {
    client_id: 'signing',
    redirect_uris: [REDIRECT],
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [key.jwk] },
    scope: '',
  };
  const { signet, backup, restore } = await restorable(t, { clients: [WEB_APP, client] });
  const assertion = async (jti: string) => {
    const iat = Math.floor(signet.clock.now() / 1000);
    const claims = { iss: 'signing', sub: 'signing', aud: signet.issuer, iat, exp: iat + 60, jti };
    return key.sign(claims, { typ: 'JWT' });
  };
  const use = async (client_assertion: string) =>
    (
      await post(signet.url('/token'), {
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion,
      })
    ).status;
  await backup();
  const used = await assertion('one');
  assert.deepEqual([await use(used), await use(used)], [200, 401]);
  await restore('all');
  assert.equal(await use(used), 401);
  assert.equal(await use(await assertion('two')), 200);
});

/** All that a running server gave out is void as soon as it may know, and it goes on. */
async function cutsBesideTheServer(
  signet: Site,
  cut: (now: number, epoch: number) => void | Promise<void>,
): Promise<void> {
  const person = personAt(signet);
  const tokens = await tokensFor(signet, {}, person);
  const service = await serviceToken(signet);
  // Seen once, so that whatever is kept ready of it is.
  assert.deepEqual(
    [await introspect(signet, service), await introspect(signet, tokens['access_token'])],
    [true, true],
  );
  const now = signet.clock.now();
  await cut(now, epochAfter(now));
  signet.clock.advance(1000);
  assert.equal(await introspect(signet, service), false);
  assert.equal((await userinfo(signet, tokens['access_token'] ?? '')).status, 401);
  assert.equal((await refresh(signet, tokens['refresh_token'] ?? '')).body['error'], 'invalid_grant');
  assert.equal(answerOf(await person.authorize(request({ prompt: 'none' })))['error'], 'login_required');
  assert.equal(await introspect(signet, await serviceToken(signet)), true);
  assert.ok((await tokensFor(signet))['refresh_token']);
}

test('a running server on SQLite knows of a cut at once', async (t) => {
  const { signet, path } = await restorable(t);
  await cutsBesideTheServer(signet, (now, epoch) => cutSqliteFile(path, { now, epoch, cut: 'all' }));
});

test('after pg_restore and a cut what was revoked after the dump does not live again', {
  skip: withoutPostgres,
}, async (t) => {
  const cluster = await startPostgres();
  cluster.create('dumped');
  const url = cluster.url('dumped');
  const dump = join(temporaryFolder(t), 'signet.dump');
  const { signet, start, stop } = await restarting(t);
  t.after(() => cluster.stop());
  const tool = (name: string, ...args: string[]) => execFileSync(join(findPostgres() ?? '', name), args);
  await start(url);
  const service = await serviceToken(signet);
  const { refresh_token = '' } = await tokensFor(signet);
  tool('pg_dump', '--format=custom', `--file=${dump}`, url);
  await revoke(signet, service);
  await revoke(signet, refresh_token);
  const lost = await tokensFor(signet);
  await stop();
  tool('pg_restore', '--clean', '--if-exists', '--single-transaction', `--dbname=${url}`, dump);
  await cutPostgres(url, epochAfter(signet.clock.now()), 'all');
  signet.clock.advance(1000);
  await start(url);
  assert.equal(await introspect(signet, service), false);
  assert.equal((await refresh(signet, refresh_token)).body['error'], 'invalid_grant');
  const found = await tokensFor(signet);
  assert.notEqual(grantOf(found['access_token']), grantOf(lost['access_token']));
  assert.equal((await userinfo(signet, lost['access_token'] ?? '')).status, 401);
  await stop();
});

test('two running nodes on PostgreSQL know of a cut within a second', {
  skip: withoutPostgres,
}, async (t) => {
  const cluster = await startPostgres();
  cluster.create('cut');
  const url = cluster.url('cut');
  const { signet, start, stop } = await restarting(t);
  t.after(() => cluster.stop());
  await start(url);
  await start(url);
  await cutsBesideTheServer(signet, (_now, epoch) => cutPostgres(url, epoch, 'all'));
  await stop();
});
