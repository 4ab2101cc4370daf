import type { Site } from '../../web/site.ts';
import type { TenantApp } from '../../web/tenant-app.ts';
import { requireCaller } from './caller.ts';
import { bootConfPlace, statePlace } from './front-end.ts';
import { clientPlace, clientsPlace } from './oauth-clients.ts';
import { resetPlace, resetTokenPlace } from './password-reset.ts';
import { impersonationPlace, personalTokenPlace, tokenPlace, tokensPlace } from './personal-tokens.ts';
import { mountResetPages } from './reset-pages.ts';
import { answered, mountPlace, notFound, type Place, type Work } from './rest.ts';
import { revocationPlace } from './revocation.ts';
import { sessionPlace } from './session.ts';
import { userPlace, userRolesPlace, usersPlace } from './users.ts';

/** The part of the REST interface of Cells that is about people, applications and tokens. */
const PLACES: Readonly<Record<string, Place>> = {
  '/a/frontend/bootconf': bootConfPlace,
  '/a/frontend/state': statePlace,
  '/a/frontend/session': sessionPlace,
  '/a/auth/token/personal': personalTokenPlace,
  '/a/auth/token/impersonate': impersonationPlace,
  '/a/auth/token/revoke': revocationPlace,
  '/a/auth/tokens': tokensPlace,
  '/a/auth/tokens/:id': tokenPlace,
  '/a/auth/reset-password-token/:login': resetTokenPlace,
  '/a/auth/reset-password': resetPlace,
  '/a/config/oauth2clients': clientsPlace,
  '/a/config/oauth2clients/:id': clientPlace,
  '/a/user': usersPlace,
  '/a/user/roles/:login': userRolesPlace,
  '/a/user/:login': userPlace,
};

/** Mounts them; what else programs may ask for below `/a` is not here, and told so to whoever may ask at all. */
export function cells(app: TenantApp, site: Site): void {
  const base = site.provider.tenant.path;
  for (const [path, place] of Object.entries(PLACES)) mountPlace(app, site, base + path, place);
  mountResetPages(app, site);
  app.all(`${base}/a/*`, (c) => answered(c, site, elsewhere));
}

const elsewhere: Work = async (c, site) => {
  await requireCaller(c, site);
  throw notFound('Signet knows who people are, and nothing of their files.');
};
