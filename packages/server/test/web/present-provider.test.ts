import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDefinition } from '../../src/admin/definitions.ts';
import { presentProvider } from '../../src/app/present-provider.ts';
import { PROFILES } from '../../src/profiles/profiles.ts';
import { StoreUnavailable } from '../../src/store/database.ts';
import { type Ending, startSignet } from '../support/signet.ts';

/** A provider that is followed, with what its store was asked for; it can be taken away. */
async function followed(t: Ending, patience = 60_000) {
  const signet = await startSignet(t);
  const { store } = signet.provider;
  const asked = { counts: 0, lists: 0 };
  let isAway = false;
  let answers = Promise.resolve();
  const provider = {
    ...signet.provider,
    store: {
      ...store,
      countDefinitionChanges: async (tenant: number) => {
        asked.counts += 1;
        if (isAway) throw new StoreUnavailable('away');
        await answers;
        return store.countDefinitionChanges(tenant);
      },
      listDefinitions: async (tenant: number) => {
        asked.lists += 1;
        return store.listDefinitions(tenant);
      },
    },
  };
  const configured = signet.app.config.tenants[0] ?? assert.fail('no tenant');
  const present = presentProvider(provider, configured, PROFILES, patience);
  await present.now();
  return {
    present,
    asked,
    clock: signet.clock,
    define: (scope: string) => createDefinition(provider, { kind: 'scope', value: { scope, claims: [] } }),
    away: (wish: boolean) => {
      isAway = wish;
    },
    /** Answers nothing until the promise is kept. */
    silentUntil: (promise: Promise<void>) => {
      answers = promise;
    },
  };
}

const scopesOf = async ({ present }: Awaited<ReturnType<typeof followed>>) =>
  Object.keys((await present.now()).tenant.scope_descriptions);

test('while nothing changes nothing is read, and the provider is the same and there at once', async (t) => {
  const { present, asked } = await followed(t);
  const first = present.now();
  for (let times = 0; times < 100; times += 1) assert.equal(present.now(), first);
  assert.ok(!(first instanceof Promise));
  assert.deepEqual(asked, { counts: 1, lists: 1 });
});

test('all who notice a change wait for one look and for the same tenant', async (t) => {
  const at = await followed(t);
  const before = await at.present.now();
  await at.define('new');
  const after = await Promise.all(Array.from({ length: 50 }, async () => at.present.now()));
  assert.equal(new Set(after).size, 1);
  assert.deepEqual(
    Object.keys(before.tenant.scope_descriptions),
    [],
    'who has begun goes on with what there was',
  );
  assert.deepEqual(Object.keys(after[0]?.tenant.scope_descriptions ?? {}), ['new']);
  assert.deepEqual(at.asked, { counts: 2, lists: 2 });
});

test('while the store is away the tenant stays as it was, and is asked again after a second', async (t) => {
  const at = await followed(t);
  await at.define('new');
  at.away(true);
  for (let times = 0; times < 10; times += 1) assert.deepEqual(await scopesOf(at), []);
  assert.equal(at.asked.counts, 2);
  at.away(false);
  assert.deepEqual(await scopesOf(at), []);
  at.clock.advance(1000);
  assert.deepEqual(await scopesOf(at), ['new']);
  await at.define('newer');
  assert.deepEqual(await scopesOf(at), ['new', 'newer']);
});

test('a store that does not answer holds nobody up for long, and what it says in the end counts', async (t) => {
  const at = await followed(t, 20);
  await at.define('new');
  const { promise, resolve } = Promise.withResolvers<void>();
  at.silentUntil(promise);
  assert.deepEqual(await scopesOf(at), []);
  assert.ok(!(at.present.now() instanceof Promise), 'the others need not wait at all');
  assert.equal(at.asked.counts, 2);
  resolve();
  at.clock.advance(1000);
  assert.deepEqual(await scopesOf(at), ['new']);
});
