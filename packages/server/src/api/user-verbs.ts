import * as z from 'zod';
import { checkFields } from '../admin/fault.ts';
import {
  administered,
  findDeletedUser,
  listDeletedUsers,
  newPassword,
  restoreUser,
} from '../admin/user-administration.ts';
import { findUserBySub } from '../admin/user-changes.ts';
import { lockUser, setDisabled, setPassword, unlockUser } from '../admin/users.ts';
import type { User } from '../model/user.ts';
import { type Call, etag, type Operation, ok, operation } from './operation.ts';
import { badBody, notFound, Problem } from './problem.ts';
import { badPassword, requireHelpable, requireOtherAdministrator, requireRoleGivable } from './user-input.ts';
import { deletedUser, userView } from './user-schema.ts';

/** The user as the deed has left them. */
async function asItIsNow({ provider }: Call, { sub }: User) {
  const user = await findUserBySub(provider, sub);
  if (user === undefined) throw notFound('user');
  return ok(await administered(provider, user), etag(user.version));
}

const deed = (
  verb: 'disable' | 'enable' | 'lock' | 'unlock',
  summary: string,
  work: (call: Call, user: User) => Promise<unknown>,
): Operation =>
  operation({
    method: 'POST',
    path: `/users/{sub}/${verb}`,
    id: `${verb}User`,
    summary,
    needs: 'signet:users:write',
    answers: { status: 200, description: 'The user as they are now.', schema: userView },
    problems: [404, 409],
    work: async (call) => {
      const user = await requireHelpable(call);
      await work(call, user);
      return asItIsNow(call, user);
    },
  });

const passwordShape = {
  password: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .meta({ description: 'One is made, and told once, where it is left out.' }),
};

const password = operation({
  method: 'POST',
  path: '/users/{sub}/password',
  id: 'setPassword',
  summary: 'Sets a password; every session and token of the person ends',
  needs: 'signet:users:write',
  body: { kind: 'json', schema: z.strictObject(passwordShape), optional: true },
  answers: {
    status: 200,
    description: 'The user, and a password that was made.',
    schema: z.object({ ...userView.shape, password: z.string().optional() }).meta({ id: 'UserWithPassword' }),
  },
  problems: [404, 422],
  work: async (call) => {
    const user = await requireHelpable(call);
    const { complete, faults } = checkFields(passwordShape, call.body ?? {}, []);
    if (complete === undefined) throw badBody(faults);
    const made = complete.password === undefined ? newPassword(call.provider) : undefined;
    const outcome = await setPassword(call.provider, call.site.passwords, {
      name: user.username,
      password: complete.password ?? made ?? '',
    });
    if (outcome === 'unknown') throw notFound('user');
    if (outcome !== 'done') throw badPassword(outcome.fault);
    const { body, ...answer } = await asItIsNow(call, user);
    return { ...answer, body: { ...(body as object), ...(made !== undefined && { password: made }) } };
  },
});

const restore = operation({
  method: 'POST',
  path: '/users/{sub}/restore',
  id: 'restoreUser',
  summary: 'Brings back a person who was deleted in the last 30 days, with the same sub and password',
  needs: 'signet:users:write',
  answers: { status: 200, description: 'The user.', schema: userView },
  problems: [404, 409],
  work: async (call) => {
    const { provider, path } = call;
    const deleted = await findDeletedUser(provider, path('sub'));
    if (deleted === undefined) throw notFound('deleted user');
    // The role that they had is given again.
    requireRoleGivable(call.caller, deleted.role);
    const outcome = await restoreUser(provider, deleted.sub);
    if (outcome === 'unknown') throw notFound('deleted user');
    if (outcome === 'taken') throw new Problem('conflict', 'There is a user of that name or sub.');
    return ok(await administered(provider, outcome), etag(outcome.version));
  },
});

const listDeleted = operation({
  method: 'GET',
  path: '/deleted-users',
  id: 'listDeletedUsers',
  summary: 'People who were deleted and can be brought back, the last first; 200 at most',
  needs: 'signet:users:read',
  answers: { status: 200, description: 'They.', schema: z.object({ items: z.array(deletedUser) }) },
  work: async ({ provider }) => ok({ items: await listDeletedUsers(provider, 200) }),
});

export const USER_VERBS: readonly Operation[] = [
  password,
  deed('disable', 'Ends all that the person has, and lets them in no more', async (call, user) => {
    await requireOtherAdministrator(call, user);
    await setDisabled(call.provider, user.username, true);
  }),
  deed('enable', 'Lets the person in again', (call, user) =>
    setDisabled(call.provider, user.username, false),
  ),
  deed('lock', 'Refuses sign-in until the person is unlocked; sessions go on', async (call, user) => {
    await requireOtherAdministrator(call, user);
    await lockUser(call.provider, user.username);
  }),
  deed('unlock', 'Lifts the lock that failed sign-ins brought, with their count', (call, user) =>
    unlockUser(call.provider, user.username),
  ),
  listDeleted,
  restore,
];
