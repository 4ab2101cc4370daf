import {
  createPersonalToken,
  deletePersonalToken,
  findPersonalToken,
  listPersonalTokens,
  type PersonalTokenOf,
} from '../../admin/personal-tokens.ts';
import type { Provider } from '../../keys/provider.ts';
import { isoTime } from '../../model/clock.ts';
import { normalizeUsername, type User } from '../../model/user.ts';
import { findAccessToken } from '../../oauth/access-token.ts';
import { ownAudience } from '../../oauth/resource.ts';
import { claimsByScope } from '../../oauth/user-claims.ts';
import { actingAs } from '../../web/acting.ts';
import { SECRET_JSON } from '../../web/headers.ts';
import type { Site, WebContext } from '../../web/site.ts';
import { parseGoDuration } from './go-duration.ts';

/** Tokens that stand in for a person's password at the file server. */
const KIND = 'ocis_app';
const USUAL_LIFE = '72h';
const LONGEST_LIFE = 10 * 365 * 86_400;
const MOST_TOKENS = 1000;

type Signed = Readonly<{ user: User }>;

/** What a person with a good access token does with their app tokens. */
type Work = (c: WebContext, site: Site, signed: Signed) => Promise<Response>;

/** Only an access token speaks for a person here, never a cookie: no other page can make a browser send one. */
export const withPerson = (work: Work) => async (c: WebContext, site: Site) => {
  const { provider } = site;
  const bearer = /^bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
  const found = bearer === undefined ? undefined : await findAccessToken(provider, bearer);
  const isForHere =
    found !== undefined && [found.claims['aud']].flat().includes(ownAudience(found.client, provider.tenant));
  // Whoever only acts as a person gets nothing that outlives the acting.
  const isOwn = found?.grant?.authorization.impersonator === undefined;
  if (found?.user === undefined || !isForHere || !isOwn) return unauthorized(site, 'Bearer');
  return work(c, { ...site, provider: actingAs(c, site, found.user.sub) }, { user: found.user });
};

/** POST: makes a token, whose text is told in this answer alone. */
export const createAppToken: Work = async (c, { provider }, { user }) => {
  if (c.req.query('userID') !== undefined || c.req.query('userName') !== undefined)
    return plain(403, 'App tokens for others cannot be made here.');
  const life = parseGoDuration(c.req.query('expiry') ?? USUAL_LIFE);
  if (life === undefined || life < 1 || life > LONGEST_LIFE)
    return plain(400, 'The expiry is no length of time such as 30m or 72h.');
  const created = await createPersonalToken(provider, {
    user,
    kind: KIND,
    label: labelOf(c.req.query('label')),
    scopes: [],
    expiresAt: provider.clock() + Math.floor(life * 1000),
    createdBy: user.sub,
  });
  if (created.kind === 'fault') return plain(400, 'The expiry has passed.');
  return json(shown(created.token, created.text));
};

const labelOf = (text: string | undefined): string => {
  const label = (text ?? '').replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim();
  return label === '' ? 'Generated via API' : label;
};

/** GET: the tokens that are good, each by a name that opens nothing. */
export const listAppTokens: Work = async (_c, { provider }, { user }) => {
  const tokens = await listPersonalTokens(provider, { of: user, atMost: MOST_TOKENS });
  const good = tokens.filter(({ kind, expires_at }) => kind === KIND && expires_at > provider.clock());
  return json(good.map((token) => shown(token, token.uuid)));
};

/** DELETE: by the name in the list, or by the token itself. */
export const deleteAppToken: Work = async (c, { provider }, { user }) => {
  const named = c.req.query('token');
  if (named === undefined || named === '') return plain(400, 'The parameter token is missing.');
  const uuid = await ownToken(provider, user, named);
  const outcome = uuid && (await deletePersonalToken(provider, uuid, user));
  return outcome === 'deleted'
    ? new Response(null, { headers: SECRET_JSON })
    : plain(404, 'There is no such token.');
};

/** The public name of the person's token that is named by it or by its text. */
async function ownToken(provider: Provider, user: User, named: string): Promise<string | undefined> {
  const found = await findPersonalToken(provider, named);
  if (found?.user.id === user.id && found.kind === KIND) return found.uuid;
  const tokens = await listPersonalTokens(provider, { of: user, atMost: MOST_TOKENS });
  return tokens.find(({ uuid, kind }) => uuid === named && kind === KIND)?.uuid;
}

/**
 * Whom a login name with an app token as its password stands for, for the file server that was given them: it passes the header on. The
 * claims are those of userinfo.
 */
export async function appTokenUser(c: WebContext, site: Site): Promise<Response> {
  const { provider } = site;
  const sent = basicOf(c.req.header('authorization') ?? '');
  const found = sent === undefined ? undefined : await findPersonalToken(provider, sent.password);
  if (found?.kind !== KIND || found.user.username !== normalizeUsername(sent?.username ?? ''))
    return unauthorized(site, 'Basic');
  const { user } = found;
  const claims = claimsByScope(user, ['openid', 'profile', 'email'], provider.tenant.profile);
  return json({ ...claims, sub: user.sub });
}

/** RFC 7617 §2: nothing in it is form-encoded. */
function basicOf(header: string): { username: string; password: string } | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header)?.[1];
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 1 || text.includes('\0')
    ? undefined
    : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

const shown = ({ expires_at, created_at, label }: PersonalTokenOf, token: string) => ({
  token,
  expiration_date: isoTime(expires_at),
  created_date: isoTime(created_at),
  label,
});

const json = (value: unknown): Response => new Response(JSON.stringify(value), { headers: SECRET_JSON });

const plain = (status: number, message: string): Response =>
  new Response(`${message}\n`, {
    status,
    headers: { ...SECRET_JSON, 'content-type': 'text/plain; charset=utf-8' },
  });

const unauthorized = ({ provider }: Site, scheme: 'Bearer' | 'Basic'): Response => {
  const realm = `realm="${new URL(provider.tenant.site).host}"`;
  const challenge = scheme === 'Bearer' ? `Bearer ${realm}` : `Basic ${realm}, charset="UTF-8"`;
  return new Response(null, { status: 401, headers: { ...SECRET_JSON, 'www-authenticate': challenge } });
};
