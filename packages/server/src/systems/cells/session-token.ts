import { parseDuration } from '../../admin/duration.ts';
import { findCaller } from './caller.ts';
import { makeToken, scopesOf, type TokenEnd } from './personal-tokens.ts';
import { badInput, forbidden } from './rest.ts';
import { type SessionWay, signedInAt } from './session-answer.ts';

/**
 * A personal token for whoever holds the session or sent an access token. Lengths of time are written `30s`, `30m`, `24h` or `28d`.
 */
export const exchangeForPersonalToken: SessionWay = async (c, site, info, browser) => {
  const caller = await findCaller(c, site);
  if (caller !== undefined && caller.scopes.length > 0)
    throw forbidden('The token is good for single files alone.');
  const owner = caller?.user ?? signedInAt(browser).user;
  const now = site.provider.clock();
  const end = endOf(info, now);
  const scopes = scopesOf((info['scopes'] ?? '').split(',').filter((scope) => scope !== ''));
  const label = (info['label'] ?? 'Exchanged Token').slice(0, 500);
  const text = await makeToken(c, site, { owner, label, scopes, end, createdBy: owner.sub });
  const until = 'window' in end ? now + end.window : end.expiresAt;
  return { Token: { AccessToken: text, ExpiresAt: String(Math.floor(until / 1000)) } };
};

function endOf({ expires_in, auto_refresh }: Readonly<Record<string, string>>, now: number): TokenEnd {
  const [life, window] = [expires_in, auto_refresh].map((text) =>
    text === undefined ? undefined : 1000 * (parseDuration(text) ?? Number.NaN),
  );
  if ([life, window].some((length) => length !== undefined && !(length > 0)))
    throw badInput('A length of time is written 30s, 30m, 24h or 28d.');
  if ((life === undefined) === (window === undefined))
    throw badInput('Please provide one of expires_in or auto_refresh.');
  return window === undefined ? { expiresAt: now + (life ?? 0) } : { window };
}
