import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_GROUPS } from '../../../src/model/group.ts';
import {
  fiftyAtOnce,
  HOSTILE,
  household,
  NOW,
  newEvent,
  newGroup,
  newUser,
  type OpenStore,
} from '../samples.ts';

/** Groups and who is in them. */
export function groupContract(openStore: OpenStore): void {
  test('of fifty groups of one name one is made, and what is said of it is changed by whoever saw it last', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const group = newGroup(HOSTILE, { display_name: 'Name' });
    const create = () => store.createGroup(tenant, { ...group, event: newEvent('made') }, NOW);
    assert.deepEqual(await fiftyAtOnce(create), { created: 1, duplicate: 49 });
    const change = (index: number) => {
      const changed = { ...group, description: `${index}`, source: 'file', version: 1 } as const;
      return store.changeGroup(tenant, { ...changed, event: newEvent('changed') }, NOW + 1);
    };
    assert.deepEqual(await fiftyAtOnce(change), { changed: 1, stale: 49 });
    const { id: _, description, ...found } = (await store.findGroup(tenant, HOSTILE)) ?? assert.fail();
    assert.match(description ?? '', /^\d+$/);
    const times = { created_at: NOW, updated_at: NOW + 1 };
    const told = { name: HOSTILE, display_name: 'Name', source: 'file', version: 2, members: 0 };
    assert.deepEqual(found, { ...told, ...times });
    const remove = () => store.deleteGroup(tenant, HOSTILE, newEvent('removed'));
    assert.deepEqual([await remove(), await remove()], ['deleted', 'unknown']);
    for (const action of ['made', 'changed', 'removed'])
      assert.equal((await store.listEvents(tenant, { action, atMost: 9 })).length, 1, action);
  });

  test('somebody is put into a group once, which is another version of them, and is recorded', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    await store.createGroup(tenant, newGroup('staff'), NOW);
    const member = { group: 'staff', user_id: user };
    const versionNow = async () => (await store.findUser(tenant, user))?.version;
    const add = () => store.addMember(tenant, { ...member, event: newEvent('added') }, NOW);
    assert.deepEqual(await fiftyAtOnce(add), { added: 1, unchanged: 49 });
    assert.equal(await versionNow(), 2);
    assert.equal((await store.findGroup(tenant, 'staff'))?.members, 1);
    const remove = () => store.removeMember(tenant, { ...member, event: newEvent('gone') }, NOW);
    assert.deepEqual(await fiftyAtOnce(remove), { removed: 1, unchanged: 49 });
    assert.equal(await versionNow(), 3);
    assert.equal(await store.addMember(tenant, { group: 'nothing', user_id: user }, NOW), 'unchanged');
    assert.equal(await store.addMember(tenant, { group: 'staff', user_id: user + 9 }, NOW), 'unchanged');
    for (const action of ['added', 'gone'])
      assert.equal((await store.listEvents(tenant, { action, atMost: 9 })).length, 1, action);
  });

  test('members and groups are told page by page, each once', async (t) => {
    const store = await openStore(t);
    const { tenant, user: alice } = await household(store);
    for (const name of ['b', 'A', 'c'])
      await store.createGroup(tenant, newGroup(name, { display_name: `The ${name}s` }), NOW);
    for (const username of ['zoe', 'bob', 'mia'])
      await store.createUser(tenant, newUser(username, { groups: ['b', 'c', 'nothing'] }), NOW);
    await store.addMember(tenant, { group: 'b', user_id: alice }, NOW);
    const seen: string[] = [];
    for (let after = 0; ; ) {
      const page = await store.pageMembers(tenant, 'b', { after, atMost: 2 });
      seen.push(...page.map(({ username }) => username));
      if (page.length < 2) break;
      after = page.at(-1)?.id ?? 0;
    }
    assert.deepEqual(seen, ['alice', 'zoe', 'bob', 'mia']);
    const names = async (page: object) =>
      (await store.pageGroups(tenant, { after: '', atMost: 9, ...page })).map(({ name }) => name).toSorted();
    assert.deepEqual(await names({}), ['A', 'b', 'c']);
    assert.deepEqual(await names({ text: 'THE C' }), ['c']);
    assert.deepEqual(await names({ text: '%' }), []);
    assert.deepEqual(await names({ source: 'file' }), []);
    const [first, ...later] = await names({ atMost: 1 });
    assert.deepEqual(later, []);
    assert.equal((await names({ after: first })).length, 2);
    assert.deepEqual(await store.findGroupNames(tenant, ['c', 'nothing', 'A']), ['A', 'c']);
    assert.deepEqual(await store.findGroupNames(tenant, []), []);
    const zoe = (await store.findUserByName(tenant, 'zoe'))?.id ?? 0;
    assert.deepEqual(
      await store.listMemberships(tenant, [zoe, alice]),
      [
        { user_id: alice, group: 'b' },
        { user_id: zoe, group: 'b' },
        { user_id: zoe, group: 'c' },
      ].toSorted((one, other) => (one.group < other.group ? -1 : 1)),
    );
    assert.deepEqual(await store.listMemberships(tenant, []), []);
  });

  test('nobody is in a group any more that is gone, nor is somebody who is gone, and comes back', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    await store.createGroup(tenant, newGroup('staff'), NOW);
    await store.createGroup(tenant, newGroup('other'), NOW);
    for (const group of ['staff', 'other']) await store.addMember(tenant, { group, user_id: user }, NOW);
    await store.deleteGroup(tenant, 'staff');
    await store.createGroup(tenant, newGroup('staff'), NOW);
    assert.deepEqual(await store.listMemberships(tenant, [user]), [{ user_id: user, group: 'other' }]);
    await store.deleteUser(tenant, user, NOW);
    assert.equal((await store.findGroup(tenant, 'other'))?.members, 0);
    await store.restoreUser(tenant, 'sub-of-alice', newEvent('restored'), NOW);
    const back = (await store.findUserByName(tenant, 'alice'))?.id ?? 0;
    assert.deepEqual(await store.listMemberships(tenant, [user, back]), []);
  });

  test('a change of a person replaces their groups, or leaves them; who saw another version changes none', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    for (const name of ['a', 'b', 'c']) await store.createGroup(tenant, newGroup(name), NOW);
    const event = newEvent('changed');
    const replace = (version: number, groups?: readonly string[]) =>
      store.replaceUser(
        tenant,
        { id: user, username: 'alice', claims: {}, role: 'user', groups, version, event },
        NOW,
      );
    const groups = async () => (await store.listMemberships(tenant, [user])).map(({ group }) => group);
    assert.equal(await replace(1, ['a', 'b', 'nothing']), 'changed');
    assert.deepEqual(await groups(), ['a', 'b']);
    assert.equal(await replace(2), 'changed');
    assert.equal(await replace(2, ['c']), 'stale');
    assert.deepEqual(await groups(), ['a', 'b']);
    assert.equal(await replace(3, []), 'changed');
    assert.deepEqual(await groups(), []);
  });

  test('nobody is in more groups than a token can tell of', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    const names = Array.from({ length: MOST_GROUPS + 1 }, (_, index) => `group ${index}`);
    await Promise.all(names.map((name) => store.createGroup(tenant, newGroup(name), NOW)));
    const outcomes = await Promise.all(
      names.map((group) => store.addMember(tenant, { group, user_id: user }, NOW)),
    );
    assert.equal(outcomes.filter((outcome) => outcome === 'unchanged').length, 1);
    assert.equal((await store.listMemberships(tenant, [user])).length, MOST_GROUPS);
  });
}
