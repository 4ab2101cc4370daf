import type { BlockList } from 'node:net';
import {
  context,
  isSpanContextValid,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import manifest from '../../package.json' with { type: 'json' };
import { isTrustedPeer } from '../web/client-address.ts';
import { routeOf } from '../web/exchange.ts';
import { methodOf } from '../web/request-log.ts';
import type { Around } from '../web/server.ts';

/** Spans of a trace around what the server does. */
export type Traces = Readonly<{
  request: Around;
  /** Does the work inside a span of that name. */
  inside: <Result>(name: string, attributes: Attributes, work: () => Promise<Result>) => Promise<Result>;
}>;

type Attributes = Readonly<Record<string, string | number>>;

/** Whether the registered SDK and this program understand each other: without one that it knows, the API makes spans without an id. */
export const isTracing = (): boolean =>
  isSpanContextValid(trace.getTracer('signet').startSpan('is anybody there').spanContext());

/**
 * Traces through whatever SDK the process has registered. Spans carry routes, methods, statuses and the text of statements, whose values
 * are parameters: nothing of what was sent. The trace of a caller is continued for trusted proxies alone.
 */
export function openTraces(trusted: BlockList): Traces {
  const tracer = trace.getTracer('signet', manifest.version);
  return {
    request: async (exchange, work) => {
      const { incoming, outgoing } = exchange;
      const parent = isTrustedPeer(incoming, trusted)
        ? propagation.extract(context.active(), incoming.headers)
        : context.active();
      const method = methodOf(incoming.method);
      const attributes = { 'http.request.method': method };
      const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
      await context.with(trace.setSpan(parent, span), work);
      const route = routeOf(exchange);
      span.updateName(`${method} ${route}`);
      span.setAttributes({ 'http.route': route, 'http.response.status_code': outgoing.statusCode });
      if (outgoing.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
    inside: (name, attributes, work) =>
      tracer.startActiveSpan(name, { attributes }, (span) => ended(span, work)),
  };
}

async function ended<Result>(span: Span, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (fault) {
    // The message may hold what was sent; the kind does not.
    span.setStatus({ code: SpanStatusCode.ERROR, message: fault instanceof Error ? fault.name : 'fault' });
    throw fault;
  } finally {
    span.end();
  }
}
