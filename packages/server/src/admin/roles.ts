import { ADMIN_RESOURCES, ADMIN_SCOPES, type AdminScope, adminScope } from '../model/admin-api.ts';
import type { UserRole } from '../model/user.ts';

const EVERYTHING_READ: readonly AdminScope[] = ADMIN_RESOURCES.map((resource) =>
  adminScope(resource, 'read'),
);

/** What each role opens, at most: a token opens what its scope and the role of its person both do. */
const ALLOWED: Readonly<Record<UserRole, readonly AdminScope[]>> = {
  admin: ADMIN_SCOPES,
  support: [
    ...EVERYTHING_READ,
    ...(['users', 'sessions', 'consents', 'grants'] as const).map((resource) =>
      adminScope(resource, 'write'),
    ),
  ],
  auditor: EVERYTHING_READ,
  user: [],
};

export const allowedByRole = (role: UserRole): readonly AdminScope[] => ALLOWED[role];
