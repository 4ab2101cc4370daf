import { auditFirst } from '../../admin/audit.ts';
import {
  createPersonalToken,
  deletePersonalToken,
  listPersonalTokens,
  type PersonalTokenOf,
} from '../../admin/personal-tokens.ts';
import { findUser } from '../../admin/users.ts';
import { inSeconds } from '../../model/clock.ts';
import type { User } from '../../model/user.ts';
import { actingAs } from '../../web/acting.ts';
import type { Site, WebContext } from '../../web/site.ts';
import { type Caller, isAdministrator, PERSONAL, requireAdministrator, requireCaller } from './caller.ts';
import { numberOf, textOf, textsOf } from './fields.ts';
import { badInput, forbidden, type Json, notFound, type Place, readJson } from './rest.ts';

/** How long a token is to live: until a time, or so long after each use. Milliseconds. */
export type TokenEnd = Readonly<{ expiresAt: number } | { window: number }>;

/** `/a/auth/token/personal`: a token of one's own. */
export const personalTokenPlace: Place = {
  POST: async (c, site) => {
    const caller = await requireCaller(c, site);
    const body = await readJson(c);
    const login = textOf(body, 'UserLogin');
    const owner = login === undefined || login === '' ? caller.user : await findUser(site.provider, login);
    if (owner?.id !== caller.user.id)
      throw forbidden('A personal token is for the caller; one for somebody else is made by impersonation.');
    return { AccessToken: await tokenFor(c, site, { caller, owner, body }) };
  },
};

/** `/a/auth/token/impersonate`: a token of somebody else, for administrators; nothing is made that is not recorded. */
export const impersonationPlace: Place = {
  POST: async (c, site) => {
    const caller = await requireAdministrator(c, site);
    const body = await readJson(c);
    const owner = await findUser(site.provider, textOf(body, 'UserLogin') ?? '');
    if (owner === undefined) throw notFound('There is no user with that login.');
    endOf(body);
    const note = {
      action: 'user.impersonated',
      subject: owner.sub,
      facts: { by: 'personal token' },
    } as const;
    await auditFirst(actingAs(c, site, caller.user.sub), note);
    return { AccessToken: await tokenFor(c, site, { caller, owner, body }) };
  },
};

type Wish = Readonly<{ caller: Caller; owner: User; body: Json }>;

function tokenFor(c: WebContext, site: Site, { caller, owner, body }: Wish): Promise<string> {
  const label = textOf(body, 'Label', 500) ?? '';
  const scopes = scopesOf(textsOf(body, 'Scopes') ?? []);
  return makeToken(c, site, { owner, label, scopes, end: endOf(body), createdBy: caller.user.sub });
}

type NewToken = Readonly<{
  owner: User;
  label: string;
  scopes: readonly string[];
  end: TokenEnd;
  createdBy: string;
}>;

/** Makes a token and gives its text. */
export async function makeToken(
  c: WebContext,
  site: Site,
  { owner, end, ...wish }: NewToken,
): Promise<string> {
  const provider = actingAs(c, site, wish.createdBy);
  const made = await createPersonalToken(provider, { ...wish, ...end, user: owner, kind: PERSONAL });
  if (made.kind === 'created') return made.text;
  throw badInput(made.fault === 'end-passed' ? 'The token would be over already.' : NO_END);
}

const NO_END = 'Please provide one of ExpiresAt or AutoRefreshWindow.';

/** The end as the interface has it, in seconds; 0 is as good as nothing, as protocol buffers have it. */
function endOf(body: Json): TokenEnd {
  const expiresAt = numberOf(body, 'ExpiresAt') ?? 0;
  const window = numberOf(body, 'AutoRefresh') ?? numberOf(body, 'AutoRefreshWindow') ?? 0;
  if (expiresAt > 0 === window > 0) throw badInput(NO_END);
  return window > 0 ? { window: 1000 * window } : { expiresAt: 1000 * expiresAt };
}

/** Single files that a token is narrowed to, such as `node:UUID:rw`. */
export function scopesOf(scopes: readonly string[]): readonly string[] {
  if (scopes.every((scope) => /^node:[\w-]{1,100}:(r|w|rw)$/.test(scope))) return scopes;
  throw badInput('A scope is written node:UUID:r, node:UUID:w or node:UUID:rw.');
}

const PAGE = 500;

/** `/a/auth/tokens`: one's own tokens; an administrator's list has those of everybody, or of one. */
export const tokensPlace: Place = {
  POST: async (c, site) => {
    const caller = await requireCaller(c, site);
    const { provider } = site;
    const login = textOf(await readJson(c), 'ByUser') ?? '';
    const named = login === '' ? undefined : await findUser(provider, login);
    if (login !== '' && named === undefined && isAdministrator(caller)) return { Tokens: [] };
    if (!isAdministrator(caller) && login !== '' && named?.id !== caller.user.id)
      throw forbidden('It takes an administrator to see tokens of others.');
    const of = isAdministrator(caller) ? named : caller.user;
    const tokens: PersonalTokenOf[] = [];
    for (;;) {
      const page = await listPersonalTokens(provider, { of, afterId: tokens.at(-1)?.id ?? 0, atMost: PAGE });
      tokens.push(...page);
      if (page.length < PAGE) break;
    }
    const living = tokens.filter(
      ({ kind, expires_at }) => kind === PERSONAL && expires_at > provider.clock(),
    );
    return { Tokens: living.map(tokenView) };
  },
};

/** A token as it is listed; times are texts of seconds since 1970. */
function tokenView(token: PersonalTokenOf): Json {
  return {
    Uuid: token.uuid,
    Type: 'PERSONAL',
    Label: token.label,
    UserLogin: token.user.username,
    UserUuid: token.user.sub,
    Scopes: token.scopes,
    AutoRefreshWindow: inSeconds(token.renewed_by),
    ExpiresAt: String(inSeconds(token.expires_at)),
    CreatedAt: String(inSeconds(token.created_at)),
    CreatedBy: token.created_by,
    UpdatedAt: String(inSeconds(Math.max(token.created_at, token.used_at))),
  };
}

/** `/a/auth/tokens/{TokenId}`: ends a token of one's own, or anybody's for an administrator. */
export const tokenPlace: Place = {
  DELETE: async (c, site) => {
    const caller = await requireCaller(c, site);
    const of = isAdministrator(caller) ? undefined : caller.user;
    const uuid = c.req.param('id') ?? '';
    const outcome = await deletePersonalToken(actingAs(c, site, caller.user.sub), uuid, of);
    if (outcome === 'unknown') throw notFound('There is no such token.');
    return { Success: true, Message: 'The token has been deleted.' };
  },
};
