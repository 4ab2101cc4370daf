import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listAudit } from '../../src/admin/audit.ts';
import { personAt, request, tokensFor, userinfo } from '../support/person.ts';
import { type Caller, itemsOf, SUE, service, signedIn, startWithApi } from './support.ts';

const NEW = {
  username: 'Carol',
  password: 'a-good-long-password',
  claims: { name: 'Carol Ünal', email: 'Carol@Example.com' },
};

const subOf = async (call: Caller, username: string): Promise<string> =>
  String(
    itemsOf(await call(`GET /users?q=${username}`)).find((one) => one['username'] === username)?.['sub'],
  );

test('a person is created, signs in, is changed and found', async (t) => {
  const signet = await startWithApi(t);
  const call = await signedIn(signet);
  const created = await call('POST /users', { body: NEW });
  assert.equal(created.status, 201, JSON.stringify(created.body));
  assert.doesNotMatch(JSON.stringify(created.body), /password|hash|argon/);
  const { sub, ...told } = created.body;
  assert.equal(created.headers.get('location'), signet.url(`/api/v1/users/${String(sub)}`));
  assert.deepEqual(
    [told['username'], told['role'], told['groups'], told['version']],
    ['carol', 'user', [], 1],
  );
  assert.equal((await call('POST /users', { body: { ...NEW, username: 'CAROL' } })).status, 409);
  const tokens = await tokensFor(
    signet,
    {},
    { ...personAt(signet), grant: (parameters) => personAt(signet).grant(parameters, NEW) },
  );
  assert.equal((await userinfo(signet, tokens['access_token'] ?? '')).body['sub'], sub);
  const path = `/users/${String(sub)}`;
  const patch = await call(`PATCH ${path}`, {
    body: { username: 'caroline', claims: { name: null, nickname: 'C' } },
    headers: { 'if-match': '"1"' },
  });
  assert.equal(patch.status, 200, JSON.stringify(patch.body));
  assert.deepEqual(patch.body['claims'], { email: 'Carol@Example.com', nickname: 'C' });
  assert.deepEqual((await call(`GET ${path}`)).body, patch.body);
  assert.equal((await userinfo(signet, tokens['access_token'] ?? '')).status, 200, 'nothing ends by it');
  for (const q of ['AROLI', 'carol@example']) {
    const found = itemsOf(await call(`GET /users?q=${encodeURIComponent(q)}`));
    assert.deepEqual(
      found.map(({ username }) => username),
      ['caroline'],
      q,
    );
  }
});

test('every fault of a person is named, and no answer repeats a password', async (t) => {
  const call = await signedIn(await startWithApi(t));
  const refused = async (over: object) => {
    const { status, body } = await call('POST /users', { body: { ...NEW, ...over } });
    assert.doesNotMatch(JSON.stringify(body), /hunter2|12345678/);
    return [
      status,
      (body['errors'] as { pointer: string }[] | undefined)?.map(({ pointer }) => pointer).toSorted(),
    ];
  };
  assert.deepEqual(await refused({ role: 'root', claims: { email: 7 }, sub: undefined }), [
    422,
    ['/claims/email', '/role'],
  ]);
  assert.deepEqual(await refused({ sub: 'chosen' }), [422, ['/sub']]);
  assert.deepEqual(await refused({ password: 'hunter2' }), [422, ['/password']]);
  assert.deepEqual(await refused({ password: '12345678' }), [422, ['/password']]);
  assert.deepEqual(await refused({ claims: { sub: 'x' } }), [422, ['/claims/sub']]);
});

test('a lost change of a person is refused, and a name that is taken', async (t) => {
  const call = await signedIn(await startWithApi(t));
  const sub = await subOf(call, 'alice');
  const patch = (body: object, version = 1) =>
    call(`PATCH /users/${sub}`, { body, headers: { 'if-match': `"${version}"` } });
  const all = await Promise.all(['a', 'b', 'c'].map((nickname) => patch({ claims: { nickname } })));
  assert.equal(all.filter(({ status }) => status === 200).length, 1);
  assert.equal(all.filter(({ status }) => status === 412).length, 2);
  assert.equal((await patch({ username: 'bob' }, 2)).status, 409);
  assert.equal((await patch({ password: 'x', disabled: true }, 2)).status, 422);
  assert.equal((await call(`PATCH /users/${sub}`, { body: {} })).status, 428);
});

