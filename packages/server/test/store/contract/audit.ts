import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditQuery } from '../../../src/store/admin-verbs.ts';
import { HOSTILE, household, NOW, newEvent, type OpenStore } from '../samples.ts';

const HOUR = 3_600_000;

/** The record of what was done. */
export function auditContract(openStore: OpenStore): void {
  test('an event is stored whole, and events are told newest first', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const sent = newEvent('client.created', {
      actor: HOSTILE,
      subject: HOSTILE,
      client_id: HOSTILE,
      network: '2001:db8::/64',
      request_id: 'request',
      facts: { note: HOSTILE, list: [1, null] },
    });
    await store.recordEvent(tenant, sent);
    // The clock may go back; the order is that of the records.
    await store.recordEvent(tenant, newEvent('later', { at: NOW - 1 }));
    const [later, first, ...more] = await store.listEvents(tenant, { atMost: 9 });
    assert.deepEqual(more, []);
    assert.deepEqual(first, { ...sent, id: first?.id });
    assert.deepEqual(later, { ...newEvent('later', { at: NOW - 1 }), id: later?.id });
  });

  test('events are found by action, subject, actor and time, in pages', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const sent = [
      newEvent('a', { at: NOW }),
      newEvent('b', { at: NOW + 1, subject: 'carol' }),
      newEvent('a', { at: NOW + 2, actor: 'dora' }),
      newEvent('a', { at: NOW + 3 }),
    ];
    for (const event of sent) await store.recordEvent(tenant, event);
    const found = async (query: Omit<AuditQuery, 'atMost'>, atMost = 9) =>
      (await store.listEvents(tenant, { ...query, atMost })).map(({ at }) => at - NOW);
    assert.deepEqual(await found({}), [3, 2, 1, 0]);
    assert.deepEqual(await found({ action: 'a' }), [3, 2, 0]);
    assert.deepEqual(await found({ subject: 'carol' }), [1]);
    assert.deepEqual(await found({ actor: 'dora' }), [2]);
    assert.deepEqual(await found({ action: 'a', actor: 'alice', subject: 'bob' }), [3, 0]);
    assert.deepEqual(await found({ since: NOW + 2 }), [3, 2]);
    const [, second] = await store.listEvents(tenant, { atMost: 2 });
    assert.deepEqual(await found({ before: second?.id }), [1, 0]);
    assert.deepEqual(await found({ before: second?.id }, 1), [1]);
    assert.deepEqual(await found({ action: "a' OR '1'='1" }), []);
  });

  test('a search looks at so many events of the tenant, and goes on behind the last one that it looked at', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const other = await household(store, 'other');
    for (const [index, action] of ['wanted', 'a', 'b', 'wanted', 'c', 'd', 'e'].entries()) {
      await store.recordEvent(other.tenant, newEvent('wanted'));
      await store.recordEvent(tenant, newEvent(action, { at: NOW + 2 * HOUR * index }));
    }
    const pages = async (query: Omit<AuditQuery, 'atMost'>) => {
      const seen: (readonly number[])[] = [];
      for (let before: number | undefined; ; ) {
        const page = await store.seekEvents(tenant, { ...query, before, atMost: 9, lookAt: 3 });
        seen.push(page.found.map(({ at }) => (at - NOW) / HOUR));
        if (page.until === null) return seen;
        before = page.until;
      }
    };
    for (const query of [{ text: 'WANT' }, { action: 'wanted' }])
      assert.deepEqual(await pages(query), [[], [6], [0]]);
    assert.deepEqual(await pages({}), [[12, 10, 8, 6, 4, 2, 0]]);
    // What is older than the time is not looked at.
    assert.deepEqual(await pages({ since: NOW + 9 * HOUR + 1 }), [[12, 10]]);
    assert.deepEqual(await pages({ since: NOW + 6 * HOUR, text: 'want' }), [[], [6]]);
  });
}
