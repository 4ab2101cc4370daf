import type { Store } from '../../../src/store/store.ts';
import {
  bytes,
  consentTo,
  DAY,
  type Household,
  metadata,
  NOW,
  newEvent,
  newGroup,
  newInitialToken,
  newKey,
  newRegistration,
  newSecret,
  newSession,
  newToken,
  newUser,
  REDEMPTION,
  SECRET,
} from '../samples.ts';

export const RULE = { free: 1, unit: DAY, doublings: 1, forgetAfter: 9 * DAY };
export const LINK = bytes('link');
export const ASSERTION = { jti_hash: bytes('jti'), expires_at: NOW };
export const REFUSAL = {
  reference: 'MINE',
  at: NOW,
  rule: 'rule',
  error: 'error',
  endpoint: 'token',
  client_id: null,
  facts: {},
};

/** Verbs that belong to no tenant. */
type Unbound =
  | 'findTenant'
  | 'saveTenant'
  | 'readEpoch'
  | 'foreignChanges'
  | 'changes'
  | 'definitionChanges'
  | 'deleteExpired'
  | 'close';

export type Victim = Household &
  Readonly<{
    code: number;
    offline: number;
    token: number;
    secret: number;
    /** A client that registered itself, and an initial access token. */
    own: number;
    initial: number;
  }>;

/** A call of every verb in the name of one tenant with what belongs to another, and what it must give. */
type Intrusions = Readonly<
  Record<Exclude<keyof Store, Unbound>, readonly [call: () => Promise<unknown>, gives: unknown]>
>;

/** What is registered by whoever is not an operator. */
function intrusionsIntoRegistrations(store: Store, by: number, { client, own, initial }: Victim) {
  const event = newEvent('intruder.did');
  const seen = { client_row: own, token_hash: bytes('token of own'), version: 1 };
  const changed = { metadata: metadata('own'), event };
  const to = { client: changed, token_hash: bytes('x'), software_statement: null };
  const spend = { id: initial, secret_hash: bytes('initial') };
  const idle = { usedBefore: NOW + 9 * DAY };
  return {
    createInitialAccessToken: [
      async () => typeof (await store.createInitialAccessToken(by, newInitialToken({ uuid: 'x' }), event)),
      'number',
    ],
    findInitialAccessToken: [() => store.findInitialAccessToken(by, initial), undefined],
    listInitialAccessTokens: [
      async () => (await store.listInitialAccessTokens(by, { atMost: 9 })).map(({ uuid }) => uuid),
      ['x'],
    ],
    deleteInitialAccessToken: [() => store.deleteInitialAccessToken(by, 'initial', event), 'unknown'],
    registerClient: [() => store.registerClient(by, newRegistration('theirs', { spend }), NOW), 'refused'],
    findRegistration: [() => store.findRegistration(by, own), undefined],
    updateRegistration: [() => store.updateRegistration(by, seen, to, NOW), 'stale'],
    deleteRegistration: [
      () => store.deleteRegistration(by, { ...seen, client_id: 'own' }, event, NOW),
      'stale',
    ],
    noteClientUses: [() => store.noteClientUses(by, [client, own], NOW + DAY), undefined],
    listIdleClients: [() => store.listIdleClients(by, { ...idle, atMost: 9 }, NOW + 9 * DAY), []],
    removeIdleClient: [
      () => store.removeIdleClient(by, 'own', { ...idle, event }, NOW + 9 * DAY),
      'unchanged',
    ],
  } satisfies Partial<Intrusions>;
}

