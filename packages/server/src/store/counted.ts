/** Counts changes, so that two equal counts tell that there was none between them. */
export type ChangeCount = Readonly<{
  /** What was counted until now; a commit of another process counts as one. */
  count(): number;
  /** Counts one when the change is done. */
  counted<Outcome>(change: Promise<Outcome>): Promise<Outcome>;
}>;

/** A count of this process; `foreignChanges` differs from an earlier answer when another one has committed. */
export function changeCount(foreignChanges: () => number): ChangeCount {
  let count = 0;
  let seen = foreignChanges();
  return {
    count: () => {
      const stamp = foreignChanges();
      if (stamp !== seen) count += 1;
      seen = stamp;
      return count;
    },
    counted: async (change) => {
      try {
        return await change;
      } finally {
        // Also after a fault: whether the change was made is not known then.
        count += 1;
      }
    },
  };
}
