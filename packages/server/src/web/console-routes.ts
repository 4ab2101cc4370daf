import type { Hono } from 'hono';
import { randomText } from '../model/secret.ts';
import { ASSETS } from './assets.ts';
import { type ConsoleBuild, type ConsoleFile, readConsole } from './console-files.ts';
import { consolePage, consolePath, MISSING_CONSOLE } from './console-page.ts';
import { consoleHeaders } from './headers.ts';
import type { Site, WebContext, WebEnvironment } from './site.ts';

/** Read at the first visit and kept: the files of a build never change. */
let build: ConsoleBuild | undefined;

/** Mounts the console's files, and its page for every path below, which the page itself understands. */
export function mountConsole(app: Hono<WebEnvironment>, site: Site): void {
  const base = consolePath(site.provider.tenant);
  app.get(base, () => new Response(null, { status: 308, headers: { location: `${base}/` } }));
  app.get(`${base}/assets/:name`, (c) => fileRoute(c, c.req.param('name')));
  app.get(`${base}/*`, (c) => pageRoute(c, site));
}

function pageRoute(c: WebContext, { provider: { tenant, random } }: Site): Response {
  build ??= readConsole();
  const nonce = randomText(random, 16);
  const headers = consoleHeaders({ secure: tenant.issuer.startsWith('https:'), nonce });
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  if (build === undefined) return c.html(MISSING_CONSOLE, 503);
  return c.html(consolePage(build.page, tenant, { nonce, icon: tenant.path + ASSETS.icon.path }));
}

function fileRoute(c: WebContext, name: string): Response {
  build ??= readConsole();
  const file = build?.files.get(name);
  if (file === undefined) return c.text('Not found', 404);
  const [encoding, content] = bestForm(file, c.req.header('accept-encoding') ?? '');
  return new Response(content, {
    headers: {
      'content-type': file.type,
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
      ...(encoding !== undefined && { 'content-encoding': encoding }),
    },
  });
}

function bestForm(file: ConsoleFile, accepted: string): [string | undefined, Uint8Array<ArrayBuffer>] {
  const words = accepted.split(',').map((word) => word.trim());
  for (const encoding of ['br', 'gzip'] as const) {
    const content = file.compressed.get(encoding);
    // A client that weighs its encodings (`br;q=0`) gets the plain form: none of the browsers does.
    if (content !== undefined && words.includes(encoding)) return [encoding, content];
  }
  return [undefined, file.plain];
}
