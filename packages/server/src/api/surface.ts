import { ADMIN_API_PATH } from '../model/admin-api.ts';
import { withBodyLimit } from '../web/body-limit.ts';
import type { Site, WebContext } from '../web/site.ts';
import type { TenantApp } from '../web/tenant-app.ts';
import { perform, refused, respond } from './answer.ts';
import { browsePage } from './browse.ts';
import { openapiOf } from './openapi.ts';
import type { Method } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { notFound, Problem } from './problem.ts';
import { router } from './routes.ts';

const findRoute = router(OPERATIONS);

/** Mounts the interface for administrators. All tenants share one table of its routes. */
export function adminApi(app: TenantApp, site: Site): void {
  const base = site.provider.tenant.path + ADMIN_API_PATH;
  const routeUpTo = (most?: number) =>
    withBodyLimit(
      (c, at) => answerTo(c, at, new URL(c.req.url).pathname.slice(base.length)),
      (c, at) => refused(at, c.req.path, new Problem('too-large', 'Send less at once.')),
      most,
    );
  const route = routeUpTo();
  for (const { method, path, body } of OPERATIONS) {
    if (body?.atMost === undefined) continue;
    const larger = routeUpTo(body.atMost);
    app.on(method, base + path, (c) => larger(c, site));
  }
  app.get(base, () => browsePage(site));
  for (const path of [base, `${base}/*`]) app.all(path, (c) => route(c, site));
}

async function answerTo(c: WebContext, site: Site, path: string): Promise<Response> {
  const found = findRoute(path);
  if (found === undefined) return refused(site, path, notFound('address in this interface'));
  const { operations } = found;
  // A request for the head alone is answered as one for the whole; the server leaves the body out.
  const method = c.req.method === 'HEAD' ? 'GET' : c.req.method;
  const operation = Object.hasOwn(operations, method) ? operations[method as Method] : undefined;
  if (operation === undefined) {
    const allow = Object.keys(operations).join(', ');
    return refused(site, path, new Problem('method-not-allowed', `It has ${allow}.`, { headers: { allow } }));
  }
  if (operation.needs === 'nothing')
    return respond(c, site, async () => ({ status: 200, body: openapiOf(site.provider.tenant) }));
  return respond(c, site, () => perform(c, site, operation, found.path));
}
