import { strangeGroups } from '../admin/groups.ts';
import { isLastAdministrator } from '../admin/user-administration.ts';
import { findUserBySub } from '../admin/user-changes.ts';
import type { PasswordFault } from '../identity/password-rules.ts';
import type { User, UserRole } from '../model/user.ts';
import { type Caller, holdsEverything, requirePower } from './caller.ts';
import type { Call } from './operation.ts';
import { badBody, notFound, Problem } from './problem.ts';

export async function requireUser({ provider, path }: Pick<Call, 'provider' | 'path'>): Promise<User> {
  const user = await findUserBySub(provider, path('sub'));
  if (user === undefined) throw notFound('user');
  return user;
}

/** The user, if the caller may change them. */
export async function requireHelpable(call: Call): Promise<User> {
  const user = await requireUser(call);
  requireRoleGivable(call.caller, user.role);
  return user;
}

/** Whoever has the password of somebody can act as them: so only who may do everything changes one who has a role. */
export function requireRoleGivable(caller: Caller, role: UserRole): void {
  if (role === 'user' || holdsEverything(caller)) return;
  throw new Problem('forbidden', `Only who may do everything gives or changes the role ${role}.`, {
    headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' },
  });
}

/** Groups are given by who may change groups, and only such as there are. */
export async function requireGroups(
  { provider, site, caller }: Call,
  names: readonly string[] | undefined,
): Promise<void> {
  if (names === undefined) return;
  requirePower(site, caller, 'signet:groups:write');
  const strange = await strangeGroups(provider, names);
  if (strange.length > 0)
    throw badBody(
      strange.slice(0, 20).map((name) => ({
        path: ['groups', names.indexOf(name)],
        message: `names ${name}, which is no group`,
      })),
    );
}

/** Somebody must be left who can undo it. */
export async function requireOtherAdministrator({ provider, caller }: Call, user: User): Promise<void> {
  if (caller.isOperator === true) return;
  if (await isLastAdministrator(provider, user))
    throw new Problem('conflict', 'This is the last administrator who can sign in.');
}

const SAYS: Readonly<Record<PasswordFault, string>> = {
  'too-short': 'is shorter than 8 characters',
  'too-long': 'is longer than 256 characters',
  'contains-name': 'is the username',
  common: 'is among the first that anybody would try',
};

export const badPassword = (fault: PasswordFault): Problem =>
  badBody([{ path: ['password'], message: SAYS[fault] }]);
