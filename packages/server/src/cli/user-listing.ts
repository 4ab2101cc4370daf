import { isRecord } from '../admin/fault.ts';
import type { TableRow } from './table.ts';

type Members = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** How people are listed, from the database and from a server alike. */
export const USER_LISTING = {
  id: (user: Members): string => String(user['username']),
  columns: ['username', 'name', 'email', 'role', 'state', 'created_at'],
  row: (user: Members): TableRow => {
    const claims = isRecord(user['claims']) ? user['claims'] : {};
    return {
      username: text(user['username']),
      name: text(claims['name']),
      email: text(claims['email']),
      role: text(user['role']),
      state: stateOf(user),
      created_at: text(user['created_at']),
    };
  },
} as const;

function stateOf({ disabled, locked }: Members): string {
  if (disabled === true) return 'disabled';
  return locked === true ? 'locked' : 'active';
}
