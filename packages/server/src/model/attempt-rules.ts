/**
 * `free` failures in a row cost nothing. The next one costs a wait of `unit`, which doubles with each further one, `doublings`
 * times at most. A count whose last failure is older than `forgetAfter` begins anew. Times are milliseconds.
 */
export type DelayRule = Readonly<{ free: number; unit: number; doublings: number; forgetAfter: number }>;

/** What failed sign-ins cost (rulings 11): for one account, and for all accounts from one network. */
export type AttemptRules = Readonly<{
  account: DelayRule;
  network: DelayRule;
  /** After so many failures in a row nobody signs in to the account until an administrator unlocks it; null for never. */
  lock_after: number | null;
}>;
