import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlannedChange, Store } from '../../../src/store/store.ts';
import {
  bytes,
  fiftyAtOnce,
  type Household,
  household,
  metadata,
  NOW,
  newEvent,
  newGroup,
  newUser,
  type OpenStore,
  SECRET,
} from '../samples.ts';

const OTHER = { digest: bytes('other'), sealed: bytes('sealed') };

const creation = (client_id: string): PlannedChange => ({
  what: 'create client',
  client: {
    metadata: metadata(client_id),
    secret: SECRET,
    source: 'file',
    event: newEvent('client.created'),
  },
  events: [],
});

const changeOfApp = (version: number): PlannedChange => ({
  what: 'change client',
  client: { metadata: metadata('app', { client_name: 'Planned' }), secret: OTHER, source: 'file' },
  version,
  events: [newEvent('client.updated')],
});

const changeOfAlice = (id: number, version: number): PlannedChange => ({
  what: 'change user',
  user: { id, claims: { name: 'Planned' }, role: 'admin', source: 'file' },
  version,
  password: { hash: '$argon2id$planned', seed_digest: 'seed' },
  disabled: true,
  groups: ['staff'],
  events: [newEvent('user.updated'), newEvent('user.disabled')],
});

/** One change of each kind, on a tenant with the client `app`, the client `old`, alice and bob. */
async function everyKind(store: Store, { tenant, user }: Household): Promise<readonly PlannedChange[]> {
  await store.createClient(tenant, { metadata: metadata('old'), secret: SECRET, source: 'file' }, NOW);
  await store.createUser(tenant, newUser('bob'), NOW);
  const bob = await store.findUserByName(tenant, 'bob');
  for (const name of ['old', 'kept']) await store.createGroup(tenant, newGroup(name), NOW);
  await store.addMember(tenant, { group: 'old', user_id: user }, NOW - 1);
  return [
    { what: 'create group', group: newGroup('staff', { source: 'file' }), events: [] },
    { what: 'change group', group: { ...newGroup('old'), description: 'Planned', version: 1 }, events: [] },
    { what: 'delete group', name: 'old', version: 2, events: [newEvent('group.deleted')] },
    creation('new'),
    changeOfApp(1),
    { what: 'delete client', client_id: 'old', version: 1, events: [newEvent('client.deleted')] },
    {
      what: 'create user',
      user: newUser('carol', { groups: ['staff', 'nothing'] }),
      disabled: true,
      events: [newEvent('user.created')],
    },
    changeOfAlice(user, 2),
    { what: 'delete user', id: bob?.id ?? 0, version: 1, events: [newEvent('user.deleted')] },
  ];
}

const viewOf = async (store: Store, { tenant, user, session }: Household) => ({
  clients: await store.listClients(tenant),
  users: await store.listUsers(tenant, { afterUsername: '', atMost: 9 }),
  alice: await store.findUser(tenant, user),
  session: await store.findSession(tenant, session),
  groups: await store.pageGroups(tenant, { after: '', atMost: 9 }),
  memberships: await store.listMemberships(tenant, [user, user + 1, user + 2]),
  events: await store.listEvents(tenant, { atMost: 99 }),
});

/** Plans: many changes in one step. */
export function planContract(openStore: OpenStore): void {
  test('a plan does all that it says, with what ends by it and the events that tell of it', async (t) => {
    const store = await openStore(t);
    const home = await household(store);
    const changes = await everyKind(store, home);
    assert.equal(await store.applyPlan(home.tenant, changes, NOW + 1), 'applied');
    const { clients, users, alice, session, groups, memberships, events } = await viewOf(store, home);
    assert.deepEqual(
      clients.map((client) => [client.metadata.client_id, client.version, client.source]),
      [
        ['app', 2, 'file'],
        ['new', 1, 'file'],
      ],
    );
    assert.equal(clients[0]?.metadata.client_name, 'Planned');
    assert.deepEqual(Buffer.from(clients[0]?.secret_digest ?? []), OTHER.digest);
    assert.deepEqual(
      users.map(({ username, disabled_at, role }) => [username, disabled_at, role]),
      [
        ['alice', NOW + 1, 'admin'],
        ['carol', NOW + 1, 'user'],
      ],
    );
    assert.deepEqual(
      [alice?.password_hash, alice?.seed_digest, alice?.claims, session?.ended_at],
      ['$argon2id$planned', 'seed', { name: 'Planned' }, NOW + 1],
    );
    assert.deepEqual(
      groups.map(({ name, source, members }) => [name, source, members]),
      [
        ['kept', 'manual', 0],
        ['staff', 'file', 2],
      ],
    );
    assert.deepEqual(
      memberships.map(({ group }) => group),
      ['staff', 'staff'],
    );
    assert.deepEqual(
      events.map(({ action }) => action).toReversed(),
      'group.deleted client.created client.updated client.deleted user.created user.updated user.disabled user.deleted'.split(
        ' ',
      ),
    );
  });

  test('a plan of which one change rests on what is no more does nothing at all', async (t) => {
    const store = await openStore(t);
    const home = await household(store);
    const { tenant, user } = home;
    const changes = await everyKind(store, home);
    const before = await viewOf(store, home);
    const outdated: readonly PlannedChange[] = [
      creation('app'),
      changeOfApp(2),
      { what: 'delete client', client_id: 'old', version: 7, events: [] },
      { what: 'delete client', client_id: 'nobody', version: 1, events: [] },
      { what: 'create user', user: newUser('alice', { sub: 'another' }), disabled: false, events: [] },
      { what: 'create user', user: newUser('dora', { sub: 'sub-of-alice' }), disabled: true, events: [] },
      changeOfAlice(user, 7),
      changeOfAlice(user + 99, 1),
      { what: 'delete user', id: user, version: 7, events: [] },
      { what: 'create group', group: newGroup('kept'), events: [] },
      { what: 'change group', group: { ...newGroup('old'), version: 7 }, events: [] },
      { what: 'delete group', name: 'old', version: 7, events: [] },
    ];
    for (const one of outdated) {
      const rest = changes.filter(({ what }) => what !== one.what);
      assert.equal(await store.applyPlan(tenant, [...rest, one], NOW + 1), 'stale', one.what);
      assert.deepEqual(await viewOf(store, home), before, one.what);
    }
  });

  test('of fifty plans for the same change at once exactly one is applied', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    const apply = () => store.applyPlan(tenant, [changeOfAlice(user, 1), changeOfApp(1)], NOW + 1);
    assert.deepEqual(await fiftyAtOnce(apply), { applied: 1, stale: 49 });
    assert.equal((await store.findClient(tenant, 'app'))?.version, 2);
  });

  test('a plan without changes is applied', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    assert.equal(await store.applyPlan(tenant, [], NOW), 'applied');
  });
}
