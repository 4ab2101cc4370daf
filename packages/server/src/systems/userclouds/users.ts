import { deleteUser, findUserBySub, setClaims, usersAfter } from '../../admin/user-changes.ts';
import { parseUserRecord } from '../../admin/user-record.ts';
import { createUser, findUser } from '../../admin/users.ts';
import { normalizeUsername, type User } from '../../model/user.ts';
import { actingAs } from '../../web/acting.ts';
import type { Site, WebContext } from '../../web/site.ts';
import { type Administrator, actorOf, administratorOf } from './administrator.ts';
import {
  type Answer,
  isObject,
  isRefusal,
  type JsonObject,
  type Refusal,
  readJson,
  refusal,
  textOf,
} from './json-route.ts';
import { NOBODYS, sayFaults } from './login-app.ts';
import { baseProfileView, changedClaims, userView } from './user-view.ts';

const UNKNOWN = refusal(404, 'There is no such user.');
const USUAL_PAGE = 50;
const LARGEST_PAGE = 500;

/** A page of users, in the shape of `userView` or another one. */
export const listUsers =
  (view: (user: User) => JsonObject) =>
  async (c: WebContext, site: Site): Promise<Answer> => {
    const administrator = await administratorOf(c, site);
    if (isRefusal(administrator)) return administrator;
    const ids = c.req.queries('user_ids');
    if (ids !== undefined) return { status: 200, body: lastPage((await byIds(site, ids)).map(view)) };
    const page = parsePage(c);
    if (isRefusal(page)) return page;
    const found = await usersAfter(site.provider, page);
    const users = found.slice(0, page.atMost - 1);
    const more = found.length > users.length;
    const next = more ? cursorOf(users.at(-1)) : '';
    return { status: 200, body: { ...lastPage(users.map(view)), has_next: more, next } };
  };

const lastPage = (data: readonly JsonObject[]): JsonObject => ({
  data,
  has_next: false,
  next: '',
  has_prev: false,
  prev: '',
});

async function byIds({ provider }: Site, ids: readonly string[]): Promise<readonly User[]> {
  const found = await Promise.all(ids.slice(0, LARGEST_PAGE).map((id) => findUserBySub(provider, id)));
  return found.filter((user) => user !== undefined);
}

type Page = Readonly<{ afterUsername: string; atMost: number; organization_id?: string | undefined }>;

/** Where the page begins, and one more than it holds, which tells whether there is a next one. */
function parsePage(c: WebContext): Page | Refusal {
  const limit = c.req.query('limit') ?? String(USUAL_PAGE);
  if (!/^[0-9]{1,4}$/.test(limit) || Number(limit) < 1)
    return refusal(400, 'limit must be a whole number above 0.');
  if (c.req.query('ending_before') !== undefined)
    return refusal(400, 'Pages are read forwards only, with starting_after.');
  const cursor = c.req.query('starting_after') ?? '';
  const afterUsername = cursor === '' ? '' : usernameIn(cursor);
  if (afterUsername === undefined) return refusal(400, 'starting_after is not a cursor of this interface.');
  const atMost = Math.min(Number(limit), LARGEST_PAGE) + 1;
  return { afterUsername, atMost, organization_id: c.req.query('organization_id') };
}

const CURSOR = 'username:';

/** Still good when the user it names has been deleted. */
const cursorOf = (last: User | undefined): string =>
  CURSOR + Buffer.from(last?.username ?? '').toString('base64url');

const usernameIn = (cursor: string): string | undefined =>
  cursor.startsWith(CURSOR) && cursor.length < 2000
    ? normalizeUsername(Buffer.from(cursor.slice(CURSOR.length), 'base64url').toString())
    : undefined;

/** The user in the path, for an administrator. */
async function userOf(
  c: WebContext,
  site: Site,
): Promise<Readonly<{ user: User; administrator: Administrator }> | Refusal> {
  const administrator = await administratorOf(c, site);
  if (isRefusal(administrator)) return administrator;
  const user = await findUserBySub(site.provider, c.req.param('id') ?? '');
  return user === undefined ? UNKNOWN : { user, administrator };
}

