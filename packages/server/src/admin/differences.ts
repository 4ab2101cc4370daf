/** One member as it is and as it is to be; of a secret neither is told. */
export type Difference = Readonly<{ member: string; before?: unknown; after?: unknown; secret?: true }>;

export type Members = Readonly<Record<string, unknown>>;

/** What something new is to have. */
export const created = (members: Members): readonly Difference[] =>
  Object.entries(members).flatMap(([member, after]) => (after === undefined ? [] : [{ member, after }]));

/** What is otherwise than it is to be. */
export function differencesOf(before: Members, after: Members): readonly Difference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => differenceOf(name, before[name], after[name]));
}

export const differenceOf = (member: string, before: unknown, after: unknown): Difference => ({
  member,
  ...(before !== undefined && { before }),
  ...(after !== undefined && { after }),
});
