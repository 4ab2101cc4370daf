import * as z from 'zod';
import { isRecord } from '../admin/fault.ts';
import { administered, administeredAll, replaceUser } from '../admin/user-administration.ts';
import { deleteUser, findUserBySub } from '../admin/user-changes.ts';
import { parseUserRecord } from '../admin/user-record.ts';
import { createUser, setDisabled } from '../admin/users.ts';
import { adminApiOf } from '../model/admin-api.ts';
import { USER_ROLES } from '../model/user.ts';
import { stale } from './clients.ts';
import { done, etag, type Operation, ok, operation } from './operation.ts';
import { flag, keyIn, limitOf, listOf, pageOf, pageShape, textKey, word } from './page.ts';
import { badBody, notFound, Problem } from './problem.ts';
import { mergePatch, patchIn } from './request.ts';
import {
  badPassword,
  requireGroups,
  requireHelpable,
  requireOtherAdministrator,
  requireRoleGivable,
  requireUser,
} from './user-input.ts';
import { newUser, userPatch, userView } from './user-schema.ts';

const listShape = {
  ...pageShape,
  q: word.optional().meta({ description: 'Part of the username, the name or the e-mail address.' }),
  role: z.enum(USER_ROLES).optional(),
  disabled: flag.optional(),
  locked: flag.optional(),
};

const list = operation<typeof listShape>({
  method: 'GET',
  path: '/users',
  id: 'listUsers',
  summary: 'People in the order of their usernames',
  needs: 'signet:users:read',
  query: listShape,
  answers: { status: 200, description: 'A page.', schema: listOf(userView) },
  work: async ({ provider, query }) => {
    const { store, tenant } = provider;
    const { q: text, role, disabled, locked } = query;
    const [afterUsername = ''] = keyIn(textKey, query) ?? [];
    const page = { afterUsername, atMost: limitOf(query) + 1, text, role, disabled, locked };
    const { shown, next } = pageOf(await store.pageUsers(tenant.id, page), query, ({ username }) => [
      username,
    ]);
    return ok({ items: await administeredAll(provider, shown), next });
  },
});

const read = operation({
  method: 'GET',
  path: '/users/{sub}',
  id: 'getUser',
  summary: 'One person',
  needs: 'signet:users:read',
  answers: { status: 200, description: 'The user.', schema: userView },
  problems: [404],
  work: async (call) => {
    const user = await requireUser(call);
    return ok(await administered(call.provider, user), etag(user.version));
  },
});

const create = operation({
  method: 'POST',
  path: '/users',
  id: 'createUser',
  summary: 'Creates a person, who can sign in with a password if one is given',
  needs: 'signet:users:write',
  body: { kind: 'json', schema: newUser },
  idempotent: true,
  answers: { status: 201, description: 'The user.', schema: userView },
  problems: [409, 422],
  work: async (call) => {
    const { provider, site, caller, body } = call;
    if (isRecord(body) && Object.hasOwn(body, 'sub'))
      throw badBody([{ path: ['sub'], message: 'is made by Signet' }]);
    const parsed = parseUserRecord(body);
    if ('faults' in parsed) throw badBody(parsed.faults);
    requireRoleGivable(caller, parsed.user.role);
    await requireGroups(call, parsed.user.groups);
    const outcome = await createUser(provider, site.passwords, parsed.user);
    if (outcome.kind === 'refused') throw badPassword(outcome.fault);
    if (outcome.kind === 'duplicate')
      throw new Problem('conflict', `There is a user ${parsed.user.username} already.`);
    if (parsed.user.disabled === true) await setDisabled(provider, parsed.user.username, true);
    const user = await findUserBySub(provider, outcome.user.sub);
    if (user === undefined) throw notFound('user');
    const location = `${adminApiOf(site.provider.tenant)}/users/${encodeURIComponent(user.sub)}`;
    return {
      status: 201,
      body: await administered(provider, user),
      headers: { location, ...etag(user.version) },
    };
  },
});

const change = operation({
  method: 'PATCH',
  path: '/users/{sub}',
  id: 'changeUser',
  summary: 'Changes username, claims, role or groups',
  description: 'Groups take signet:groups:write as well.',
  needs: 'signet:users:write',
  body: { kind: 'merge-patch', schema: userPatch },
  versioned: true,
  answers: { status: 200, description: 'The user as they are now.', schema: userView },
  problems: [404, 409, 412, 422],
  work: async (call) => {
    const { provider, version } = call;
    const before = await requireHelpable(call);
    const patch = patchIn(call, userPatch.shape);
    if (version !== before.version) throw stale();
    const { username, claims, role } = before;
    const parsed = parseUserRecord(mergePatch({ username, claims, role }, patch));
    if ('faults' in parsed) throw badBody(parsed.faults);
    const { user } = parsed;
    requireRoleGivable(call.caller, user.role);
    // What is removed is the list as a whole.
    const wanted = patch['groups'] === null ? { ...user, groups: [] } : user;
    await requireGroups(call, wanted.groups);
    if (user.role !== 'admin') await requireOtherAdministrator(call, before);
    const outcome = await replaceUser(provider, before, wanted);
    if (outcome === 'stale') throw stale();
    if (outcome === 'taken') throw new Problem('conflict', 'There is another user of that username.');
    return ok(await administered(provider, outcome), etag(outcome.version));
  },
});

const remove = operation({
  method: 'DELETE',
  path: '/users/{sub}',
  id: 'deleteUser',
  summary: 'Deletes a person, restorably for 30 days; what was issued to them is over for good',
  needs: 'signet:users:write',
  answers: { status: 204, description: 'They are gone.' },
  problems: [404, 409],
  work: async (call) => {
    const user = await requireHelpable(call);
    await requireOtherAdministrator(call, user);
    if ((await deleteUser(call.provider, user)) === 'unknown') throw notFound('user');
    return done;
  },
});

export const USERS: readonly Operation[] = [list, create, read, change, remove];
