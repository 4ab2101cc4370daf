import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { ROOT, SUE, signedIn, startWithApi } from '../api/support.ts';
import { basic, post } from '../support/person.ts';
import { SECRET, type Signet } from '../support/signet.ts';
import { signedInAt } from './elsewhere.ts';
import { signet } from './here.ts';
import type { Given } from './program.ts';

const SHOP = {
  client_id: 'shop',
  client_name: 'Shop',
  client_secret_file: 'secrets/shop',
  grant_types: ['client_credentials'],
  scope: 'email',
};
const DORA = { username: 'dora', password_env: 'DORA_PASSWORD', claims: { name: 'Dora' } };

async function afar(t: TestContext, account = ROOT) {
  const server = await startWithApi(t);
  const signedInThere = await signedInAt(t, server, account);
  const given = { ...signedInThere, env: { ...signedInThere.env, DORA_PASSWORD: 'tree-house-lantern' } };
  mkdirSync(join(given.cwd, 'secrets'));
  writeFileSync(join(given.cwd, 'secrets/shop'), SECRET);
  return { server, given };
}

function write(server: Signet, { cwd }: Given, keys: Readonly<Record<string, unknown>>): void {
  writeFileSync(join(cwd, 'signet.yaml'), stringify({ issuer: server.issuer, ...keys }));
}

const at = (server: Signet, given: Given, ...args: string[]) =>
  signet([...args, '--server', server.issuer], given);

test('a file is compared with a server and brought about there, secrets read where the file is', async (t) => {
  const { server, given } = await afar(t);
  const orders = { resource: 'https://orders.example', scope: 'orders:read' };
  write(server, given, {
    scopes: [{ scope: 'orders:read', description: 'Your orders' }],
    resources: [orders],
    groups: [{ name: 'staff' }],
    clients: [{ ...SHOP, resources: [orders.resource] }],
    users: [{ ...DORA, groups: ['staff'] }],
  });
  const planned = await at(server, given, 'plan');
  assert.equal(planned.code, 2, planned.stderr);
  assert.match(planned.stdout, /^\+ client shop$/m);
  assert.match(planned.stdout, /^\+ user dora$/m);
  for (const made of ['scope orders:read', 'resource https://orders.example', 'group staff'])
    assert.ok(planned.stdout.split('\n').includes(`+ ${made}`), planned.stdout);
  assert.match(planned.stdout, /^! client web-app {2}stands in the file no more/m);
  assert.doesNotMatch(planned.stdout, new RegExp(`${SECRET}|tree-house`));
  assert.equal((await at(server, given, 'apply')).code, 5, 'nobody is there to be asked');
  const applied = await at(server, given, 'apply', '--yes');
  assert.equal(applied.code, 0, applied.stderr);
  assert.match(applied.stderr, /Made 5 changes\./);
  const form = { grant_type: 'client_credentials' };
  assert.equal((await post(server.url('/token'), form, basic('shop', SECRET))).status, 200);
  const again = await at(server, given, 'plan');
  assert.equal(again.code, 0, again.stdout);
  assert.match(again.stdout, /Nothing would change\./);
  assert.equal((await at(server, given, 'apply', '--yes')).code, 0);
  const { body } = await (await signedIn(server))('GET /audit?action=client.created&q=shop');
  const [event] = body['items'] as { actor: string; request_id: string | null }[];
  assert.notEqual(event?.actor, 'configuration file');
  assert.notEqual(event?.request_id, null);
});

test('what was changed by hand is told as drift, and a prune deletes what the file has made alone', async (t) => {
  const { server, given } = await afar(t);
  write(server, given, { clients: [SHOP], users: [DORA] });
  await at(server, given, 'apply', '--yes');
  await at(server, given, 'client', 'update', 'shop', '--name', 'By hand');
  await at(server, given, 'client', 'create', '--type', 'service', '--id', 'by-hand');
  const drift = await at(server, given, 'plan');
  assert.match(drift.stdout, /^~ client shop\n {4}client_name {2}By hand → Shop$/m);
  write(server, given, { clients: [], users: [{ ...ROOT, role: 'admin', claims: { name: 'Root' } }] });
  const pruned = await at(server, given, 'apply', '--prune', '--yes');
  assert.equal(pruned.code, 0, pruned.stderr);
  assert.match(pruned.stdout, /^- client shop {2}/m);
  const left = await at(server, given, 'client', 'list', '-q');
  assert.equal(left.stdout, 'by-hand\n');
});

test('a plan that somebody has overtaken is not carried out, and the last administrator stays', async (t) => {
  const { server } = await afar(t);
  const root = await signedIn(server);
  const job = { client_id: 'job', client_secret: SECRET, grant_types: ['client_credentials'] };
  const wanted = { clients: [job], users: [] };
  const { body: first } = await root('POST /plan', { body: wanted });
  await root('POST /clients', { body: job });
  const stale = await root('POST /apply', { body: { ...wanted, plan: first['plan'] } });
  assert.equal(stale.status, 412);
  const { body: second } = await root('POST /plan', { body: wanted });
  assert.deepEqual(
    (second['steps'] as { action: string }[]).map(({ action }) => action),
    ['adopt'],
  );
  assert.equal((await root('POST /apply', { body: { ...wanted, plan: second['plan'] } })).status, 200);
  const alone = { clients: [], users: [{ username: ROOT.username, role: 'user' }] };
  const { body: third } = await root('POST /plan', { body: alone });
  const last = await root('POST /apply', { body: { ...alone, plan: third['plan'] } });
  assert.equal(last.status, 409);
  assert.match(String(last.body['detail']), /No administrator/);
});

