import type { Provider } from '../keys/provider.ts';

/**
 * Failures in a row and the lock that so many of them lead to (`attempts.lock_after`). They are counted by name in the database: shared
 * by all nodes and ways to sign in, alike for names that are nobody's, and whatever browser they come from.
 */

/** Counts a failure before the password is checked, so that attempts made at once cannot outrun the count; true when it may be checked. */
export async function mayTry({ store, tenant, clock }: Provider, username: string): Promise<boolean> {
  const { lock_after } = tenant.profile.attempts;
  return (
    lock_after === null || (await store.countFailure(tenant.id, username, lock_after, clock())) === 'counted'
  );
}

/** The password was not checked after all. */
export async function takeBackTry({ store, tenant }: Provider, username: string): Promise<void> {
  if (tenant.profile.attempts.lock_after !== null) await store.forgiveFailure(tenant.id, username);
}

/** The password was wrong: true when the account is locked by that. */
export async function lockIfDue({ store, tenant, clock }: Provider, username: string): Promise<boolean> {
  const { lock_after } = tenant.profile.attempts;
  return (
    lock_after !== null &&
    (await store.lockAfterFailures(tenant.id, username, lock_after, clock())) === 'locked'
  );
}

/** The password was right: the next failure is the first again. */
export async function endRow({ store, tenant }: Provider, username: string): Promise<void> {
  if (tenant.profile.attempts.lock_after !== null) await store.clearFailures(tenant.id, username);
}
