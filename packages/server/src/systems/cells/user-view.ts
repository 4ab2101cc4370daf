import { isRecord } from '../../admin/fault.ts';
import type { User, UserClaims, UserRole } from '../../model/user.ts';
import type { Json } from './rest.ts';

/** What Cells knows of a person and OpenID Connect does not; it is kept in one claim of the record. */
export type CellsFacts = Readonly<{
  group_path: string;
  profile: string;
  /** Roles that were given, by their Uuid; those that everybody has are not among them. */
  roles: readonly string[];
  /** Attributes that mean nothing here. */
  attributes: Readonly<Record<string, string>>;
}>;

/** The name of that claim. No scope opens it. */
export const CELLS_CLAIM = 'cells';

/** Attributes that are told of the record itself, and never kept a second time. */
export const OWN_ATTRIBUTES = ['displayName', 'email', 'profile', 'locks', 'failedConnections'];

export function cellsFacts({ claims, role }: Readonly<{ claims: UserClaims; role: UserRole }>): CellsFacts {
  const kept = claims[CELLS_CLAIM];
  const facts = isRecord(kept) ? kept : {};
  const { group_path, profile, roles, attributes } = facts;
  const usual = typeof profile === 'string' && profile !== 'admin' ? profile : 'standard';
  return {
    group_path: typeof group_path === 'string' ? group_path : '/',
    profile: role === 'admin' ? 'admin' : usual,
    roles: Array.isArray(roles) ? roles.filter((one) => typeof one === 'string') : [],
    attributes: isRecord(attributes) ? textsIn(attributes) : {},
  };
}

const textsIn = (record: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );

/** Nobody signs in to the account, because of failures or because an administrator said so. */
export const isLocked = ({ locked_at, disabled_at }: User): boolean =>
  locked_at !== null || disabled_at !== null;

/** A user as the interface tells of one. */
export function userView(user: User): Json {
  const { sub, username, claims } = user;
  const { group_path, profile, roles, attributes } = cellsFacts(user);
  const { name, email } = claims;
  return {
    Uuid: sub,
    Login: username,
    GroupPath: group_path,
    Attributes: {
      ...attributes,
      ...(typeof name === 'string' && { displayName: name }),
      ...(typeof email === 'string' && { email }),
      profile,
      // A list of locks, written as JSON inside of a text.
      ...(isLocked(user) && { locks: '["logout"]' }),
    },
    Roles: [
      { Uuid: 'ROOT_GROUP', Label: 'Root Group', GroupRole: true },
      ...roles.map((uuid) => ({ Uuid: uuid })),
      { Uuid: sub, Label: `User ${username}`, UserRole: true },
    ],
    PoliciesContextEditable: true,
  };
}

/** The group that a path below the root is. */
export const groupView = (path: string): Json => ({
  GroupPath: path,
  GroupLabel: path.slice(path.lastIndexOf('/') + 1),
  IsGroup: true,
});
