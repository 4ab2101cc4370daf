import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditQuery } from '../../../src/store/store.ts';
import { HOSTILE, household, NOW, newEvent, type OpenStore } from '../samples.ts';

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
}
