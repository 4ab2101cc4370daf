import { type Statement, statement, type Value } from '../database.ts';

/** Conditions of which those count that have a value. */
export type Conditions = readonly (readonly [condition: string, ...values: (Value | undefined)[]])[];

/** The conditions whose values are all given, joined, with their values in order. */
export function whereAll(conditions: Conditions): Readonly<{ sql: string; values: readonly Value[] }> {
  const given = conditions.flatMap(([sql, ...values]) => {
    const present = values.filter((value) => value !== undefined);
    return present.length === values.length ? [{ sql, values: present }] : [];
  });
  return { sql: given.map(({ sql }) => sql).join(' AND '), values: given.flatMap(({ values }) => values) };
}

/** Rows looked at for one page, so that what many others have makes nobody wait. */
export const MOST_LOOKED_AT = 20_000;

/** Only that version, when one is named. */
export const versionIs = (version: number | undefined): Statement =>
  version === undefined ? statement('TRUE') : statement('version = ?', version);

/** Who deletes something, when, and in which version, when that matters. */
export type Removal = Readonly<{ now: number; version?: number | undefined; actor?: string | undefined }>;
