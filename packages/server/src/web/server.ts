import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { performance } from 'node:perf_hooks';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { type Door, turningAway } from './door.ts';
import {
  currentExchange,
  during,
  type Exchange,
  type NameRequest,
  NO_ROUTE,
  requestId,
  type Watcher,
} from './exchange.ts';
import type { Health } from './health.ts';
import { answerProbe, type FindProbe, probesBeside } from './probes.ts';
import { REQUEST_ID } from './request-id.ts';
import { type RouteLabel, routeLabels } from './route-labels.ts';
import type { TenantApp } from './tenant-app.ts';
import { type Entrance, type FindEntrance, takenProbes, tenantRouter } from './tenant-router.ts';

/** Slow or silent senders are cut off after these milliseconds; nobody holds a connection for nothing. */
export const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 32_768,
};

export type Tls = Readonly<{ cert: Buffer; key: Buffer }>;

/** Does the work of answering inside a span of a trace. */
export type Around = (exchange: Exchange, work: () => Promise<void>) => Promise<void>;

/** What stands between the network and the tenants. */
export type Entry = Readonly<{
  door: Door;
  health: Health;
  naming: NameRequest;
  watchers: readonly Watcher[];
  /** Absent when nobody traces. */
  around?: Around | undefined;
  tls?: Tls | undefined;
  limits?: typeof LIMITS;
}>;

/** A server for all tenants. Probes come first; then a request has to find room, and is answered and watched. */
export function httpServer(entrances: () => readonly Entrance[], entry: Entry): Server {
  const { door, health, naming, watchers, around, tls, limits = LIMITS } = entry;
  const turnAway = turningAway();
  const present = followed(entrances);
  const answer = tenantAnswers(() => present().find, health);
  const listener = getRequestListener((request, env) => answer(request, env as HttpBindings));
  const server =
    tls === undefined ? createServer(limits) : createTlsServer({ ...limits, ...tls, minVersion: 'TLSv1.2' });

  const end = (exchange: Exchange): void => {
    door.leaves();
    for (const watch of watchers) watch(exchange);
  };
  const serve = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const exchange: Exchange = { incoming, outgoing, began: performance.now(), route: routeUnknown, naming };
    const work = (): Promise<void> => listener(incoming, outgoing).catch(() => void outgoing.destroy());
    const answered =
      around === undefined ? during(exchange, work) : around(exchange, () => during(exchange, work));
    void answered.then(() => end(exchange));
  };
  server.on('request', (incoming, outgoing) => {
    const asked = present().probe(incoming.url ?? '');
    if (asked !== undefined) {
      void answerProbe(incoming, outgoing, () => health.report(asked));
      return;
    }
    if (door.enters()) serve(incoming, outgoing);
    else turnAway(incoming, outgoing);
  });
  // What is not HTTP is answered once and closed, without a word about the program.
  server.on('clientError', (_fault, socket) => {
    if (socket.writable)
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  return server;
}

const routeUnknown = (): string => NO_ROUTE;

type Answered = Response | Promise<Response>;

type Ways = Readonly<{ find: FindEntrance; probe: FindProbe }>;

/** What a request may be for, worked out anew when the entrances are others. */
function followed(entrances: () => readonly Entrance[]): () => Ways {
  let seen: readonly Entrance[] | undefined;
  let ways: Ways | undefined;
  return () => {
    const present = entrances();
    if (ways === undefined || present !== seen) {
      seen = present;
      ways = { find: tenantRouter(present), probe: probesBeside(takenProbes(present)) };
    }
    return ways;
  };
}

/** Has the right tenant answer. An answer that is no success carries the name of the request. */
function tenantAnswers(find: () => FindEntrance, health: Health) {
  const labels = new WeakMap<TenantApp, RouteLabel>();
  const labelOf = (app: TenantApp): RouteLabel => {
    const known = labels.get(app);
    if (known !== undefined) return known;
    const label = routeLabels(app);
    labels.set(app, label);
    return label;
  };
  const finish = (response: Response, { outgoing }: HttpBindings): Response => {
    // Whoever holds a connection learns with its answer to look for another server.
    if (health.isDraining()) outgoing.shouldKeepAlive = false;
    const exchange = currentExchange();
    if (response.status >= 400 && exchange !== undefined && !outgoing.headersSent)
      outgoing.setHeader(REQUEST_ID, requestId(exchange));
    return response;
  };
  const ask = (app: TenantApp, request: Request, env: HttpBindings): Answered => {
    const exchange = currentExchange();
    if (exchange !== undefined) exchange.route = labelOf(app);
    const response = app.fetch(request, env);
    return response instanceof Promise ? response.then((one) => finish(one, env)) : finish(response, env);
  };
  // A promise only where one is needed: an answer that is there already is written sooner and for less.
  return (request: Request, env: HttpBindings): Answered => {
    const entrance = find()(request.url, env.incoming);
    if (entrance === undefined) return new Response('No provider lives at this address.\n', { status: 404 });
    const app = entrance.app();
    return app instanceof Promise ? app.then((one) => ask(one, request, env)) : ask(app, request, env);
  };
}
