import { changeCount } from './counted.ts';
import type { Store } from './store.ts';

/**
 * The store with `changes` counted: each verb by which something known may have ended counts one when it is done, as does any commit of
 * another process. For a database that notices those commits at once.
 */
export function countingChanges(store: Store): Store {
  const { count, counted } = changeCount(store.foreignChanges);
  const looks = new Map<number, Readonly<{ changes: number; found: boolean }>>();
  const hasRevokedAccessTokens = async (tenant: number): Promise<boolean> => {
    const changes = count();
    const last = looks.get(tenant);
    if (last?.changes === changes) return last.found;
    const found = await store.hasRevokedAccessTokens(tenant);
    looks.set(tenant, { changes, found });
    return found;
  };

  return {
    ...store,
    changes: count,
    hasRevokedAccessTokens,
    // Nearly always none is, and then none has to be looked for.
    accessTokenIsRevoked: async (tenant, jti) =>
      (await hasRevokedAccessTokens(tenant)) && store.accessTokenIsRevoked(tenant, jti),
    updateClient: (tenant, client, now, version) => counted(store.updateClient(tenant, client, now, version)),
    deleteClient: (tenant, client_id, now, event) =>
      counted(store.deleteClient(tenant, client_id, now, event)),
    updateRegistration: (tenant, own, to, now) => counted(store.updateRegistration(tenant, own, to, now)),
    deleteRegistration: (tenant, own, event, now) =>
      counted(store.deleteRegistration(tenant, own, event, now)),
    removeIdleClient: (tenant, client_id, idle, now) =>
      counted(store.removeIdleClient(tenant, client_id, idle, now)),
    replaceUser: (tenant, user, now) => counted(store.replaceUser(tenant, user, now)),
    deleteConsent: (tenant, consent, now) => counted(store.deleteConsent(tenant, consent, now)),
    applyPlan: (tenant, plan, now) => counted(store.applyPlan(tenant, plan, now)),
    updateUser: (tenant, user, now, event) => counted(store.updateUser(tenant, user, now, event)),
    setPassword: (tenant, id, password, now) => counted(store.setPassword(tenant, id, password, now)),
    disableUser: (tenant, id, now, event) => counted(store.disableUser(tenant, id, now, event)),
    enableUser: (tenant, id, now, event) => counted(store.enableUser(tenant, id, now, event)),
    deleteUser: (tenant, id, now, event) => counted(store.deleteUser(tenant, id, now, event)),
    lockAfterFailures: (tenant, username, failures, now) =>
      counted(store.lockAfterFailures(tenant, username, failures, now)),
    lockUser: (tenant, id, now) => counted(store.lockUser(tenant, id, now)),
    unlockUser: (tenant, id) => counted(store.unlockUser(tenant, id)),
    resetPassword: (tenant, reset, now) => counted(store.resetPassword(tenant, reset, now)),
    renewSession: (tenant, id, renewed) => counted(store.renewSession(tenant, id, renewed)),
    endSession: (tenant, id, now) => counted(store.endSession(tenant, id, now)),
    endSessionsOfUser: (tenant, user_id, now) => counted(store.endSessionsOfUser(tenant, user_id, now)),
    revokeGrant: (tenant, id, now) => counted(store.revokeGrant(tenant, id, now)),
    revokeAccessToken: (tenant, jti, expires_at) => counted(store.revokeAccessToken(tenant, jti, expires_at)),
    deleteExpired: (now, atMost) => counted(store.deleteExpired(now, atMost)),
  };
}
