import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fiftyAtOnce, HOSTILE, household, NOW, newUser, type OpenStore } from '../samples.ts';

/** Failures in a row, and locks. */
export function lockContract(openStore: OpenStore): void {
  test('of fifty attempts at once exactly as many are counted as may be, also for a name that is nobody’s', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    for (const name of ['alice', HOSTILE]) {
      const count = () => store.countFailure(tenant, name, 10, NOW);
      assert.deepEqual(await fiftyAtOnce(count), { counted: 10, 'too-many': 40 });
      await store.forgiveFailure(tenant, name);
      assert.deepEqual(await fiftyAtOnce(count), { counted: 1, 'too-many': 49 });
      await store.clearFailures(tenant, name);
      assert.deepEqual(await fiftyAtOnce(count), { counted: 10, 'too-many': 40 });
    }
  });

  test('no more failures are forgiven than were counted', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    await store.forgiveFailure(tenant, 'alice');
    await store.countFailure(tenant, 'alice', 2, NOW);
    for (let times = 0; times < 5; times += 1) await store.forgiveFailure(tenant, 'alice');
    const count = () => store.countFailure(tenant, 'alice', 2, NOW);
    assert.deepEqual([await count(), await count(), await count()], ['counted', 'counted', 'too-many']);
  });

  test('an account is locked once there are so many failures, by one of all who try at once', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    const lock = () => store.lockAfterFailures(tenant, 'alice', 2, NOW + 5);
    assert.equal(await lock(), 'unchanged');
    await store.countFailure(tenant, 'alice', 2, NOW);
    assert.equal(await lock(), 'unchanged');
    assert.equal((await store.findUser(tenant, user))?.locked_at, null);
    await store.countFailure(tenant, 'alice', 2, NOW);
    assert.deepEqual(await fiftyAtOnce(lock), { locked: 1, unchanged: 49 });
    assert.equal((await store.findUser(tenant, user))?.locked_at, NOW + 5);
    await store.countFailure(tenant, HOSTILE, 1, NOW);
    assert.equal(await store.lockAfterFailures(tenant, HOSTILE, 1, NOW), 'unchanged', 'nobody has that name');
  });

  test('unlocking removes the lock and the count, and nothing else', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    await store.createUser(tenant, newUser('bob'), NOW);
    assert.equal(await store.unlockUser(tenant, user), 'unchanged');
    for (const name of ['alice', 'bob']) await store.countFailure(tenant, name, 1, NOW);
    assert.equal(await store.lockAfterFailures(tenant, 'alice', 1, NOW), 'locked');
    assert.equal(await store.unlockUser(tenant, user), 'unlocked');
    assert.equal((await store.findUser(tenant, user))?.locked_at, null);
    assert.equal(await store.countFailure(tenant, 'alice', 1, NOW), 'counted');
    assert.equal(await store.countFailure(tenant, 'bob', 1, NOW), 'too-many');
    assert.equal(await store.unlockUser(tenant, user), 'unlocked', 'a count that refuses is a lock too');
  });

  test('a lock by hand keeps its time, and sessions go on', async (t) => {
    const store = await openStore(t);
    const { tenant, user, session } = await household(store);
    assert.equal(await store.lockUser(tenant, user, NOW + 1), 'locked');
    assert.equal(await store.lockUser(tenant, user, NOW + 2), 'unchanged');
    assert.equal((await store.findUser(tenant, user))?.locked_at, NOW + 1);
    const found = await store.findSession(tenant, session);
    assert.deepEqual([found?.ended_at, found?.user.locked_at], [null, NOW + 1]);
  });
}
