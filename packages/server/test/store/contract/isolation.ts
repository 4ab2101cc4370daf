import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../../src/store/store.ts';
import {
  bytes,
  consentTo,
  DAY,
  household,
  metadata,
  NOW,
  newEvent,
  newGroup,
  newInitialToken,
  newKey,
  newRegistration,
  newSecret,
  newToken,
  newUser,
  type OpenStore,
  offlineGrant,
  SECRET,
} from '../samples.ts';

import { ASSERTION, intrusions, LINK, REFUSAL, RULE, type Victim } from './intrusions.ts';

/** Everything that can be seen of a tenant. */
async function viewOf(
  store: Store,
  { tenant, client, user, session, code, offline, token, secret, own, initial }: Victim,
): Promise<unknown> {
  return [
    await store.listKeys(tenant),
    await store.pageGroups(tenant, { after: '', atMost: 9 }),
    await store.listMemberships(tenant, [user]),
    await store.listClients(tenant),
    await store.findClientByRow(tenant, client),
    await store.listUsers(tenant, { afterUsername: '', atMost: 9 }),
    await store.setupLinkIsGood(tenant, LINK, NOW),
    await store.findSession(tenant, session),
    await store.listSessions(tenant, user),
    await store.findGrant(tenant, code),
    await store.findGrant(tenant, offline),
    await store.findConsent(tenant, user, client),
    await store.useAssertion(tenant, client, ASSERTION),
    await store.accessTokenIsRevoked(tenant, 'living'),
    await store.accessTokenIsRevoked(tenant, 'revoked'),
    await store.beginAttempt(tenant, 'account alice', RULE, NOW),
    await store.findRefusal(tenant, 'MINE'),
    await store.findPersonalToken(tenant, token),
    await store.findOneTimeSecret(
      tenant,
      { id: secret, purpose: 'password_reset', secret_hash: bytes('reset') },
      NOW,
    ),
    await store.listEvents(tenant, { atMost: 9 }),
    await store.findInitialAccessToken(tenant, initial),
    await store.findRegistration(tenant, own),
    await store.listClientVersions(tenant, 'app', { atMost: 9 }),
    await store.listDefinitions(tenant),
    await store.countDefinitionChanges(tenant),
    await store.listDefinitionVersions(tenant, { kind: 'scope', name: 'mine' }, { atMost: 9 }),
    await store.listDeletedClients(tenant, NOW, 9),
    await store.listDeletedUsers(tenant, NOW, 9),
    await store.pageSessions(tenant, { atMost: 9 }, NOW),
    await store.pageGrants(tenant, { atMost: 9 }, NOW),
    await store.listCounts(tenant, { since: 0, span: DAY }),
    await store.claimIdempotencyKey(
      tenant,
      { key_hash: bytes('key'), request_hash: bytes('x'), abandonedAfter: 9 * DAY, keptFor: 9 * DAY },
      NOW,
    ),
    await store.countFailure(tenant, 'alice', 1, NOW),
  ];
}

/** No tenant sees or changes what is another's. */
export function isolationContract(openStore: OpenStore): void {
  test('no verb in the name of one tenant sees or changes what belongs to another', async (t) => {
    const store = await openStore(t);
    const home = await household(store, 'victim');
    const { tenant, client, user } = home;
    await store.registerClient(tenant, newRegistration('own', { expires_at: NOW + DAY }), NOW);
    const victim = {
      ...home,
      own: (await store.findClient(tenant, 'own'))?.row ?? 0,
      initial: await store.createInitialAccessToken(tenant, newInitialToken(), newEvent('token.made')),
      code: await home.grant(),
      offline: await offlineGrant(store, home),
      token: await store.createPersonalToken(tenant, newToken(user)),
      secret: await store.saveOneTimeSecret(tenant, newSecret(user)),
    };
    await store.createGroup(tenant, newGroup('staff'), NOW);
    await store.addMember(tenant, { group: 'staff', user_id: user }, NOW);
    await store.recordEvent(tenant, newEvent('user.signed_in'));
    await store.countFailure(tenant, 'alice', 1, NOW);
    await store.addKey(tenant, newKey('old'), { unlessSince: NOW, retireOthersAt: NOW });
    await store.addKey(tenant, newKey('key', { created_at: NOW + 1 }), {
      unlessSince: NOW,
      retireOthersAt: NOW,
    });
    await store.saveSetupLink(tenant, LINK, NOW + DAY);
    await store.saveConsent(tenant, consentTo(client, user));
    await store.useAssertion(tenant, client, ASSERTION);
    await store.revokeAccessToken(tenant, 'revoked', NOW);
    await store.beginAttempt(tenant, 'account alice', RULE, NOW);
    await store.beginAttempt(tenant, 'account alice', RULE, NOW);
    await store.saveRefusal(tenant, REFUSAL);
    await store.createUser(tenant, newUser('gone'), NOW);
    await store.deleteUser(tenant, (await store.findUserByName(tenant, 'gone'))?.id ?? 0, NOW);
    const gone = { metadata: metadata('gone'), secret: SECRET, source: 'manual' } as const;
    await store.createClient(tenant, gone, NOW);
    await store.deleteClient(tenant, 'gone', NOW);
    await store.addCounts(tenant, [{ name: 'tokens', hour: NOW, count: 7 }]);
    await store.createDefinition(
      tenant,
      {
        definition: { kind: 'scope', value: { scope: 'mine', claims: [] } },
        source: 'file',
        event: newEvent('x'),
      },
      NOW,
    );
    const claim = { key_hash: bytes('key'), request_hash: bytes('x'), abandonedAfter: DAY, keptFor: DAY };
    await store.claimIdempotencyKey(tenant, claim, NOW);
    const { id } = await store.saveTenant(
      { name: 'intruder', issuer: 'https://intruder.example', secret_sealed: bytes('i') },
      NOW,
    );
    const before = await viewOf(store, victim);
    for (const [verb, [call, gives]] of Object.entries(intrusions(store, id, victim))) {
      assert.deepEqual(await call(), gives, `${verb} gives something away`);
      assert.deepEqual(await viewOf(store, victim), before, `${verb} changes something`);
    }
    await store.createUser(tenant, newUser('root', { role: 'admin' }), NOW);
    assert.equal(await store.hasAdministrator(id), false);
  });

  test('who waits at one tenant does not wait at another', async (t) => {
    const store = await openStore(t);
    const [one, two] = [await household(store, 'one'), await household(store, 'two')];
    const begin = (tenant: number, now: number) => store.beginAttempt(tenant, 'account alice', RULE, now);
    await begin(one.tenant, NOW);
    for (let times = 0; times < 2; times += 1) await begin(two.tenant, NOW + 1);
    assert.deepEqual(await begin(one.tenant, NOW + 2), { allowed: true });
    assert.deepEqual(await begin(one.tenant, NOW + 3), { allowed: false, until: NOW + 2 + DAY });
    assert.deepEqual(await begin(two.tenant, NOW + 3), { allowed: false, until: NOW + 1 + DAY });
  });
}
