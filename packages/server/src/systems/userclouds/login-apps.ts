import { findNumberedClient, listNumberedClients, type NumberedClient } from '../../admin/client-uuids.ts';
import { createClient, deleteClient, updateClient, usesSecret } from '../../admin/clients.ts';
import { findUserBySub } from '../../admin/user-changes.ts';
import { findUser } from '../../admin/users.ts';
import { randomText } from '../../model/secret.ts';
import { actingAs } from '../../web/acting.ts';
import type { Site, WebContext } from '../../web/site.ts';
import { type Administrator, actorOf, administratorOf } from './administrator.ts';
import { type Answer, isRefusal, type JsonObject, type Refusal, readJson, refusal } from './json-route.ts';
import { type Access, loginAppView, NOBODYS, parseLoginApp } from './login-app.ts';

const UNKNOWN = refusal(404, 'There is no such application.');

/** Registers an application (RFC 7591 §3). */
export async function createLoginApp(c: WebContext, site: Site): Promise<Answer> {
  const wish = await readWish(c, site);
  if (isRefusal(wish)) return wish;
  const { provider } = site;
  const client_id = provider.random(16).toString('hex');
  const parsed = parseLoginApp(site, wish.body, { ...wish, client_id });
  if (isRefusal(parsed)) return parsed;
  const client_secret = usesSecret(parsed.metadata) ? randomText(provider.random, SECRET_BYTES) : undefined;
  await createClient(actingAs(c, site, actorOf(wish.administrator)), {
    ...parsed,
    ...(client_secret !== undefined && { client_secret }),
  });
  return viewOf(site, 201, client_id, client_secret);
}

/** As long as those that UserClouds makes: 64 characters. */
const SECRET_BYTES = 48;

/** All applications, or those of one organization. */
export async function listLoginApps(c: WebContext, site: Site): Promise<Answer> {
  const administrator = await administratorOf(c, site);
  if (isRefusal(administrator)) return administrator;
  const organization = c.req.query('organization_id');
  const clients = (await listNumberedClients(site.provider)).filter(
    ({ organization_id = NOBODYS }) => organization === undefined || organization_id === organization,
  );
  const body = await Promise.all(
    clients.map(async (client) => loginAppView(client, { can_login: await subsOf(site, client) })),
  );
  return { status: 200, body };
}

export async function getLoginApp(c: WebContext, site: Site): Promise<Answer> {
  const administrator = await administratorOf(c, site);
  return isRefusal(administrator) ? administrator : viewOf(site, 200, c.req.param('id') ?? '');
}

/** Replaces what an application is registered with. */
export async function updateLoginApp(c: WebContext, site: Site): Promise<Answer> {
  const wish = await readWish(c, site);
  if (isRefusal(wish)) return wish;
  const before = await findNumberedClient(site.provider, c.req.param('id') ?? '');
  if (before === undefined) return UNKNOWN;
  const { client_id } = before;
  const parsed = parseLoginApp(site, wish.body, { ...wish, client_id, before });
  if (isRefusal(parsed)) return parsed;
  const provider = actingAs(c, site, actorOf(wish.administrator));
  const { client_secret } = (await updateClient(provider, parsed)) ?? {};
  return viewOf(site, 200, client_id, client_secret);
}

export async function deleteLoginApp(c: WebContext, site: Site): Promise<Answer> {
  const administrator = await administratorOf(c, site);
  if (isRefusal(administrator)) return administrator;
  const client = await findNumberedClient(site.provider, c.req.param('id') ?? '');
  if (client === undefined) return UNKNOWN;
  const outcome = await deleteClient(actingAs(c, site, actorOf(administrator)), client.client_id);
  return outcome === 'deleted' ? { status: 204 } : UNKNOWN;
}

type Wish = Readonly<{ administrator: Administrator; body: JsonObject } & Access>;

async function readWish(c: WebContext, site: Site): Promise<Wish | Refusal> {
  const administrator = await administratorOf(c, site);
  if (isRefusal(administrator)) return administrator;
  const body = await readJson(c);
  if (isRefusal(body)) return body;
  const access = await accessOf(site, body);
  return isRefusal(access) ? access : { administrator, body, ...access };
}

/** Who may sign in by `restricted_access` and the list `can_login` of user ids; as it was where neither is said. */
async function accessOf({ provider }: Site, body: JsonObject): Promise<Access | Refusal> {
  const { restricted_access, can_login } = body;
  if (restricted_access === false) return { allowed_users: null };
  if (restricted_access === undefined && can_login === undefined) return {};
  const ids: readonly unknown[] | undefined = Array.isArray(can_login ?? [])
    ? ((can_login ?? []) as unknown[])
    : undefined;
  if (ids === undefined || ids.length > MOST_USERS || (restricted_access ?? true) !== true)
    return refusal(400, 'restricted_access must be true or false, and can_login a list of user ids.');
  const users = await Promise.all(
    ids.map(async (id) => (typeof id === 'string' ? findUserBySub(provider, id) : undefined)),
  );
  const known = users.filter((user) => user !== undefined);
  return known.length === users.length
    ? { allowed_users: known.map(({ username }) => username) }
    : refusal(400, 'can_login names somebody who is not a user.');
}

const MOST_USERS = 1000;

async function viewOf(site: Site, status: 200 | 201, name: string, client_secret?: string): Promise<Answer> {
  const client = await findNumberedClient(site.provider, name);
  if (client === undefined) return UNKNOWN;
  return { status, body: loginAppView(client, { client_secret, can_login: await subsOf(site, client) }) };
}

/** The ids of those who may sign in; undefined for everybody. */
async function subsOf({ provider }: Site, client: NumberedClient): Promise<readonly string[] | undefined> {
  const users = client.allowed_users?.map((username) => findUser(provider, username));
  return users && (await Promise.all(users)).flatMap((user) => (user === undefined ? [] : [user.sub]));
}
