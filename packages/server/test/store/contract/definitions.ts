import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Definition } from '../../../src/model/definition.ts';
import type { PlannedChange, Store } from '../../../src/store/store.ts';
import { DAY, fiftyAtOnce, HOSTILE, household, NOW, newEvent, type OpenStore } from '../samples.ts';

const scope = (name: string, over: object = {}): Definition => ({
  kind: 'scope',
  value: { scope: name, claims: [], ...over },
});
const resource = (name: string): Definition => ({
  kind: 'resource',
  value: { resource: name, name: HOSTILE },
});

const KEY = { kind: 'scope', name: 'orders' } as const;
const event = newEvent('scope.updated', { actor: 'dora' });

const create = (store: Store, tenant: number, definition: Definition, at = NOW) =>
  store.createDefinition(tenant, { definition, source: 'manual', event }, at);
const change = (store: Store, tenant: number, over: object, version?: number) =>
  store.changeDefinition(tenant, { definition: scope('orders', over), event }, NOW + 1, version);

/** Scopes, resources and settings, each with its versions. */
export function definitionContract(openStore: OpenStore): void {
  test('what is defined is found as it was said, each kind by itself, in the order of kind and name', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const settings: Definition = {
      kind: 'settings',
      value: { 'lifetimes.session': 60, display_name: HOSTILE },
    };
    for (const one of [scope(HOSTILE), scope('orders'), settings, resource('orders')])
      assert.equal(await create(store, tenant, one), 'created');
    const found = await store.listDefinitions(tenant);
    assert.deepEqual(
      found.map(({ kind, value }) => ({ kind, value })),
      [resource('orders'), scope(HOSTILE), scope('orders'), settings],
    );
    assert.deepEqual(await store.findDefinition(tenant, KEY), {
      ...scope('orders'),
      source: 'manual',
      version: 1,
      created_at: NOW,
      updated_at: NOW,
    });
    assert.equal(await store.findDefinition(tenant, { kind: 'scope', name: 'none' }), undefined);
  });

  test('a second one of the same name is refused, and neither recorded nor counted', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const outcomes = await fiftyAtOnce(() => create(store, tenant, scope('orders')));
    assert.deepEqual(outcomes, { created: 1, duplicate: 49 });
    assert.equal((await store.listEvents(tenant, { atMost: 99 })).length, 1);
    assert.equal(await store.countDefinitionChanges(tenant), 1);
  });

  test('a change is made to the version it rests on alone, and only then recorded and counted', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    assert.equal(await change(store, tenant, {}, 1), 'unknown');
    await create(store, tenant, scope('orders'));
    const outcomes = await fiftyAtOnce((index) => change(store, tenant, { description: `${index}` }, 1));
    assert.deepEqual(outcomes, { changed: 1, stale: 49 });
    assert.equal(await change(store, tenant, { description: 'whatever it was' }), 'changed');
    assert.equal((await store.findDefinition(tenant, KEY))?.version, 3);
    assert.equal((await store.listEvents(tenant, { atMost: 99 })).length, 3);
    assert.equal(await store.countDefinitionChanges(tenant), 3);
  });

  test('each change is a version with who made it, until it is gone or forgotten', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    await create(store, tenant, scope('orders'));
    await change(store, tenant, { claims: ['a'] });
    const versions = await store.listDefinitionVersions(tenant, KEY, { atMost: 9 });
    assert.deepEqual(versions, [
      { ...scope('orders', { claims: ['a'] }), version: 2, at: NOW + 1, actor: 'dora' },
      { ...scope('orders'), version: 1, at: NOW, actor: 'dora' },
    ]);
    assert.deepEqual(await store.findDefinitionVersion(tenant, KEY, 1), versions[1]);
    assert.equal(await store.findDefinitionVersion(tenant, KEY, 3), undefined);
    assert.deepEqual(await store.listDefinitionVersions(tenant, KEY, { before: 2, atMost: 9 }), [
      versions[1],
    ]);
    assert.deepEqual(
      await store.listDefinitionVersions(tenant, { ...KEY, kind: 'resource' }, { atMost: 9 }),
      [],
    );
    await store.deleteExpired(NOW + 400 * DAY + 1, 9);
    assert.deepEqual(await store.listDefinitionVersions(tenant, KEY, { atMost: 9 }), [versions[0]]);
  });

  test('what is deleted is gone with its versions, and comes as another one', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    await create(store, tenant, scope('orders'));
    await change(store, tenant, { claims: ['a'] });
    assert.equal(await store.deleteDefinition(tenant, { ...KEY, kind: 'resource' }, event), 'unknown');
    assert.equal(await store.deleteDefinition(tenant, KEY, event), 'deleted');
    assert.equal(await store.deleteDefinition(tenant, KEY, event), 'unknown');
    assert.equal(await store.findDefinition(tenant, KEY), undefined);
    assert.deepEqual(await store.listDefinitionVersions(tenant, KEY, { atMost: 9 }), []);
    await create(store, tenant, scope('orders'), NOW + 2);
    const [only, ...others] = await store.listDefinitionVersions(tenant, KEY, { atMost: 9 });
    assert.deepEqual([only?.version, only?.at, others], [1, NOW + 2, []]);
    assert.equal(await store.countDefinitionChanges(tenant), 4);
  });

  test('a plan makes, changes and deletes definitions, or does nothing', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    for (const name of ['old', 'orders']) await create(store, tenant, scope(name));
    const planned = (version: number): readonly PlannedChange[] => [
      {
        what: 'create definition',
        created: { definition: resource('new'), source: 'file', event },
        events: [],
      },
      {
        what: 'change definition',
        changed: { definition: scope('orders', { claims: ['a'] }), source: 'file', event },
        version,
        events: [],
      },
      { what: 'delete definition', key: { kind: 'scope', name: 'old' }, version: 1, events: [event] },
    ];
    const before = await store.listDefinitions(tenant);
    assert.equal(await store.applyPlan(tenant, planned(2), NOW + 1), 'stale');
    assert.deepEqual(await store.listDefinitions(tenant), before);
    assert.equal(await store.countDefinitionChanges(tenant), 2);
    assert.equal(await store.applyPlan(tenant, planned(1), NOW + 1), 'applied');
    assert.deepEqual(
      (await store.listDefinitions(tenant)).map(({ kind, value, source, version }) => [
        kind,
        value,
        source,
        version,
      ]),
      [
        ['resource', resource('new').value, 'file', 1],
        ['scope', scope('orders', { claims: ['a'] }).value, 'file', 2],
      ],
    );
    assert.equal((await store.listEvents(tenant, { atMost: 99 })).length, 5);
    assert.equal(await store.countDefinitionChanges(tenant), 5);
  });
}
