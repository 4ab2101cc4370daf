import { cookieName } from './cookies.ts';
import { checkSessionPage } from './pages/check-session.ts';
import { show } from './show.ts';
import type { Route } from './site.ts';

/** The only page that may be framed (OIDC Session Management §3.2). */
export const checkSessionRoute: Route = async (c, site) =>
  show(
    c,
    site,
    ({ nonce }) => checkSessionPage({ nonce, cookieName: cookieName(site.provider.tenant, 'state') }),
    { frames: 'any' },
  );
