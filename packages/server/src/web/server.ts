import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { issuerPath, type Tenant } from '../model/tenant.ts';
import type { TenantApp } from './tenant-app.ts';

/** A tenant and the way to its HTTP face, which is made at the first request. */
export type Entrance = Readonly<{ tenant: Tenant; app: () => Promise<TenantApp> }>;

/** Slow or silent senders are cut off after these milliseconds; nobody holds a connection for nothing. */
export const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 32_768,
};

export type Tls = Readonly<{ cert: Buffer; key: Buffer }>;

/** A server for all tenants; which one a request is for is decided by the configured issuers alone (rulings 15). */
export function httpServer(entrances: readonly Entrance[], tls: Tls | undefined, limits = LIMITS): Server {
  const answer = router(entrances);
  const listener = getRequestListener((request, env) => answer(request, env as HttpBindings));
  const server =
    tls === undefined ? createServer(limits) : createTlsServer({ ...limits, ...tls, minVersion: 'TLSv1.2' });
  server.on('request', (incoming, outgoing) => {
    listener(incoming, outgoing).catch(() => outgoing.destroy());
  });
  // What is not HTTP is answered once and closed, without a word about the program.
  server.on('clientError', (_fault, socket) => {
    if (socket.writable)
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  return server;
}

type Answer = (request: Request, env: HttpBindings) => Promise<Response>;

function router(entrances: readonly Entrance[]): Answer {
  const [only, ...others] = entrances;
  if (only !== undefined && others.length === 0)
    return async (request, env) => (await only.app()).fetch(request, env);
  const byLongestPath = entrances.toSorted((a, b) => b.tenant.issuer.length - a.tenant.issuer.length);
  return async (request, env) => {
    const { pathname } = new URL(request.url);
    const host = (env.incoming.headers.host ?? '').toLowerCase();
    const entrance = byLongestPath.find(
      ({ tenant }) => new URL(tenant.issuer).host === host && isBelow(pathname, issuerPath(tenant.issuer)),
    );
    if (entrance === undefined) return new Response('No provider lives at this address.\n', { status: 404 });
    return (await entrance.app()).fetch(request, env);
  };
}

/** The issuer's own paths, and the well-known ones that RFC 8414 §3 puts before its path. */
function isBelow(pathname: string, base: string): boolean {
  if (pathname === base || pathname.startsWith(`${base}/`)) return true;
  return (
    /^\/\.well-known\/(openid-configuration|oauth-authorization-server)(?=\/)/.test(pathname) &&
    pathname.endsWith(base)
  );
}