test('a password that is set, and a person who is disabled, end everything at once', async (t) => {
  const signet = await startWithApi(t);
  const call = await signedIn(signet);
  const sub = await subOf(call, 'alice');
  const { access_token = '' } = await tokensFor(signet);
  const { status, body } = await call(`POST /users/${sub}/password`);
  assert.equal(status, 200);
  assert.equal((await userinfo(signet, access_token)).status, 401);
  const made = { username: 'alice', password: String(body['password']) };
  const person = personAt(signet);
  assert.ok((await person.grant(request(), made)).location?.includes('code='));
  assert.equal((await call(`POST /users/${sub}/password`, { body: { password: 'alice' } })).status, 422);
  assert.equal((await call(`POST /users/${sub}/disable`)).body['disabled'], true);
  assert.doesNotMatch((await personAt(signet).grant(request(), made)).location ?? '', /code=/);
  assert.equal((await call(`POST /users/${sub}/enable`)).body['disabled'], false);
  assert.ok((await personAt(signet).grant(request(), made)).location?.includes('code='));
  const events = await listAudit(signet.provider, { subject: sub, atMost: 99 });
  assert.doesNotMatch(JSON.stringify(events), new RegExp(made.password));
  for (const action of ['user.password_set', 'user.disabled', 'user.enabled'])
    assert.ok(
      events.some((event) => event.action === action),
      action,
    );
});

test('a locked account is unlocked', async (t) => {
  const signet = await startWithApi(t);
  const call = await signedIn(signet);
  const sub = await subOf(call, 'alice');
  const { store, tenant } = signet.provider;
  const user = await store.findUserBySub(tenant.id, sub);
  await store.lockUser(tenant.id, user?.id ?? 0, 1);
  assert.deepEqual(
    itemsOf(await call('GET /users?locked=true')).map((one) => one['sub']),
    [sub],
  );
  assert.equal((await call(`POST /users/${sub}/unlock`)).body['locked'], false);
});

test('who supports people helps those without a role, and gives none', async (t) => {
  const signet = await startWithApi(t);
  const root = await signedIn(signet);
  const [alice, otto, admin] = await Promise.all(['alice', 'otto', 'root'].map((name) => subOf(root, name)));
  const helpers = {
    sue: await signedIn(signet, SUE),
    robot: await service(signet, 'robot', 'signet:users:write'),
  };
  for (const [name, call] of Object.entries(helpers)) {
    for (const sub of [otto, admin]) {
      for (const verb of ['password', 'disable', 'enable', 'unlock'])
        assert.equal((await call(`POST /users/${sub}/${verb}`)).status, 403, `${name}: ${verb}`);
      assert.equal((await call(`DELETE /users/${sub}`)).status, 403, name);
    }
    assert.equal((await call('POST /users', { body: { ...NEW, role: 'admin' } })).status, 403, name);
    const version = (await root(`GET /users/${alice}`)).headers.get('etag') ?? '';
    for (const role of ['admin', 'support', 'auditor']) {
      const patch = { body: { role }, headers: { 'if-match': version } };
      assert.equal((await call(`PATCH /users/${alice}`, patch)).status, 403, `${name}: ${role}`);
    }
    assert.equal((await call(`POST /users/${alice}/password`)).status, 200, name);
  }
  assert.equal((await root(`DELETE /users/${otto}`)).status, 204);
  assert.equal((await helpers.sue(`POST /users/${otto}/restore`)).status, 403);
  assert.equal((await root(`POST /users/${otto}/restore`)).status, 200);
});

test('the last administrator stays one', async (t) => {
  const call = await signedIn(await startWithApi(t));
  const sub = await subOf(call, 'root');
  const demotion = { body: { role: 'user' }, headers: { 'if-match': '"1"' } };
  assert.equal((await call(`PATCH /users/${sub}`, demotion)).status, 409);
  assert.equal((await call(`POST /users/${sub}/disable`)).status, 409);
  assert.equal((await call(`DELETE /users/${sub}`)).status, 409);
  await call('POST /users', { body: { ...NEW, role: 'admin' } });
  assert.equal((await call(`PATCH /users/${sub}`, demotion)).status, 200);
});

test('a deleted person is brought back as the same subject, and signed in nowhere', async (t) => {
  const signet = await startWithApi(t);
  const call = await signedIn(signet);
  const sub = await subOf(call, 'alice');
  const { access_token = '' } = await tokensFor(signet);
  assert.equal((await call(`DELETE /users/${sub}`)).status, 204);
  assert.equal((await userinfo(signet, access_token)).status, 401);
  assert.equal((await call(`GET /users/${sub}`)).status, 404);
  const [deleted] = itemsOf(await call('GET /deleted-users'));
  const me = (await call('GET /me')).body['sub'];
  assert.deepEqual([deleted?.['sub'], deleted?.['username'], deleted?.['deleted_by']], [sub, 'alice', me]);
  assert.equal((await call(`POST /users/${sub}/restore`)).status, 200);
  assert.equal((await userinfo(signet, access_token)).status, 401, 'what was revoked stays so');
  const again = await tokensFor(signet);
  assert.equal((await userinfo(signet, again['access_token'] ?? '')).body['sub'], sub);
  assert.equal((await call(`POST /users/${sub}/restore`)).status, 404);
});
