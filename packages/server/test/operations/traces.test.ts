import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { after, test } from 'node:test';
import {
  type Context,
  type ContextManager,
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanOptions,
  type TextMapPropagator,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { openTelemetry } from '../../src/app/telemetry.ts';
import { networks } from '../../src/web/client-address.ts';
import { basic, personAt, post, request } from '../support/person.ts';
import { ALICE, startSignet } from '../support/signet.ts';

type Ended = {
  name: string;
  parent: string | undefined;
  trace: string;
  id: string;
  attributes: Record<string, unknown>;
  status: unknown;
};

const ended: Ended[] = [];
let ids = 0;

/** A tracer that keeps what ends, as small as the API allows. */
const tracer = {
  startSpan(name: string, options: SpanOptions = {}, parentContext: Context = context.active()): Span {
    const parent = trace.getSpanContext(parentContext);
    ids += 1;
    const id = ids.toString(16).padStart(16, '0');
    const spanContext = { traceId: parent?.traceId ?? id.padStart(32, '0'), spanId: id, traceFlags: 1 };
    const span: Ended = {
      name,
      parent: parent?.spanId,
      trace: spanContext.traceId,
      id,
      attributes: { ...options.attributes },
      status: undefined,
    };
    const self: Span = {
      spanContext: () => spanContext,
      setAttribute: () => self,
      setAttributes: (attributes) => {
        Object.assign(span.attributes, attributes);
        return self;
      },
      addEvent: () => self,
      addLink: () => self,
      addLinks: () => self,
      setStatus: (status) => {
        span.status = status.code;
        return self;
      },
      updateName: (text) => {
        span.name = text;
        return self;
      },
      end: () => void ended.push(span),
      isRecording: () => true,
      recordException: () => undefined,
    };
    return self;
  },
  startActiveSpan(name: string, options: SpanOptions, work: (span: Span) => unknown) {
    const span = this.startSpan(name, options);
    return context.with(trace.setSpan(context.active(), span), () => work(span));
  },
};

const contexts = new AsyncLocalStorage<Context>();
const manager: ContextManager = {
  active: () => contexts.getStore() ?? ROOT_CONTEXT,
  with: (active, work, self, ...given) => contexts.run(active, () => work.call(self, ...given)),
  bind: (_, target) => target,
  enable: () => manager,
  disable: () => manager,
};

/** W3C Trace Context, the reading half. */
const propagator: TextMapPropagator = {
  inject: () => undefined,
  fields: () => ['traceparent'],
  extract: (active, carrier, getter) => {
    const [, traceId = '', spanId = ''] = String(getter.get(carrier, 'traceparent')).split('-');
    const remote = { traceId, spanId, traceFlags: 1, isRemote: true };
    return isSpanContextValid(remote) ? trace.setSpanContext(active, remote) : active;
  },
};

const wishes = {
  metrics: false,
  trusted: networks(['127.0.0.1', '::1']),
  linesLost: () => 0,
  warn: () => undefined,
};

test('without an SDK nothing is traced, and nothing of it is loaded', async () => {
  assert.equal((await openTelemetry(wishes)).traces, undefined);
});

test('an SDK that this program does not understand is told, and traces nothing', async () => {
  const key = Symbol.for('opentelemetry.js.api.1');
  const registered: unknown = Reflect.get(globalThis, key);
  Reflect.set(globalThis, key, { version: '1.0.0', trace: {} });
  const warnings: string[] = [];
  const { traces } = await openTelemetry({ ...wishes, warn: (sentence) => void warnings.push(sentence) });
  Reflect.set(globalThis, key, registered);
  assert.equal(traces, undefined);
  assert.match(warnings.join(), /older @opentelemetry\/api/);
});

test('with an SDK there is a span for each request, and in it one for each call of the database and each hash', async (t) => {
  trace.setGlobalTracerProvider({ getTracer: () => tracer as unknown as Tracer });
  context.setGlobalContextManager(manager);
  propagation.setGlobalPropagator(propagator);
  const signet = await startSignet(t, {}, { telemetry: await openTelemetry(wishes) });
  const person = personAt(signet);
  const page = await person.authorize(request());
  ended.length = 0;
  await person.submit(page, ALICE);
  const login = ended.find(({ name }) => name === 'POST /login');
  assert.ok(login, ended.map(({ name }) => name).join());
  assert.deepEqual(login.attributes, {
    'http.request.method': 'POST',
    'http.route': '/login',
    'http.response.status_code': 303,
  });
  const inside = ended.filter(({ parent }) => parent === login.id);
  assert.equal(inside.filter(({ name }) => name === 'password verify').length, 1);
  assert.ok(inside.some(({ name }) => name === 'database read'));
  assert.ok(inside.some(({ name }) => name === 'database write'));
  const text = JSON.stringify(ended);
  for (const secret of [ALICE.username, ALICE.password]) assert.ok(!text.includes(`"${secret}`), secret);
});

test('the trace of a trusted proxy is continued, and a fault marks the span', async (t) => {
  const signet = await startSignet(t, {}, { telemetry: await openTelemetry(wishes) });
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const headers = { ...basic(), traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
  ended.length = 0;
  await post(signet.url('/token'), { grant_type: 'client_credentials' }, headers);
  const span = ended.find(({ name }) => name === 'POST /token');
  assert.deepEqual([span?.trace, span?.parent], [traceId, '00f067aa0ba902b7']);
  await signet.app.close();
  await post(signet.url('/introspect'), { token: 'x'.repeat(43) }, basic());
  assert.equal(
    ended.find(({ name }) => name === 'POST /introspect')?.attributes['http.response.status_code'],
    503,
  );
});

test('a trace from anybody else is not continued', async (t) => {
  const telemetry = await openTelemetry({ ...wishes, trusted: networks([]) });
  const signet = await startSignet(t, {}, { telemetry });
  ended.length = 0;
  await fetch(signet.url('/jwks'), { headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } });
  assert.equal(ended.find(({ name }) => name === 'GET /jwks')?.parent, undefined);
});

after(() => {
  trace.disable();
  context.disable();
  propagation.disable();
});