test('who may not change what a plan touches carries none of it out', async (t) => {
  const { server, given } = await afar(t, SUE);
  write(server, given, { clients: [SHOP] });
  assert.equal((await at(server, given, 'plan')).code, 2, 'support reads everything');
  const refused = await at(server, given, 'apply', '--yes');
  assert.equal(refused.code, 5);
  assert.match(refused.stderr, /The role support does not open this/);
  write(server, given, { users: [{ username: 'eve', role: 'admin' }] });
  const role = await at(server, given, 'apply', '--yes');
  assert.equal(role.code, 5);
  assert.match(role.stderr, /gives or changes the role admin/);
  write(server, given, { users: [{ username: 'eve', sub: 'that-of-somebody' }] });
  const sub = await at(server, given, 'apply', '--yes');
  assert.equal(sub.code, 5);
  assert.match(sub.stderr, /chooses the sub/);
  const root = await signedIn(server);
  assert.equal((await root('POST /groups', { body: { name: 'staff' } })).status, 201);
  for (const username of ['eve', 'bob']) {
    write(server, given, { users: [{ username, groups: ['staff'] }] });
    const group = await at(server, given, 'apply', '--yes');
    assert.equal(group.code, 5, group.stdout);
    assert.match(group.stderr, /The role support does not open this/);
  }
  assert.equal((await root('GET /groups/staff')).body['members'], 0);
  assert.equal((await root('GET /clients/shop')).status, 404);
});

test('a faulty body is refused with every fault, and a large one is taken', async (t) => {
  const { server } = await afar(t);
  const root = await signedIn(server);
  const twice = {
    client_id: 'twice',
    token_endpoint_auth_method: 'none',
    redirect_uris: ['https://a.example/'],
  };
  const { status, body } = await root('POST /plan', {
    body: {
      clients: [{ client_id: 'bad', client_secret: 'x', redirect_uris: ['*'] }, 7, twice, twice],
      users: [{ username: 'a\u0007b' }],
      prune: 'yes',
      strange: 1,
    },
  });
  assert.equal(status, 422);
  const pointers = (body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer);
  for (const pointer of [
    '/strange',
    '/prune',
    '/clients/0/redirect_uris/0',
    '/clients/1',
    '/users/0/username',
  ])
    assert.ok(pointers.includes(pointer), `${pointer} in ${pointers.join(' ')}`);
  for (const wrong of [{ clients: {} }, [], '7', { clients: [null] }])
    assert.equal((await root('POST /plan', { body: wrong })).status, 422, JSON.stringify(wrong));
  assert.equal((await root('POST /apply', { body: { clients: [] } })).status, 422, 'no plan is named');
  const many = Array.from({ length: 1000 }, (_, index) => ({ ...twice, client_id: `many-${index}` }));
  const large = await root('POST /plan', { body: { clients: many } });
  assert.equal((large.body['steps'] as unknown[]).length, 1000);
  const huge = await root('POST /plan', { body: { clients: [{ client_name: 'x'.repeat(5_000_000) }] } });
  assert.equal(huge.status, 413);
});

test('a server is written as a file, which applied to an empty one gives the same', async (t) => {
  const { server, given } = await afar(t);
  write(server, given, { clients: [SHOP], users: [DORA] });
  await at(server, given, 'apply', '--yes');
  const exported = await at(server, given, 'export', '--to', 'copy.yaml');
  assert.equal(exported.code, 0, exported.stderr);
  assert.match(exported.stderr, /secrets\/client-shop/);
  assert.equal(statSync(join(given.cwd, 'copy.yaml')).mode & 0o777, 0o600);
  const { clients, users } = parse(readFileSync(join(given.cwd, 'copy.yaml'), 'utf8')) as Record<
    string,
    Record<string, unknown>[]
  >;
  assert.ok(clients?.some(({ client_id }) => client_id === 'shop'));
  assert.ok(users?.some(({ username, sub }) => username === 'dora' && typeof sub === 'string'));
  assert.doesNotMatch(JSON.stringify({ clients, users }), /argon2|tree-house|password/);
  const other = await startWithApi(t, { clients: [], users: [{ ...ROOT, role: 'admin' }] });
  const there = await signedInAt(t, other, ROOT);
  mkdirSync(join(there.cwd, 'secrets'));
  for (const { client_secret_file: file } of clients ?? [])
    if (typeof file === 'string') writeFileSync(join(there.cwd, file), SECRET);
  // The one who is there has a sub already.
  write(other, there, { clients, users: users?.filter(({ username }) => username !== ROOT.username) });
  const applied = await at(other, there, 'apply', '--yes');
  assert.equal(applied.code, 0, applied.stderr);
  const copy = parse((await at(other, there, 'export')).stdout) as Record<string, Record<string, unknown>[]>;
  assert.deepEqual(copy['clients'], clients);
  const named = (list: Record<string, unknown>[] | undefined) =>
    list?.filter(({ username }) => username !== ROOT.username);
  assert.deepEqual(named(copy['users']), named(users));
});

test('a file for another issuer, secrets from afar and an old server are refused', async (t) => {
  const { server, given } = await afar(t);
  writeFileSync(join(given.cwd, 'signet.yaml'), stringify({ issuer: 'https://id.example.com' }));
  const other = await at(server, given, 'plan');
  assert.equal(other.code, 1);
  assert.match(other.stderr, /The file describes https:\/\/id\.example\.com, and at /);
  const secrets = await at(server, given, 'export', '--with-secrets', '--to', 'x.yaml');
  assert.equal(secrets.code, 2);
  assert.match(secrets.stderr, /leave a server by no other way/);
  assert.equal((await signet(['plan', '--server', 'https://id.example.com'], given)).code, 1);
});
