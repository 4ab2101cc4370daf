import type { Source } from './user.ts';

/** People together under a name, which applications may be told. It opens nothing in Signet itself. */
export type Group = Readonly<{
  id: number;
  name: string;
  display_name: string | null;
  description: string | null;
  /** How many people are in it. */
  members: number;
  source: Source;
  /** Grows by one when what is said of the group changes, and not with its members. */
  version: number;
  created_at: number;
  updated_at: number;
}>;

/** In how many groups one person can be, so that tokens stay of a size that headers can carry. */
export const MOST_GROUPS = 200;

/** One spelling for the name of a group. Capitals make a difference, for they do to applications. Undefined if it is none. */
export function normalizeGroupName(text: string): string | undefined {
  const name = text.normalize('NFC');
  const isName = name !== '' && name.length <= 200 && name === name.trim();
  return isName && name.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name) ? name : undefined;
}
