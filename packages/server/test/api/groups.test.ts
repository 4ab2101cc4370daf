import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { listAudit } from '../../src/admin/audit.ts';
import { MOST_GROUPS } from '../../src/model/group.ts';
import { claimsOf, tokensFor, userinfo } from '../support/person.ts';
import type { Signet } from '../support/signet.ts';
import { type Caller, itemsOf, SUE, service, signedIn, startWithApi } from './support.ts';

let signet: Signet;
let call: Caller;
let alice: string;

const ends: (() => Promise<void>)[] = [];
before(async () => {
  signet = await startWithApi({ after: (end) => ends.push(end) });
  call = await signedIn(signet);
  alice = await subOf('alice');
});
after(async () => {
  for (const end of ends) await end();
});

async function subOf(username: string): Promise<string> {
  return String(
    itemsOf(await call(`GET /users?q=${username}`)).find((one) => one['username'] === username)?.['sub'],
  );
}

const names = (answer: Awaited<ReturnType<Caller>>, member = 'name') =>
  itemsOf(answer).map((one) => one[member]);

const HARD = 'R&D / "Große" 🔐';

test('a group is made, told, changed by who saw it last, found and deleted', async () => {
  const body = { name: HARD, display_name: 'Research' };
  const made = await call('POST /groups', { body });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const path = `/groups/${encodeURIComponent(HARD)}`;
  assert.equal(made.headers.get('location'), signet.url(`/api/v1${path}`));
  const { created_at, updated_at, ...told } = made.body;
  const expected = { name: HARD, display_name: 'Research', description: null, members: 0, source: 'manual' };
  assert.deepEqual(told, { ...expected, version: 1 });
  assert.equal(created_at, updated_at);
  assert.equal((await call('POST /groups', { body })).status, 409);
  const patch = (fields: object, version = 1) =>
    call(`PATCH ${path}`, { body: fields, headers: { 'if-match': `"${version}"` } });
  const all = await Promise.all(['a', 'b', 'c'].map((description) => patch({ description })));
  assert.deepEqual(
    all.map(({ status }) => status).toSorted((one, other) => one - other),
    [200, 412, 412],
  );
  const cleared = await patch({ display_name: null, description: 'For all' }, 2);
  assert.deepEqual([cleared.body['display_name'], cleared.body['description']], [null, 'For all']);
  assert.equal((await call(`PATCH ${path}`, { body: {} })).status, 428);
  assert.deepEqual(names(await call('GET /groups?q=große')), [HARD]);
  assert.deepEqual(names(await call('GET /groups?source=file')), []);
  assert.equal((await call(`DELETE ${path}`)).status, 204);
  for (const line of [
    `GET ${path}`,
    `DELETE ${path}`,
    `GET ${path}/members`,
    'GET /groups/%00',
    'GET /groups/%FF',
  ])
    assert.equal((await call(line)).status, 404, line);
  const description = all.find(({ status }) => status === 200)?.body['description'];
  const events = await listAudit(signet.provider, { subject: HARD, atMost: 9 });
  assert.deepEqual(
    events.map(({ action, facts }) => [action, facts['before'], facts['after']]),
    [
      ['group.deleted', undefined, undefined],
      [
        'group.updated',
        { display_name: 'Research', description },
        { display_name: null, description: 'For all' },
      ],
      ['group.updated', { description: null }, { description }],
      ['group.created', undefined, { display_name: 'Research', description: null }],
    ],
  );
});

test('what is no group is refused with every fault of it', async () => {
  const faulty = async (body: unknown, line = 'POST /groups', headers = {}) => {
    const answer = await call(line, { body, headers });
    const errors = answer.body['errors'] as readonly { pointer: string }[] | undefined;
    return [answer.status, errors?.map(({ pointer }) => pointer)];
  };
  assert.deepEqual(await faulty({}), [422, ['/name']]);
  assert.deepEqual(await faulty({ name: ' x', description: 7, members: 1 }), [
    422,
    ['/members', '/name', '/description'],
  ]);
  for (const name of ['', 'x'.repeat(201), 'a\nb', 'a\u202eb', 7, null, ['x']])
    assert.deepEqual(await faulty({ name }), [422, ['/name']], JSON.stringify(name));
  for (const body of [null, [], '"x"', 7]) assert.equal((await faulty(body))[0], 422, JSON.stringify(body));
  await call('POST /groups', { body: { name: 'fixed' } });
  const match = { 'if-match': '"1"' };
  assert.deepEqual(await faulty({ name: 'other' }, 'PATCH /groups/fixed', match), [422, ['/name']]);
  assert.deepEqual(await faulty([], 'PATCH /groups/fixed', match), [422, ['']]);
  assert.equal((await call('POST /groups/fixed')).status, 405);
});

