import { findPersonalToken, looksLikePersonalToken } from '../../admin/personal-tokens.ts';
import type { User } from '../../model/user.ts';
import { findAccessToken } from '../../oauth/access-token.ts';
import { bearerIn } from '../../oauth/bearer.ts';
import { ownAudience } from '../../oauth/resource.ts';
import type { Site, WebContext } from '../../web/site.ts';
import { forbidden, unauthorized } from './rest.ts';

/** The kind of personal token that programs of Cells use. */
export const PERSONAL = 'cells';

/** Who calls, proven by a bearer token. */
export type Caller = Readonly<{
  user: User;
  /** What a personal access token is narrowed to; empty where it is not. */
  scopes: readonly string[];
}>;

/** The caller, or undefined where no token was sent. A token that is not good is refused in any case. */
export async function findCaller(c: WebContext, site: Site): Promise<Caller | undefined> {
  if (c.req.header('authorization') === undefined) return undefined;
  const token = tokenSent(c);
  const caller = token === undefined ? undefined : await callerWith(site, token);
  if (caller === undefined) throw unauthorized('The bearer token is no living access token.');
  if (caller.user.locked_at !== null)
    throw unauthorized('The account is locked; an administrator can unlock it.');
  return caller;
}

/** The bearer token in the header; undefined where there is none or something else. */
export const tokenSent = (c: WebContext): string | undefined => bearerIn(c.req.header('authorization'));

async function callerWith(site: Site, token: string): Promise<Caller | undefined> {
  if (!looksLikePersonalToken(token)) return callerWithAccessToken(site, token);
  const found = await findPersonalToken(site.provider, token);
  return found?.kind === PERSONAL ? { user: found.user, scopes: found.scopes } : undefined;
}

/** An access token of a person for this very provider; ID tokens, refresh tokens and those for other resources are none. */
async function callerWithAccessToken({ provider }: Site, token: string): Promise<Caller | undefined> {
  const found = await findAccessToken(provider, token);
  if (found?.user === undefined) return undefined;
  const audience = [found.claims['aud']].flat();
  return audience.includes(ownAudience(found.client, provider.tenant))
    ? { user: found.user, scopes: [] }
    : undefined;
}

/** The caller, with a token that is not narrowed to single files. */
export async function requireCaller(c: WebContext, site: Site): Promise<Caller> {
  const caller = await findCaller(c, site);
  if (caller === undefined) throw unauthorized('Send an access token in the Authorization header.');
  if (caller.scopes.length > 0) throw forbidden('The token is good for single files alone.');
  return caller;
}

/** The caller, who is an administrator. */
export async function requireAdministrator(c: WebContext, site: Site): Promise<Caller> {
  const caller = await requireCaller(c, site);
  if (!isAdministrator(caller)) throw forbidden('It takes an administrator.');
  return caller;
}

export const isAdministrator = ({ user }: Caller): boolean => user.role === 'admin';
