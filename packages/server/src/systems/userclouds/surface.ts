import type { Route, Site } from '../../web/site.ts';
import type { TenantApp } from '../../web/tenant-app.ts';
import { listEntries } from './audit-log.ts';
import { impersonate } from './impersonation.ts';
import { jsonRoute, notHere, otherMethods } from './json-route.ts';
import { postLogin } from './login.ts';
import { createLoginApp, deleteLoginApp, getLoginApp, listLoginApps, updateLoginApp } from './login-apps.ts';
import { auth0LogoutRoute, logoutRoute } from './logout.ts';
import { userView } from './user-view.ts';
import {
  baseProfile,
  baseProfileWithAuthns,
  getUser,
  listUsers,
  postUser,
  putUser,
  removeUser,
} from './users.ts';

type Methods = Readonly<Record<string, Route>>;

/** What UserClouds has beside OAuth: its interfaces for administrators, for pages that sign people in, and its ways out. */
const PATHS: Readonly<Record<string, Methods>> = {
  '/login': { POST: jsonRoute(postLogin) },
  '/logout': { GET: logoutRoute },
  '/v2/logout': { GET: auth0LogoutRoute },
  '/impersonateuser': { POST: jsonRoute(impersonate) },
  '/loginapp/register': { GET: jsonRoute(listLoginApps), POST: jsonRoute(createLoginApp) },
  '/loginapp/register/:id': {
    GET: jsonRoute(getLoginApp),
    PUT: jsonRoute(updateLoginApp),
    DELETE: jsonRoute(deleteLoginApp),
  },
  '/authn/users': { GET: jsonRoute(listUsers(userView)), POST: jsonRoute(postUser) },
  '/authn/users/:id': {
    GET: jsonRoute(getUser(userView)),
    PUT: jsonRoute(putUser),
    DELETE: jsonRoute(removeUser),
  },
  '/authn/baseprofiles': { GET: jsonRoute(listUsers(baseProfile)) },
  '/authn/baseprofiles/:id': { GET: jsonRoute(getUser(baseProfile)) },
  '/authn/baseprofileswithauthn/:id': { GET: jsonRoute(getUser(baseProfileWithAuthns)) },
  '/auditlog/entries': { GET: jsonRoute(listEntries) },
};

export function userclouds(app: TenantApp, site: Site): void {
  const base = site.provider.tenant.path;
  for (const [path, methods] of Object.entries(PATHS)) {
    for (const [method, route] of Object.entries(methods)) app.on(method, base + path, (c) => route(c, site));
    app.all(base + path, otherMethods(Object.keys(methods).join(', ')));
  }
  for (const part of ['/loginapp', '/authn', '/auditlog']) app.all(`${base}${part}/*`, notHere);
}
