import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from '@prometheus-io/client';
import manifest from '../../package.json' with { type: 'json' };
import { GRANT_TYPES } from '../model/client.ts';
import type { Door } from '../web/door.ts';
import { type Exchange, millisecondsOf, routeOf, type Watcher } from '../web/exchange.ts';
import { methodOf } from '../web/request-log.ts';

/** Values of every metric, as they travel between processes. */
export type Snapshot = readonly object[];

/** Text in the format of Prometheus. */
export type Exposition = Readonly<{ contentType: string; text: string }>;

export type Operation = 'read' | 'write';

/** What is counted and measured in one process. Every label has a small, fixed set of values. */
export type Metrics = Readonly<{
  watch: Watcher;
  databaseAnswered: (operation: Operation, seconds: number) => void;
  databaseUnavailable: (operation: Operation) => void;
  passwordHashed: (seconds: number) => void;
  /** Things with a size of their own, looked at when somebody asks. */
  measure: (sources: Sources) => void;
  snapshot: () => Promise<Snapshot>;
}>;

type Sources = Readonly<{
  door: Door;
  passwords: () => Readonly<{ working: number; waiting: number }>;
}>;

/** Writes the values of one process, or adds up those of several. */
export async function exposition(snapshots: readonly Snapshot[]): Promise<Exposition> {
  const all = Registry.aggregate([...snapshots]);
  return { contentType: all.contentType, text: await all.metrics() };
}

/** Seconds; the finest steps stand where a healthy server answers. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Metrics of this process in a registry of its own. */
export function openMetrics(linesLost: () => number): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'signet_build_info',
    help: 'Version of Signet and of Node; always 1.',
    labelNames: ['version', 'node'],
    aggregator: 'first',
    registers: [registry],
  }).set({ version: manifest.version, node: process.version }, 1);
  const requests = new Histogram({
    name: 'signet_http_request_duration_seconds',
    help: 'Time to answer a request, by the route it took, method and class of status.',
    labelNames: ['route', 'method', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  counter(registry, 'signet_log_lines_lost_total', 'Lines of the log that nobody took.', linesLost);
  const count = counters(registry);
  const { database, unavailable, passwords } = timers(registry);
  return {
    watch: (exchange) => {
      const status = `${Math.floor(exchange.outgoing.statusCode / 100)}xx`;
      const labels = { route: routeOf(exchange), method: methodOf(exchange.incoming.method), status };
      requests.observe(labels, millisecondsOf(exchange) / 1000);
      count(exchange);
    },
    databaseAnswered: (operation, seconds) => database.observe({ operation }, seconds),
    databaseUnavailable: (operation) => unavailable.inc({ operation }),
    passwordHashed: (seconds) => passwords.observe(seconds),
    measure: (sources) => gauges(registry, sources),
    snapshot: () => registry.getMetricsAsJSON(),
  };
}

/** What the exchanges themselves tell. */
function counters(registry: Registry): Watcher {
  const tokens = new Counter({
    name: 'signet_tokens_total',
    help: 'Answers of the token endpoint, by grant type and outcome: issued, the error code, or fault.',
    labelNames: ['grant_type', 'outcome'],
    registers: [registry],
  });
  const signIns = new Counter({
    name: 'signet_sign_ins_total',
    help: 'Sign-ins with a password, by outcome: signed-in, wrong, wait (too many failures), locked or busy.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const refusals = new Counter({
    name: 'signet_refusals_total',
    help: 'Requests refused, by the rule that was broken.',
    labelNames: ['rule'],
    registers: [registry],
  });
  return (exchange) => {
    const { form, refusal, signIn } = exchange;
    if (form?.endpoint === 'token')
      tokens.inc({ grant_type: grantTypeOf(exchange), outcome: outcomeOf(exchange) });
    if (signIn !== undefined) signIns.inc({ outcome: signIn });
    if (refusal !== undefined) refusals.inc({ rule: refusal.rule });
  };
}

function grantTypeOf({ form }: Exchange): string {
  const told = form?.params.get('grant_type')?.[0];
  return GRANT_TYPES.find((known) => known === told) ?? 'other';
}

function outcomeOf({ outgoing, refusal }: Exchange): string {
  if (refusal !== undefined) return refusal.error;
  return outgoing.statusCode < 400 ? 'issued' : 'fault';
}

function timers(registry: Registry) {
  const database = new Histogram({
    name: 'signet_database_duration_seconds',
    help: 'Time of the database for a read, or for a write until it is on disk.',
    labelNames: ['operation'],
    buckets: BUCKETS,
    registers: [registry],
  });
  const unavailable = new Counter({
    name: 'signet_database_unavailable_total',
    help: 'Reads and writes that the database did not do.',
    labelNames: ['operation'],
    registers: [registry],
  });
  const passwords = new Histogram({
    name: 'signet_password_duration_seconds',
    help: 'Time to hash or check a password, waiting included.',
    buckets: BUCKETS,
    registers: [registry],
  });
  return { database, unavailable, passwords };
}

function gauges(registry: Registry, { door, passwords }: Sources): void {
  gauge(registry, 'signet_requests_in_flight', 'Requests that are being answered.', door.inside);
  gauge(
    registry,
    'signet_requests_room',
    'Requests that may be answered at once; smaller when turns are long.',
    door.room,
  );
  counter(
    registry,
    'signet_requests_turned_away_total',
    'Requests that found no room, answered with 503.',
    door.turnedAway,
  );
  gauge(
    registry,
    'signet_passwords_working',
    'Passwords being hashed or checked.',
    () => passwords().working,
  );
  gauge(
    registry,
    'signet_passwords_waiting',
    'Passwords that wait to be hashed or checked.',
    () => passwords().waiting,
  );
}

function gauge(registry: Registry, name: string, help: string, look: () => number): void {
  registry.registerMetric(
    new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(look());
      },
    }),
  );
}

function counter(registry: Registry, name: string, help: string, look: () => number): void {
  registry.registerMetric(
    new Counter({
      name,
      help,
      registers: [],
      collect() {
        this.reset();
        this.inc(look());
      },
    }),
  );
}

/** What the process that started the workers knows of them. */
export async function workerMetrics(crew: { listening: number; restarts: number }): Promise<Snapshot> {
  const registry = new Registry();
  gauge(registry, 'signet_workers', 'Workers that accept connections.', () => crew.listening);
  counter(
    registry,
    'signet_worker_restarts_total',
    'Workers that ended and were replaced.',
    () => crew.restarts,
  );
  return registry.getMetricsAsJSON();
}
