import { ADMIN_API_PATH } from '../model/admin-api.ts';
import { withBodyLimit } from '../web/body-limit.ts';
import type { Site, WebContext } from '../web/site.ts';
import { perform, refused, respond } from './answer.ts';
import { browsePage } from './browse.ts';
import { openapiOf } from './openapi.ts';
import type { Method, Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { notFound, Problem } from './problem.ts';
import { type Found, router } from './routes.ts';

const findRoute = router(OPERATIONS);

/** Answers a request to the interface for administrators. All tenants share one table of its routes. */
export async function answerAdmin(c: WebContext, site: Site): Promise<Response> {
  const path = new URL(c.req.url).pathname.slice((site.provider.tenant.path + ADMIN_API_PATH).length);
  const found = path === '' ? undefined : findRoute(path);
  // A request for the head alone is answered as one for the whole; the server leaves the body out.
  const method = c.req.method === 'HEAD' ? 'GET' : c.req.method;
  if (path === '' && method === 'GET') return browsePage(site);
  const operation =
    found && Object.hasOwn(found.operations, method) ? found.operations[method as Method] : undefined;
  const limited = withBodyLimit(
    async () => answerTo(c, site, { path, found, operation }),
    () => refused(site, c.req.path, new Problem('too-large', 'Send less at once.')),
    operation?.body?.atMost,
  );
  return limited(c, site);
}

type Asked = Readonly<{ path: string; found: Found | undefined; operation: Operation | undefined }>;

async function answerTo(c: WebContext, site: Site, { path, found, operation }: Asked): Promise<Response> {
  if (found === undefined) return refused(site, path, notFound('address in this interface'));
  if (operation === undefined) {
    const allow = Object.keys(found.operations).join(', ');
    return refused(site, path, new Problem('method-not-allowed', `It has ${allow}.`, { headers: { allow } }));
  }
  if (operation.needs === 'nothing')
    return respond(c, site, async () => ({ status: 200, body: openapiOf(site.provider.tenant) }));
  return respond(c, site, () => perform(c, site, operation, found.path));
}
