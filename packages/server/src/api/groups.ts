import * as z from 'zod';
import { parseGroupRecord } from '../admin/group-record.ts';
import {
  addMember,
  changeGroup,
  createGroup,
  deleteGroup,
  findGroup,
  removeMember,
  viewOfGroup,
} from '../admin/groups.ts';
import { administeredAll } from '../admin/user-administration.ts';
import { adminApiOf } from '../model/admin-api.ts';
import { type Group, MOST_GROUPS } from '../model/group.ts';
import { stale } from './clients.ts';
import { groupPatch, groupView, newGroup } from './group-schema.ts';
import { type Call, done, etag, type Operation, ok, operation } from './operation.ts';
import { keyIn, limitOf, listOf, numberKey, pageOf, pageShape, textKey, word } from './page.ts';
import { badBody, notFound, Problem } from './problem.ts';
import { mergePatch, patchIn } from './request.ts';
import { requireUser } from './user-input.ts';
import { userView } from './user-schema.ts';

async function requireGroup({ provider, path }: Pick<Call, 'provider' | 'path'>): Promise<Group> {
  const group = await findGroup(provider, path('name'));
  if (group === undefined) throw notFound('group');
  return group;
}

const listShape = {
  ...pageShape,
  q: word.optional().meta({ description: 'Part of the name or of the display name.' }),
  source: z.enum(['file', 'manual']).optional(),
};

const list = operation<typeof listShape>({
  method: 'GET',
  path: '/groups',
  id: 'listGroups',
  summary: 'Groups in the order of their names',
  needs: 'signet:groups:read',
  query: listShape,
  answers: { status: 200, description: 'A page.', schema: listOf(groupView) },
  work: async ({ provider: { store, tenant }, query }) => {
    const { q: text, source } = query;
    const [after = ''] = keyIn(textKey, query) ?? [];
    const found = await store.pageGroups(tenant.id, { after, atMost: limitOf(query) + 1, text, source });
    const { shown, next } = pageOf(found, query, ({ name }) => [name]);
    return ok({ items: shown.map(viewOfGroup), next });
  },
});

const read = operation({
  method: 'GET',
  path: '/groups/{name}',
  id: 'getGroup',
  summary: 'One group',
  needs: 'signet:groups:read',
  answers: { status: 200, description: 'The group.', schema: groupView },
  problems: [404],
  work: async (call) => {
    const group = await requireGroup(call);
    return ok(viewOfGroup(group), etag(group.version));
  },
});

const create = operation({
  method: 'POST',
  path: '/groups',
  id: 'createGroup',
  summary: 'Makes a group, which nobody is in yet',
  needs: 'signet:groups:write',
  body: { kind: 'json', schema: newGroup },
  idempotent: true,
  answers: { status: 201, description: 'The group.', schema: groupView },
  problems: [409, 422],
  work: async ({ provider, site, body }) => {
    const parsed = parseGroupRecord(body);
    if ('faults' in parsed) throw badBody(parsed.faults);
    const group = await createGroup(provider, parsed.group);
    if (group === 'duplicate') throw new Problem('conflict', 'There is a group of that name.');
    const location = `${adminApiOf(site.provider.tenant)}/groups/${encodeURIComponent(group.name)}`;
    return { status: 201, body: viewOfGroup(group), headers: { location, ...etag(group.version) } };
  },
});

const change = operation({
  method: 'PATCH',
  path: '/groups/{name}',
  id: 'changeGroup',
  summary: 'Changes what is said of a group; its name is what applications know, and stays',
  needs: 'signet:groups:write',
  body: { kind: 'merge-patch', schema: groupPatch },
  versioned: true,
  answers: { status: 200, description: 'The group as it is now.', schema: groupView },
  problems: [404, 412, 422],
  work: async (call) => {
    const before = await requireGroup(call);
    const patch = patchIn(call, groupPatch.shape);
    const { name, display_name, description } = before;
    const said = mergePatch({}, { name, display_name, description });
    const parsed = parseGroupRecord(mergePatch(said, patch));
    if ('faults' in parsed) throw badBody(parsed.faults);
    const changed =
      call.version === before.version ? await changeGroup(call.provider, before, parsed.group) : 'stale';
    if (changed === 'stale') throw stale();
    return ok(viewOfGroup(changed), etag(changed.version));
  },
});

const remove = operation({
  method: 'DELETE',
  path: '/groups/{name}',
  id: 'deleteGroup',
  summary: 'Deletes a group; nobody is in it any more, and it does not come back',
  needs: 'signet:groups:write',
  answers: { status: 204, description: 'It is gone.' },
  problems: [404],
  work: async (call) => {
    if ((await deleteGroup(call.provider, await requireGroup(call))) === 'unknown') throw notFound('group');
    return done;
  },
});

const members = operation<typeof pageShape>({
  method: 'GET',
  path: '/groups/{name}/members',
  id: 'listGroupMembers',
  summary: 'Who is in a group, in the order in which the people were made',
  needs: 'signet:groups:read',
  needsToo: ['signet:users:read'],
  query: pageShape,
  answers: { status: 200, description: 'A page.', schema: listOf(userView) },
  problems: [404],
  work: async (call) => {
    const { provider, query } = call;
    const { store, tenant } = provider;
    const { name } = await requireGroup(call);
    const [after = 0] = keyIn(numberKey, query) ?? [];
    const found = await store.pageMembers(tenant.id, name, { after, atMost: limitOf(query) + 1 });
    const { shown, next } = pageOf(found, query, ({ id }) => [id]);
    return ok({ items: await administeredAll(provider, shown), next });
  },
});

const member = (
  method: 'PUT' | 'DELETE',
  id: string,
  summary: string,
  work: (call: Call, group: Group) => Promise<unknown>,
): Operation =>
  operation({
    method,
    path: '/groups/{name}/members/{sub}',
    id,
    summary,
    needs: 'signet:groups:write',
    answers: { status: 204, description: 'It is so.' },
    problems: [404, 409],
    work: async (call) => {
      await work(call, await requireGroup(call));
      return done;
    },
  });

export const GROUPS: readonly Operation[] = [
  list,
  create,
  read,
  change,
  remove,
  members,
  member(
    'PUT',
    'addGroupMember',
    'Puts somebody into a group, if they are not in it',
    async (call, group) => {
      if ((await addMember(call.provider, group, await requireUser(call))) === 'full')
        throw new Problem('conflict', `They are in ${MOST_GROUPS} groups, and nobody can be in more.`);
    },
  ),
  member(
    'DELETE',
    'removeGroupMember',
    'Takes somebody out of a group, if they are in it',
    async (call, group) => removeMember(call.provider, group, await requireUser(call)),
  ),
];