export function intrusions(store: Store, by: number, of: Victim): Intrusions {
  const { client, user, session, code, offline, token, secret } = of;
  const reset = { id: secret, purpose: 'password_reset', secret_hash: bytes('reset') };
  const line = { generation: 0, refresh_expires_at: NOW + DAY, grant_expires_at: NOW + DAY };
  const renewed = { secret_hash: bytes('x'), auth_time: NOW, amr: [], acr: '', expires_at: NOW };
  const given = {
    client_row: client,
    user_id: user,
    session_id: session,
    code: null,
    created_at: NOW,
    expires_at: NOW + DAY,
    authorization: { scope: [], resources: [], claims: {}, auth_time: NOW, acr: '', amr: [], sid: '' },
  };
  const isNumber = (promise: Promise<unknown>) => promise.then((value) => typeof value);
  return {
    clientsOfSession: [() => store.clientsOfSession(by, { id: session, user_id: user }), []],
    listKeys: [() => store.listKeys(by), []],
    addKey: [() => store.addKey(by, newKey('theirs'), { unlessSince: 0, retireOthersAt: NOW }), true],
    deleteKeys: [() => store.deleteKeys(by, NOW + 99 * DAY), undefined],
    findClient: [() => store.findClient(by, 'app'), undefined],
    findClientByRow: [() => store.findClientByRow(by, client), undefined],
    listClients: [() => store.listClients(by), []],
    updateClient: [
      () => store.updateClient(by, { metadata: metadata('app'), secret: SECRET }, NOW + 1),
      'unknown',
    ],
    deleteClient: [() => store.deleteClient(by, 'app', NOW), 'unknown'],
    createClient: [
      () => store.createClient(by, { metadata: metadata('app'), secret: SECRET, source: 'file' }, NOW),
      'created',
    ],
    findUser: [() => store.findUser(by, user), undefined],
    findUserByName: [() => store.findUserByName(by, 'alice'), undefined],
    findUserBySub: [() => store.findUserBySub(by, 'sub-of-alice'), undefined],
    deleteUser: [() => store.deleteUser(by, user, NOW), 'unknown'],
    listUsers: [() => store.listUsers(by, { afterUsername: '', atMost: 9 }), []],
    findUsersByEmail: [() => store.findUsersByEmail(by, 'alice@example.com', 9), []],
    hasAdministrator: [() => store.hasAdministrator(by), false],
    createUser: [() => store.createUser(by, newUser('alice', { password_hash: 'x' }), NOW), 'created'],
    updateUser: [
      () => store.updateUser(by, { id: user, claims: {}, role: 'admin', source: 'file' }, NOW),
      undefined,
    ],
    upgradePasswordHash: [
      () => store.upgradePasswordHash(by, user, { from: '$argon2id$first', to: 'x' }),
      undefined,
    ],
    setPassword: [() => store.setPassword(by, user, { hash: 'x' }, NOW), undefined],
    disableUser: [() => store.disableUser(by, user, NOW), undefined],
    enableUser: [() => store.enableUser(by, user, NOW + 1), undefined],
    setupLinkIsGood: [() => store.setupLinkIsGood(by, LINK, NOW), false],
    createFirstAdministrator: [
      () =>
        store.createFirstAdministrator(
          by,
          { secret_hash: LINK, user: newUser('root', { role: 'admin' }) },
          NOW,
        ),
      'spent',
    ],
    saveSetupLink: [() => store.saveSetupLink(by, bytes('theirs'), NOW), undefined],
    startSession: [() => isNumber(store.startSession(by, newSession(user))), 'number'],
    findSession: [() => store.findSession(by, session), undefined],
    renewSession: [() => store.renewSession(by, session, renewed), 'ended'],
    touchSession: [() => store.touchSession(by, session, NOW + 1), undefined],
    listSessions: [async () => (await store.listSessions(by, user)).filter(({ id }) => id === session), []],
    endSession: [() => store.endSession(by, session, NOW), undefined],
    endSessionsOfUser: [async () => (await store.endSessionsOfUser(by, user, NOW)) <= 1, true],
    saveGrant: [() => isNumber(store.saveGrant(by, given)), 'number'],
    findGrant: [() => store.findGrant(by, offline), undefined],
    redeemCode: [
      () => Promise.all([code, offline].map((id) => store.redeemCode(by, id, REDEMPTION, NOW))),
      ['over', 'over'],
    ],
    rotateRefreshToken: [() => store.rotateRefreshToken(by, offline, line, NOW), 'stale'],
    revokeGrant: [() => store.revokeGrant(by, offline, NOW), undefined],
    beginAttempt: [() => store.beginAttempt(by, 'account alice', RULE, NOW), { allowed: true }],
    forgiveAttempt: [() => store.forgiveAttempt(by, 'account alice'), undefined],
    clearAttempts: [() => store.clearAttempts(by, 'account alice'), undefined],
    findConsent: [() => store.findConsent(by, user, client), undefined],
    saveConsent: [() => store.saveConsent(by, { ...consentTo(client, user), scope: [] }), undefined],
    useAssertion: [() => store.useAssertion(by, client, ASSERTION), 'fresh'],
    revokeAccessToken: [() => store.revokeAccessToken(by, 'living', NOW), undefined],
    accessTokenIsRevoked: [() => store.accessTokenIsRevoked(by, 'revoked'), false],
    hasRevokedAccessTokens: [() => store.hasRevokedAccessTokens(by), true],
    findRefusal: [() => store.findRefusal(by, 'MINE'), undefined],
    saveRefusal: [() => store.saveRefusal(by, { ...REFUSAL, rule: 'theirs' }), undefined],
    countFailure: [() => store.countFailure(by, 'alice', 1, NOW), 'counted'],
    lockAfterFailures: [async () => (await store.lockAfterFailures(by, 'alice', 1, NOW)).length > 0, true],
    forgiveFailure: [() => store.forgiveFailure(by, 'alice'), undefined],
    clearFailures: [() => store.clearFailures(by, 'alice'), undefined],
    lockUser: [() => store.lockUser(by, user, NOW), 'unchanged'],
    unlockUser: [() => store.unlockUser(by, user), 'unchanged'],
    findPersonalToken: [() => store.findPersonalToken(by, token), undefined],
    listPersonalTokens: [() => store.listPersonalTokens(by, { user_id: user, afterId: 0, atMost: 9 }), []],
    usePersonalToken: [
      () => store.usePersonalToken(by, token, { used_at: NOW + 1, expires_at: NOW + 9 * DAY }),
      undefined,
    ],
    deletePersonalToken: [() => store.deletePersonalToken(by, 'uuid', user), 'unknown'],
    deletePersonalTokensOfUser: [() => store.deletePersonalTokensOfUser(by, user), 0],
    createPersonalToken: [() => isNumber(store.createPersonalToken(by, newToken(user))), 'number'],
    findOneTimeSecret: [() => store.findOneTimeSecret(by, reset, NOW), undefined],
    resetPassword: [() => store.resetPassword(by, { ...reset, password_hash: 'x' }, NOW), 'spent'],
    saveOneTimeSecret: [() => isNumber(store.saveOneTimeSecret(by, newSecret(user))), 'number'],
    listEvents: [() => store.listEvents(by, { subject: 'bob', atMost: 9 }), []],
    recordEvent: [() => store.recordEvent(by, newEvent('theirs')), undefined],
    ...groups(store, by, of),
    ...administration(store, by, of),
    ...definitions(store, by),
    ...intrusionsIntoRegistrations(store, by, of),
  };
}

