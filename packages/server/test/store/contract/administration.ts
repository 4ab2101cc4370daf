import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RefusalQuery, UserPage } from '../../../src/store/admin-verbs.ts';
import {
  bytes,
  consentTo,
  DAY,
  fiftyAtOnce,
  HOSTILE,
  household,
  MINUTE,
  metadata,
  NOW,
  newEvent,
  newSession,
  newUser,
  type OpenStore,
  offlineGrant,
  SECRET,
} from '../samples.ts';

/** What administrators look for and change. */
export function administrationContract(openStore: OpenStore): void {
  test('clients are found by parts of client_id and name, in pages, with Signet’s own among them', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const create = (client_id: string, client_name: string, source: 'manual' | 'built-in' = 'manual') =>
      store.createClient(
        tenant,
        { metadata: metadata(client_id, { client_name }), secret: SECRET, source },
        NOW,
      );
    await create('b', '100%_Ärger\\');
    await create('c', 'Console', 'built-in');
    const found = async (text?: string, after = '', atMost = 9) =>
      (await store.pageClients(tenant, { after, atMost, text })).map((client) => client.metadata.client_id);
    assert.deepEqual(await found(), ['app', 'b', 'c']);
    assert.deepEqual(await found(undefined, 'app', 1), ['b']);
    assert.deepEqual(await found('APP'), ['app']);
    assert.deepEqual(await found('ärger'), ['b']);
    for (const sign of ['%', '_', '\\']) assert.deepEqual(await found(sign), ['b'], sign);
    assert.deepEqual(await found(HOSTILE), []);
    const own = await store.pageClients(tenant, { after: '', atMost: 9, source: 'built-in' });
    assert.deepEqual(
      own.map(({ source }) => source),
      ['built-in'],
    );
    assert.equal((await store.listClients(tenant)).length, 2);
  });

  test('users are found by parts of name, username and address, by role and by state', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    await store.createUser(tenant, newUser('bob', { claims: { name: 'Ünal', email: 'B@Example.com' } }), NOW);
    await store.createUser(tenant, newUser('carol', { role: 'support', claims: {} }), NOW);
    await store.disableUser(tenant, user, NOW);
    const found = async (page: Partial<UserPage>) =>
      (await store.pageUsers(tenant, { afterUsername: '', atMost: 9, ...page })).map((one) => one.username);
    assert.deepEqual(await found({}), ['alice', 'bob', 'carol']);
    assert.deepEqual(await found({ afterUsername: 'alice', atMost: 1 }), ['bob']);
    assert.deepEqual(await found({ text: 'ÜNAL' }), ['bob']);
    assert.deepEqual(await found({ text: 'example.com' }), ['bob']);
    assert.deepEqual(await found({ role: 'support' }), ['carol']);
    assert.deepEqual(await found({ disabled: true }), ['alice']);
    assert.deepEqual(await found({ disabled: false, locked: false }), ['bob', 'carol']);
    assert.deepEqual(await found({ locked: true }), []);
    assert.equal(await store.countUsersWithRole(tenant, 'support'), 1);
    assert.equal(await store.countUsersWithRole(tenant, 'user'), 1);
  });

  test('of fifty changes of a user that rest on one version exactly one is made and recorded', async (t) => {
    const store = await openStore(t);
    const { tenant, user } = await household(store);
    await store.createUser(tenant, newUser('bob'), NOW);
    const replace = (username: string, version: number) =>
      store.replaceUser(
        tenant,
        { id: user, username, claims: { email: 'X@y' }, role: 'admin', version, event: newEvent('replaced') },
        NOW + 1,
      );
    assert.deepEqual(await fiftyAtOnce(() => replace('alicia', 1)), { changed: 1, stale: 49 });
    assert.equal(await replace('bob', 2), 'taken');
    const events = await store.listEvents(tenant, { action: 'replaced', atMost: 99 });
    assert.equal(events.length, 1);
    const [found] = await store.findUsersByEmail(tenant, 'x@y', 9);
    assert.deepEqual([found?.id, found?.username, found?.version], [user, 'alicia', 2]);
  });

  test('living sessions, grants and consents are listed with their users, the newest first', async (t) => {
    const store = await openStore(t);
    const home = await household(store);
    const { tenant, client, user, session } = home;
    const grant = await offlineGrant(store, home);
    const ended = await store.startSession(tenant, newSession(user, { sid: 'ended' }));
    const late = await store.startSession(tenant, newSession(user, { sid: 'late' }));
    await store.endSession(tenant, ended, NOW);
    const { found: sessions } = await store.pageSessions(tenant, { atMost: 9 }, NOW);
    assert.deepEqual(
      sessions.map(({ id, user: of }) => [id, of.username]),
      [
        [late, 'alice'],
        [session, 'alice'],
      ],
    );
    const { found: older } = await store.pageSessions(
      tenant,
      { before: late, user_id: user, atMost: 9 },
      NOW,
    );
    assert.deepEqual(
      older.map(({ id }) => id),
      [session],
    );
    assert.deepEqual((await store.pageSessions(tenant, { atMost: 9 }, NOW + DAY)).found, []);
    const waiting = await home.grant();
    const grants = async (now: number) =>
      (await store.pageGrants(tenant, { atMost: 9 }, now)).found.map(({ id }) => id);
    assert.deepEqual(await grants(NOW), [waiting, grant]);
    assert.deepEqual(await grants(NOW + MINUTE), [grant]);
    assert.deepEqual((await store.pageGrants(tenant, { client_row: client + 1, atMost: 9 }, NOW)).found, []);
    await store.saveConsent(tenant, consentTo(client, user));
    const [consent] = await store.pageConsents(tenant, { atMost: 9 });
    assert.deepEqual([consent?.scope, consent?.user.username], [['openid'], 'alice']);
    const after = { user_id: user, client_row: client };
    assert.deepEqual(await store.pageConsents(tenant, { after, atMost: 9 }), []);
  });

  test('a search among thousands of people finds all, in order and page by page', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const usernames = Array.from({ length: 4_100 }, (_, index) => `user ${String(index).padStart(4, '0')}`);
    const people = usernames.map((username) => {
      const user = newUser(username, { claims: { name: username.endsWith('99') ? 'Rare' : 'Common' } });
      return { what: 'create user', user, disabled: false, events: [] } as const;
    });
    await store.applyPlan(tenant, people, NOW);
    const page = async (afterUsername: string, atMost: number, text: string) =>
      (await store.pageUsers(tenant, { afterUsername, atMost, text })).map(({ username }) => username);
    const rare = usernames.filter((username) => username.endsWith('99'));
    assert.equal(rare.length, 41);
    assert.deepEqual(await page('', 99, 'rare'), rare);
    assert.deepEqual(await page('', 25, 'rare'), rare.slice(0, 25));
    assert.deepEqual(await page(rare[24] ?? '', 25, 'rare'), rare.slice(25));
    assert.deepEqual(await page('', 3, 'common'), usernames.slice(0, 3));
    assert.deepEqual(await page('', 9, 'nobody'), []);
  });

  test('a page looks at so many rows, and says down to which', async (t) => {
    const store = await openStore(t);
    const home = await household(store);
    const { tenant, user } = home;
    const other = await household(store, 'other');
    const many = Array.from({ length: 4 }, () => store.startSession(other.tenant, newSession(other.user)));
    const [first] = (await Promise.all(many)).toSorted((one, next) => one - next);
    const page = { atMost: 9, lookAt: 3 };
    const { found, until } = await store.pageSessions(tenant, page, NOW);
    assert.deepEqual([found, until], [[], (first ?? 0) + 1]);
    const next = await store.pageSessions(tenant, { ...page, before: until ?? 0 }, NOW);
    assert.deepEqual(
      next.found.map(({ id }) => id),
      [home.session],
    );
    assert.equal(next.until, null);
    const own = await store.pageSessions(tenant, { ...page, user_id: user }, NOW);
    assert.deepEqual([own.found.length, own.until], [1, null]);
  });

  test('a consent that is taken back ends what was given by it, and nothing else', async (t) => {
    const store = await openStore(t);
    const home = await household(store);
    const { tenant, client, user } = home;
    const other = await household(store, 'default', 'other', 'alice');
    const [mine, theirs] = [await offlineGrant(store, home), await offlineGrant(store, other)];
    await store.saveConsent(tenant, consentTo(client, user));
    const which = { user_id: user, client_row: client };
    assert.equal(await store.deleteConsent(tenant, which, NOW + 1), 'deleted');
    assert.equal((await store.findGrant(tenant, mine))?.revoked_at, NOW + 1);
    assert.equal((await store.findGrant(tenant, theirs))?.revoked_at, null);
    assert.equal(await store.deleteConsent(tenant, which, NOW + 2), 'unknown');
  });

  test('refusals are found by client, rule, endpoint and time, in pages', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    for (const [index, reference] of ['A', 'B', 'C'].entries()) {
      await store.saveRefusal(tenant, {
        reference,
        // Two at the same moment.
        at: NOW + Math.min(index, 1),
        rule: `rule ${reference}`,
        error: 'error',
        endpoint: index === 0 ? 'token' : 'authorize',
        client_id: index === 2 ? null : 'app',
        facts: {},
      });
    }
    const found = async (query: Omit<RefusalQuery, 'atMost'>, atMost = 9) =>
      (await store.listRefusals(tenant, { ...query, atMost })).found
        .map(({ reference }) => reference)
        .join('');
    assert.equal(await found({}), 'CBA');
    assert.equal(await found({ before: { at: NOW + 1, reference: 'C' } }, 1), 'B');
    assert.equal(await found({ before: { at: NOW + 1, reference: 'B' } }), 'A');
    assert.equal(await found({ client_id: 'app' }), 'BA');
    assert.equal(await found({ rule: 'rule C' }), 'C');
    assert.equal(await found({ endpoint: 'token' }), 'A');
    assert.equal(await found({ since: NOW + 1 }), 'CB');
    const seek = (query: Omit<RefusalQuery, 'atMost'>) =>
      store.listRefusals(tenant, { ...query, atMost: 9, lookAt: 2 });
    const first = await seek({ endpoint: 'token' });
    assert.deepEqual(first, { found: [], until: { at: NOW + 1, reference: 'B' } });
    const { found: rest, until } = await seek({ endpoint: 'token', before: first.until ?? undefined });
    assert.deepEqual([rest.map(({ reference }) => reference), until], [['A'], null]);
    assert.equal((await seek({})).found.length, 3);
  });

  test('events are found by a part of them, and counted by spans of time', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    await store.recordEvent(tenant, newEvent('user.signed_in', { client_id: 'Web%App' }));
    await store.recordEvent(tenant, newEvent('user.signed_in', { at: NOW + DAY }));
    await store.recordEvent(tenant, newEvent('user.locked', { at: NOW + DAY }));
    const found = async (text: string) => (await store.listEvents(tenant, { text, atMost: 9 })).length;
    assert.deepEqual([await found('SIGNED'), await found('b%a'), await found('nothing')], [2, 1, 0]);
    const query = { actions: ['user.signed_in', 'user.gone'], since: NOW, span: DAY };
    const span = Math.floor(NOW / DAY);
    assert.deepEqual(await store.countEvents(tenant, query), [
      { name: 'user.signed_in', span, count: 1 },
      { name: 'user.signed_in', span: span + 1, count: 1 },
    ]);
  });

  test('counts add up by hours, and are told by spans', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const hour = Math.floor(NOW / DAY) * DAY;
    const add = (count: number, at: number) => store.addCounts(tenant, [{ name: HOSTILE, hour: at, count }]);
    await Promise.all([add(1, hour), add(2, hour), add(4, hour + 3_600_000), add(8, hour + DAY)]);
    await store.addCounts(tenant, []);
    const listed = await store.listCounts(tenant, { since: hour, span: DAY });
    assert.deepEqual(
      listed.map(({ name, count }) => [name, count]),
      [
        [HOSTILE, 7],
        [HOSTILE, 8],
      ],
    );
  });

  test('of fifty requests with one key exactly one is done, and the others learn its answer', async (t) => {
    const store = await openStore(t);
    const { tenant } = await household(store);
    const claim = { key_hash: bytes('key'), request_hash: bytes('r'), abandonedAfter: MINUTE, keptFor: DAY };
    const kindAt = async (now: number) => (await store.claimIdempotencyKey(tenant, claim, now)).kind;
    assert.deepEqual(await fiftyAtOnce(() => kindAt(NOW)), { claimed: 1, known: 49 });
    assert.equal(await kindAt(NOW + MINUTE), 'claimed', 'one that was abandoned');
    await store.settleIdempotencyKey(tenant, claim.key_hash, HOSTILE);
    const known = await store.claimIdempotencyKey(tenant, { ...claim, request_hash: bytes('x') }, NOW + DAY);
    assert.equal(known.kind === 'known' && known.answer, HOSTILE);
    assert.deepEqual(known.kind === 'known' && Buffer.from(known.request_hash), bytes('r'));
    assert.equal(await kindAt(NOW + MINUTE + DAY), 'claimed', 'one that is over');
    await store.settleIdempotencyKey(tenant, claim.key_hash, null);
    assert.equal(await kindAt(NOW + MINUTE + DAY), 'claimed', 'one that was given back');
  });
}
