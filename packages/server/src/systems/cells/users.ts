import { deleteUser, usersAfter } from '../../admin/user-changes.ts';
import { findUser } from '../../admin/users.ts';
import { normalizeUsername, type User } from '../../model/user.ts';
import { actingAs } from '../../web/acting.ts';
import type { Site, WebContext } from '../../web/site.ts';
import { type Caller, isAdministrator, requireAdministrator, requireCaller } from './caller.ts';
import { flagOf, numberOf, textOf } from './fields.ts';
import { badInput, forbidden, type Json, notFound, type Place, RestRefusal, readJson } from './rest.ts';
import { wantedRoles, wantedUser } from './user-change.ts';
import { makeUser, putUser } from './user-put.ts';
import { searchOf } from './user-search.ts';
import { cellsFacts, groupView, userView } from './user-view.ts';

const USUAL_LIMIT = 1000;
/** Users read at once while the wanted ones are looked for. */
const PAGE = 500;

/** `/a/user`: a search; an administrator finds everybody, other people themselves. */
export const usersPlace: Place = {
  POST: async (c, site) => {
    const caller = await requireCaller(c, site);
    const body = await readJson(c);
    const isWanted = searchOf(body);
    const offset = numberOf(body, 'Offset') ?? 0;
    const limit = numberOf(body, 'Limit') || USUAL_LIMIT;
    const found: User[] = [];
    const groups = new Set<string>();
    let total = 0;
    for await (const user of visibleTo(caller, site)) {
      const { group_path } = cellsFacts(user);
      if (group_path !== '/') groups.add(group_path);
      if (!isWanted(user)) continue;
      total += 1;
      if (total > offset && found.length < Math.min(limit, USUAL_LIMIT)) found.push(user);
    }
    if (flagOf(body, 'CountOnly')) return { Total: total };
    return { Groups: [...groups].sort().map(groupView), Users: found.map(userView), Total: total };
  },
};

async function* visibleTo(caller: Caller, { provider }: Site): AsyncGenerator<User> {
  if (!isAdministrator(caller)) {
    yield caller.user;
    return;
  }
  for (let afterUsername = ''; ; ) {
    const page = await usersAfter(provider, { afterUsername, atMost: PAGE });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    afterUsername = last.username;
  }
}

/** The user whose name the address has, if the caller may see that there is one. */
async function requireUser(c: WebContext, site: Site, caller: Caller): Promise<User> {
  const user = await findUser(site.provider, c.req.param('login') ?? '');
  if (user === undefined || !(isAdministrator(caller) || user.id === caller.user.id))
    throw notFound('There is no user with that login.');
  return user;
}

/** `/a/user/{Login}`. */
export const userPlace: Place = {
  GET: async (c, site) => userView(await requireUser(c, site, await requireCaller(c, site))),
  PUT: async (c, site) => {
    const caller = await requireCaller(c, site);
    const body = await readJson(c);
    const login = requireLogin(c, body);
    const before = await findUser(site.provider, login);
    if (!isAdministrator(caller) && before?.id !== caller.user.id)
      throw forbidden('It takes an administrator to make users, and to change others.');
    if (before === undefined) return makeUser(c, site, { caller, login, body });
    requireSameUuid(body, before);
    return putUser(c, site, { caller, before, wanted: wantedUser(body, before) });
  },
  DELETE: async (c, site) => {
    const caller = await requireAdministrator(c, site);
    const user = await requireUser(c, site, caller);
    if (user.id === caller.user.id) throw forbidden('Nobody deletes their own account.');
    const outcome = await deleteUser(actingAs(c, site, caller.user.sub), user);
    return { Success: true, NumRows: outcome === 'deleted' ? '1' : '0' };
  },
};

/** `/a/user/roles/{Login}`: gives the roles and nothing else. */
export const userRolesPlace: Place = {
  PUT: async (c, site) => {
    const caller = await requireAdministrator(c, site);
    const before = await requireUser(c, site, caller);
    const body = await readJson(c);
    requireSameUuid({ Uuid: before.sub, ...body }, before);
    const roles = wantedRoles(body, before);
    if (roles === undefined) throw badInput('Roles is missing.');
    return putUser(c, site, { caller, before, wanted: wantedUser({ Roles: body['Roles'] }, before) });
  },
};

function requireLogin(c: WebContext, body: Json): string {
  if (flagOf(body, 'IsGroup')) throw badInput('A group is there as soon as a user has its GroupPath.');
  const here = normalizeUsername(c.req.param('login') ?? '');
  const login = normalizeUsername(textOf(body, 'Login') || (here ?? ''));
  if (login === undefined || login.includes('/')) throw badInput('The login is no name for a user.');
  if (login !== here) throw badInput('The Login is not the one of the address; logins are not changed.');
  return login;
}

/** Whoever changes a user has seen the record; without its Uuid a new one is meant. */
function requireSameUuid(body: Json, before: User): void {
  if (textOf(body, 'Uuid') === before.sub) return;
  throw new RestRefusal(409, 'user.already.exists', [
    'There is a user with that login.',
    'To change it, send the record with its Uuid.',
  ]);
}
