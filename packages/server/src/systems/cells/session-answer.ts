import type { SignedIn } from '../../model/browser-session.ts';
import { inSeconds } from '../../model/clock.ts';
import type { TokenSet } from '../../oauth/token/issue.ts';
import { tokensForSession } from '../../oauth/token/session.ts';
import type { Browser } from '../../web/browser.ts';
import type { Site, WebContext } from '../../web/site.ts';
import { type Json, unauthorized } from './rest.ts';

/** A way to use the session: what is asked are texts by name, one of which is the `type`; `browser` holds the cookie. */
export type SessionWay = (
  c: WebContext,
  site: Site,
  info: Readonly<Record<string, string>>,
  browser: Browser,
) => Promise<Json>;

export function signedInAt({ signedIn }: Browser): SignedIn {
  if (signedIn === undefined) throw unauthorized('There is no session: sign in first.');
  return signedIn;
}

/** The application that the pages of Cells themselves are. */
export const FRONTEND = 'cells-frontend';

/** Tokens as the front end reads them; times are seconds since 1970, one as a text and one as a number. */
export function tokenAnswer(
  { provider }: Site,
  tokens: TokenSet,
): { Token: Json; JWT: string; ExpireTime: number } {
  const expires = inSeconds(provider.clock()) + tokens.expires_in;
  return {
    JWT: tokens.access_token,
    ExpireTime: expires,
    Token: {
      AccessToken: tokens.access_token,
      ...(tokens.id_token !== undefined && { IDToken: tokens.id_token }),
      ExpiresAt: String(expires),
    },
  };
}

/** New tokens for the front end, which end with the session. */
export const tokensOf = async (site: Site, signedIn: SignedIn): Promise<ReturnType<typeof tokenAnswer>> =>
  tokenAnswer(site, await tokensForSession(site.provider, FRONTEND, signedIn));