test('people are put into a group and taken out of it, and told with their groups', async () => {
  await call('POST /groups', { body: { name: 'staff' } });
  const [bob, root] = [await subOf('bob'), await subOf('root')];
  for (const sub of [bob, alice, root, alice])
    assert.equal((await call(`PUT /groups/staff/members/${sub}`)).status, 204);
  const first = await call('GET /groups/staff/members?limit=2');
  const rest = await call(`GET /groups/staff/members?limit=2&after=${String(first.body['next'])}`);
  assert.deepEqual([...names(first, 'username'), ...names(rest, 'username')], ['alice', 'bob', 'root']);
  assert.equal(rest.body['next'], null);
  assert.equal((await call('GET /groups/staff')).body['members'], 3);
  const user = await call(`GET /users/${alice}`);
  assert.deepEqual(user.body['groups'], ['staff']);
  assert.deepEqual(itemsOf(await call('GET /users?q=bob'))[0]?.['groups'], ['staff']);
  for (let times = 0; times < 2; times += 1)
    assert.equal((await call(`DELETE /groups/staff/members/${alice}`)).status, 204);
  assert.notEqual((await call(`GET /users/${alice}`)).headers.get('etag'), user.headers.get('etag'));
  for (const line of [
    `PUT /groups/nothing/members/${bob}`,
    'PUT /groups/staff/members/nobody',
    'DELETE /groups/staff/members/nobody',
  ])
    assert.equal((await call(line)).status, 404, line);
  const events = (await listAudit(signet.provider, { subject: 'staff', atMost: 99 })).map(
    ({ action, facts }) => [action, facts['user']],
  );
  assert.deepEqual(
    events.filter(([, sub]) => sub === alice),
    [
      ['group.member_removed', alice],
      ['group.member_added', alice],
    ],
  );
});

test('a person is made and changed with groups that there are, all of them or none', async () => {
  for (const name of ['one', 'two']) await call('POST /groups', { body: { name } });
  const body = { username: 'carol', groups: ['two', 'one', 'two'] };
  const refused = await call('POST /users', { body: { ...body, groups: ['one', 'nothing', 'two'] } });
  assert.deepEqual(
    [refused.status, (refused.body['errors'] as { pointer: string }[])[0]?.pointer],
    [422, '/groups/1'],
  );
  const made = await call('POST /users', { body });
  assert.deepEqual([made.status, made.body['groups']], [201, ['one', 'two']]);
  const path = `/users/${String(made.body['sub'])}`;
  let tag = made.headers.get('etag') ?? '';
  const patch = async (fields: object) => {
    const answer = await call(`PATCH ${path}`, { body: fields, headers: { 'if-match': tag } });
    tag = answer.headers.get('etag') ?? tag;
    return [answer.status, answer.body['groups']];
  };
  assert.deepEqual(await patch({ claims: { name: 'Carol' } }), [200, ['one', 'two']]);
  assert.deepEqual(await patch({ groups: ['two'] }), [200, ['two']]);
  assert.equal((await patch({ groups: ['nothing'] }))[0], 422);
  assert.equal((await patch({ groups: 'two' }))[0], 422);
  assert.deepEqual(await patch({ groups: null }), [200, []]);
  const sub = String(made.body['sub']);
  const changes = await listAudit(signet.provider, { action: 'user.updated', subject: sub, atMost: 9 });
  assert.deepEqual(
    changes.map(({ facts }) => facts),
    [
      { changed: ['groups'], before: { groups: ['two'] }, after: { groups: [] } },
      { changed: ['groups'], before: { groups: ['one', 'two'] }, after: { groups: ['two'] } },
      { changed: ['claims.name'], before: {}, after: { 'claims.name': 'Carol' } },
    ],
  );
  const many = Array.from({ length: MOST_GROUPS + 1 }, (_, index) => `g${index}`);
  assert.equal((await patch({ groups: many }))[0], 422);
});

test('groups are given by who may change groups, and members are told to who may read users', async () => {
  await call('POST /groups', { body: { name: 'given' } });
  const sue = await signedIn(signet, SUE);
  const etag = (await sue(`GET /users/${alice}`)).headers.get('etag') ?? '';
  const groups = { body: { groups: ['given'] }, headers: { 'if-match': etag } };
  assert.equal((await sue(`PATCH /users/${alice}`, groups)).status, 403);
  assert.equal((await sue('POST /users', { body: { username: 'dave', groups: ['given'] } })).status, 403);
  assert.equal((await sue(`PUT /groups/given/members/${alice}`)).status, 403);
  const reader = await service(signet, 'robot', 'signet:groups:read');
  assert.equal((await reader('GET /groups')).status, 200);
  assert.equal((await reader('GET /groups/given/members')).status, 403);
  assert.equal((await reader('DELETE /groups/given')).status, 403);
});

test('an application is told the groups by the scope of that name, as they are at that moment', async () => {
  await call('POST /groups', { body: { name: 'editors' } });
  const tokens = (scope: string) => tokensFor(signet, { scope });
  const told = async ({ id_token = '', access_token = '' }: Record<string, string>) => [
    claimsOf(id_token)['groups'],
    claimsOf(access_token)['groups'],
    (await userinfo(signet, access_token)).body['groups'],
  ];
  assert.deepEqual(await told(await tokens('openid groups')), [undefined, undefined, undefined]);
  await call(`PUT /groups/editors/members/${alice}`);
  const set = await tokens('openid groups');
  assert.deepEqual(await told(set), [['editors'], ['editors'], ['editors']]);
  assert.deepEqual(await told(await tokens('openid profile')), [undefined, undefined, undefined]);
  await call('DELETE /groups/editors');
  assert.equal((await userinfo(signet, set['access_token'] ?? '')).body['groups'], undefined);
});