export const getUser =
  (view: (user: User) => JsonObject) =>
  async (c: WebContext, site: Site): Promise<Answer> => {
    const found = await userOf(c, site);
    return isRefusal(found) ? found : { status: 200, body: view(found.user) };
  };

/** Creates a user with a password, or without any way to sign in. */
export async function postUser(c: WebContext, site: Site): Promise<Answer> {
  const administrator = await administratorOf(c, site);
  if (isRefusal(administrator)) return administrator;
  const body = await readJson(c);
  if (isRefusal(body)) return body;
  const record = parseNewUser(body);
  if (isRefusal(record)) return record;
  const provider = actingAs(c, site, actorOf(administrator));
  const outcome = await createUser(provider, site.passwords, record);
  switch (outcome.kind) {
    case 'duplicate':
      return refusal(409, 'There is a user of that name already.');
    case 'refused':
      return refusal(400, `The password cannot be taken: ${outcome.fault}.`);
    case 'created': {
      const user = await findUser(site.provider, record.username);
      return user === undefined ? UNKNOWN : { status: 201, body: userView(user) };
    }
  }
}

function parseNewUser(body: JsonObject) {
  const type = body['authn_type'] ?? '';
  if (type !== '' && type !== 'password')
    return refusal(400, 'authn_type must be password: there are no external identities here.');
  if ((body['id'] ?? NOBODYS) !== NOBODYS) return refusal(400, 'The id of a user is chosen here.');
  const profile = body['profile'] ?? {};
  if (!isObject(profile)) return refusal(400, 'profile must be an object.');
  const organization = textOf(body, 'organization_id') ?? NOBODYS;
  const parsed = parseUserRecord({
    username: textOf(body, 'username') ?? textOf(profile, 'email'),
    ...(type === 'password' && { password: body['password'] ?? '' }),
    claims: changedClaims(organization === NOBODYS ? {} : { organization_id: organization }, profile),
  });
  return 'faults' in parsed ? refusal(400, sayFaults(parsed.faults)) : parsed.user;
}

/** Changes the profile: what is null goes, what is not named stays. */
export async function putUser(c: WebContext, site: Site): Promise<Answer> {
  const found = await userOf(c, site);
  if (isRefusal(found)) return found;
  const { user, administrator } = found;
  if (isProtected(user, administrator)) return PROTECTED;
  const body = await readJson(c);
  if (isRefusal(body)) return body;
  const profile = body['profile'] ?? {};
  if (!isObject(profile)) return refusal(400, 'profile must be an object.');
  const provider = actingAs(c, site, actorOf(administrator));
  const outcome = await setClaims(provider, user, changedClaims(user.claims, profile));
  if (outcome !== 'done') return refusal(400, sayFaults(outcome.faults));
  return { status: 200, body: userView((await findUserBySub(site.provider, user.sub)) ?? user) };
}

export async function removeUser(c: WebContext, site: Site): Promise<Answer> {
  const found = await userOf(c, site);
  if (isRefusal(found)) return found;
  const { user, administrator } = found;
  // So that nobody locks the tenant's people out of it.
  if (user.role === 'admin') return PROTECTED;
  const outcome = await deleteUser(actingAs(c, site, actorOf(administrator)), user);
  return outcome === 'deleted' ? { status: 204 } : UNKNOWN;
}

const PROTECTED = refusal(403, 'Administrators are changed by the operator.');

/** A service does not change those who may administer it. */
const isProtected = (user: User, { user: person }: Administrator): boolean =>
  user.role === 'admin' && person === undefined;

export const baseProfile = (user: User): JsonObject => baseProfileView(user, false);
export const baseProfileWithAuthns = (user: User): JsonObject => baseProfileView(user, true);
