import { Hono } from 'hono';
import { ENDPOINTS, type Endpoint } from '../model/profile.ts';
import { pathOf } from '../model/tenant.ts';
import { providerMetadata } from '../oauth/metadata.ts';
import { ASSETS, assetResponse } from './assets.ts';
import { authorizationByGet, authorizationByPost } from './authorization-routes.ts';
import { MOST_BODY_BYTES, withBodyLimit } from './body-limit.ts';
import { checkSessionRoute } from './check-session-route.ts';
import { mountConsole } from './console-routes.ts';
import { preflight, publicJson, SECRET_JSON_FOR_BROWSERS } from './headers.ts';
import { homeRoute } from './home-routes.ts';
import { logoutByGet, logoutByPost, signedOutRoute } from './logout-routes.ts';
import { outOfBandRoute } from './out-of-band-route.ts';
import {
  chooseAccountRoute,
  chooserPageRoute,
  consentPageRoute,
  consentRoute,
  loginPageRoute,
  loginRoute,
} from './person-routes.ts';
import {
  errorBody,
  introspectionRoute,
  jwksRoute,
  revocationRoute,
  tokenRoute,
  userinfoRoute,
} from './protocol-routes.ts';
import {
  deleteRegistrationRoute,
  readRegistrationRoute,
  registrationRoute,
  replaceRegistrationRoute,
} from './registration-route.ts';
import { setupPageRoute, setupRoute } from './setup-routes.ts';
import type { Methods, Route, Site, WebContext, WebEnvironment } from './site.ts';
import { brokenOffPage, troublePage } from './trouble.ts';

/** Every endpoint with what answers it. What stands here is mounted, and what is mounted is advertised. */
const ROUTES: Readonly<Record<Endpoint, Methods>> = {
  authorization: { GET: authorizationByGet, POST: authorizationByPost },
  token: { POST: tokenRoute },
  userinfo: { GET: userinfoRoute, POST: userinfoRoute },
  jwks: { GET: jwksRoute },
  introspection: { POST: introspectionRoute },
  revocation: { POST: revocationRoute },
  registration: {
    GET: readRegistrationRoute,
    POST: registrationRoute,
    PUT: replaceRegistrationRoute,
    DELETE: deleteRegistrationRoute,
  },
  end_session: { GET: logoutByGet, POST: logoutByPost },
  check_session: { GET: checkSessionRoute },
  login: { GET: loginPageRoute, POST: loginRoute },
  select_account: { GET: chooserPageRoute, POST: chooseAccountRoute },
  consent: { GET: consentPageRoute, POST: consentRoute },
  signed_out: { GET: signedOutRoute },
  out_of_band: { GET: outOfBandRoute },
  setup: { GET: setupPageRoute, POST: setupRoute },
  home: { GET: homeRoute },
};

/** Pages of browser applications may call these; none of them looks at cookies. */
const FOR_BROWSERS: readonly Endpoint[] = ['token', 'userinfo', 'jwks', 'revocation', 'registration'];

/** Endpoints that programs call, which read JSON and no pages. */
const CALLED_BY_CLIENTS: readonly Endpoint[] = [...FOR_BROWSERS, 'introspection'];

const METADATA_MAX_AGE = 300;

export type TenantApp = Hono<WebEnvironment>;

/** Mounts what a system has beside OAuth; the paths of a tenant begin with `site.provider.tenant.path`. */
export type Surface = (app: TenantApp, site: Site) => void;

/** The HTTP face of one tenant. Paths are those below the host; routing by host has been done before. */
export function tenantApp(site: Site, surfaces: readonly Surface[] = []): TenantApp {
  const app: TenantApp = new Hono();
  const { tenant } = site.provider;
  const base = tenant.path;
  app.onError((fault, c) => brokenOffPage(c, site, c.req.path, fault));
  app.notFound((c) => elsewhere(c, site, base));

  const metadata = JSON.stringify(providerMetadata(tenant, ENDPOINTS));
  for (const path of metadataPaths(base, pathOf(tenant.issuer))) {
    app.get(path, () => new Response(metadata, { headers: publicJson(METADATA_MAX_AGE) }));
    app.options(path, () => new Response(null, { status: 204, headers: preflight('GET') }));
  }
  for (const asset of Object.values(ASSETS)) app.get(base + asset.path, () => assetResponse(asset));
  for (const endpoint of ENDPOINTS) {
    for (const path of tenant.profile.paths[endpoint]) mount(app, site, endpoint, base + path);
  }
  mountConsole(app, site);
  for (const surface of surfaces) surface(app, site);
  return app;
}

/** Refuses a body that is too large before it is read, to a client as JSON and to a person on a page. */
const limited = (endpoint: Endpoint, route: Route): Route =>
  withBodyLimit(route, (c, site) =>
    CALLED_BY_CLIENTS.includes(endpoint) ? tooLargeJson(site) : troublePage(c, site, 'too-large'),
  );

const tooLargeJson = ({ provider }: Site): Response => {
  const error_description = `The body is larger than ${MOST_BODY_BYTES} bytes.`;
  const told = { error: 'invalid_request', error_description, status: 413 };
  return new Response(errorBody(told, provider.tenant.profile), {
    status: told.status,
    headers: SECRET_JSON_FOR_BROWSERS,
  });
};

/** OIDC puts the well-known part behind the issuer's path, RFC 8414 §3 between host and path; clients try either. */
const metadataPaths = (base: string, issuer: string): readonly string[] => [
  ...new Set([
    `${issuer}/.well-known/openid-configuration`,
    `/.well-known/openid-configuration${issuer}`,
    `/.well-known/oauth-authorization-server${issuer}`,
    `${issuer}/.well-known/oauth-authorization-server`,
    `${base}/.well-known/openid-configuration`,
  ]),
];

/** Each path and method has one function and nothing around it: the router's way through several costs more than the work of some. */
function mount(app: TenantApp, site: Site, endpoint: Endpoint, path: string): void {
  const methods = ROUTES[endpoint];
  const { GET, POST, PUT, DELETE } = methods;
  if (GET !== undefined) app.get(path, (c) => GET(c, site));
  if (DELETE !== undefined) app.delete(path, (c) => DELETE(c, site));
  for (const [method, bare] of Object.entries({ POST, PUT })) {
    if (bare === undefined) continue;
    const route = limited(endpoint, bare);
    app.on(method, path, (c) => route(c, site));
  }
  if (FOR_BROWSERS.includes(endpoint)) {
    const allowed = Object.keys(methods).join(', ');
    app.options(path, () => new Response(null, { status: 204, headers: preflight(allowed) }));
  }
}

/** What is mounted under other methods is refused with those that it has; anything else does not exist. */
function elsewhere(c: WebContext, site: Site, base: string): Response | Promise<Response> {
  const path = c.req.path;
  const { paths } = site.provider.tenant.profile;
  const endpoint = ENDPOINTS.find((one) => paths[one].some((known) => base + known === path));
  if (endpoint === undefined) return troublePage(c, site, 'not-found');
  return c.text('Method not allowed', 405, { allow: Object.keys(ROUTES[endpoint]).join(', ') });
}
