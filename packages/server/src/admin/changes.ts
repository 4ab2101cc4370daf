import { differencesOf, type Members } from './differences.ts';

/** What is otherwise now: the names, and the values where there are any. For the audit log, so never of a secret. */
export type Changes = Readonly<{
  changed: readonly string[];
  before: Readonly<Record<string, unknown>>;
  after: Readonly<Record<string, unknown>>;
}>;

export function changesBetween(was: Members, is: Members): Changes {
  const differences = differencesOf(was, is);
  const values = (side: 'before' | 'after') =>
    Object.fromEntries(
      differences.flatMap((one) => (one[side] === undefined ? [] : [[one.member, one[side]]])),
    );
  return {
    changed: differences.map(({ member }) => member),
    before: values('before'),
    after: values('after'),
  };
}

/** Each claim as a member of its own. */
export const claimMembers = (claims: Members): Members =>
  Object.fromEntries(Object.entries(claims).map(([name, value]) => [`claims.${name}`, value]));