/** The same of the verbs for groups. */
function groups(store: Store, by: number, { user }: Victim) {
  const event = newEvent('theirs');
  const member = { group: 'staff', user_id: user, event };
  const changed = { ...newGroup('staff'), description: 'theirs', version: 1 };
  return {
    findGroup: [() => store.findGroup(by, 'staff'), undefined],
    findGroupNames: [() => store.findGroupNames(by, ['staff']), []],
    pageGroups: [() => store.pageGroups(by, { after: '', atMost: 9 }), []],
    changeGroup: [() => store.changeGroup(by, changed, NOW), 'stale'],
    deleteGroup: [() => store.deleteGroup(by, 'staff'), 'unknown'],
    pageMembers: [() => store.pageMembers(by, 'staff', { after: 0, atMost: 9 }), []],
    listMemberships: [() => store.listMemberships(by, [user]), []],
    removeMember: [() => store.removeMember(by, member, NOW), 'unchanged'],
    createGroup: [() => store.createGroup(by, newGroup('staff'), NOW), 'created'],
    addMember: [() => store.addMember(by, member, NOW), 'unchanged'],
  } satisfies Partial<Intrusions>;
}

/** The same of the verbs for administrators. */
function administration(store: Store, by: number, { client, user }: Victim) {
  const event = newEvent('theirs');
  const replaced = { id: user, username: 'mallory', claims: {}, role: 'admin', version: 1, event } as const;
  const key = { key_hash: bytes('key'), request_hash: bytes('theirs'), abandonedAfter: 0, keptFor: DAY };
  return {
    pageClients: [
      async () => (await store.pageClients(by, { after: '', atMost: 9 })).filter(({ row }) => row === client),
      [],
    ],
    listClientVersions: [
      async () =>
        (await store.listClientVersions(by, 'app', { atMost: 9 })).filter(({ at }) => at > NOW + 99),
      [],
    ],
    findClientVersion: [() => store.findClientVersion(by, 'app', 2), undefined],
    listDeletedClients: [() => store.listDeletedClients(by, NOW, 9), []],
    restoreClient: [() => store.restoreClient(by, 'gone', event, NOW), 'unknown'],
    findDeletedClient: [() => store.findDeletedClient(by, 'gone', NOW), undefined],
    findDeletedUser: [() => store.findDeletedUser(by, 'sub-of-gone', NOW), undefined],
    replaceUser: [() => store.replaceUser(by, replaced, NOW), 'stale'],
    pageUsers: [
      async () =>
        (await store.pageUsers(by, { afterUsername: '', atMost: 9 })).filter(({ id }) => id === user),
      [],
    ],
    countUsersWithRole: [() => store.countUsersWithRole(by, 'support'), 0],
    listDeletedUsers: [() => store.listDeletedUsers(by, NOW, 9), []],
    restoreUser: [() => store.restoreUser(by, 'sub-of-gone', event, NOW), 'unknown'],
    pageSessions: [() => store.pageSessions(by, { atMost: 9 }, NOW), { found: [], until: null }],
    pageGrants: [() => store.pageGrants(by, { atMost: 9 }, NOW), { found: [], until: null }],
    pageConsents: [() => store.pageConsents(by, { atMost: 9 }), []],
    deleteConsent: [
      async () => (await store.deleteConsent(by, { user_id: user, client_row: client }, NOW)).length > 0,
      true,
    ],
    listRefusals: [() => store.listRefusals(by, { rule: 'rule', atMost: 9 }), { found: [], until: null }],
    seekEvents: [
      () => store.seekEvents(by, { action: 'user.signed_in', atMost: 9 }),
      { found: [], until: null },
    ],
    countEvents: [() => store.countEvents(by, { actions: ['user.signed_in'], since: 0, span: DAY }), []],
    addCounts: [() => store.addCounts(by, [{ name: 'tokens', hour: NOW, count: 1 }]), undefined],
    listCounts: [
      async () => (await store.listCounts(by, { since: 0, span: DAY })).map(({ count }) => count),
      [1],
    ],
    claimIdempotencyKey: [() => store.claimIdempotencyKey(by, key, NOW), { kind: 'claimed' }],
    settleIdempotencyKey: [() => store.settleIdempotencyKey(by, bytes('key'), 'theirs'), undefined],
    applyPlan: [
      () => store.applyPlan(by, [{ what: 'delete user', id: user, version: 1, events: [] }], NOW),
      'stale',
    ],
  } satisfies Partial<Intrusions>;
}

/** The same of the verbs for what is defined. */
function definitions(store: Store, by: number) {
  const event = newEvent('theirs');
  const key = { kind: 'scope', name: 'mine' } as const;
  const definition = { kind: 'scope', value: { scope: 'mine', claims: ['theirs'] } } as const;
  return {
    listDefinitions: [() => store.listDefinitions(by), []],
    findDefinition: [() => store.findDefinition(by, key), undefined],
    changeDefinition: [() => store.changeDefinition(by, { definition, event }, NOW, 1), 'unknown'],
    deleteDefinition: [() => store.deleteDefinition(by, key, event), 'unknown'],
    listDefinitionVersions: [() => store.listDefinitionVersions(by, key, { atMost: 9 }), []],
    findDefinitionVersion: [() => store.findDefinitionVersion(by, key, 1), undefined],
    countDefinitionChanges: [() => store.countDefinitionChanges(by), 0],
    createDefinition: [
      () => store.createDefinition(by, { definition, source: 'manual', event }, NOW),
      'created',
    ],
  } satisfies Partial<Intrusions>;
}
