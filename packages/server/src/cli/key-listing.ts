import type { TableRow } from './table.ts';

type Members = Readonly<Record<string, unknown>>;

const COLUMNS = ['kid', 'alg', 'state', 'published_at', 'active_from', 'retire_at'];

/** How signing keys are listed, from the database and from a server alike. */
export const KEY_LISTING = {
  id: (key: Members): string => String(key['kid']),
  columns: COLUMNS,
  row: (key: Members): TableRow =>
    Object.fromEntries(COLUMNS.flatMap((name) => (typeof key[name] === 'string' ? [[name, key[name]]] : []))),
} as const;
