import { performance } from 'node:perf_hooks';
import type { HttpClient, Request } from '../kit/http.ts';
import type { Reply } from '../kit/http-answer.ts';
import type { Dice } from '../kit/random.ts';
import { type CallLog, fingerprint, type OutcomeKind } from './log.ts';
import type { Tally } from './tally.ts';
import type { Verifier } from './verifier.ts';

/** What is driven: an issuer behind one or several ports. */
export type Target = Readonly<{ issuer: string; ports: () => readonly number[] }>;

/** Everything a driver acts with. */
export type World = Readonly<{
  target: Target;
  http: HttpClient;
  dice: Dice;
  log: CallLog;
  tally: Tally;
  verifier: Verifier;
  /** Milliseconds for which a client tries again before it is called a dead end. */
  patience: number;
  /** The part of a Retry-After for which people wait; 0 tries again at once, as the worst of them do. */
  politeness: number;
  /** Milliseconds for which a refresh token is good. */
  refreshLife: number;
}>;

/** What is known of a call beside its request. */
export type Call = Readonly<{
  kind: string;
  user: number;
  line?: number;
  sent?: string;
  port?: number;
  /** The tokens in an answer, for the log. */
  given?: (reply: Reply) => readonly string[];
}>;

export type Outcome =
  | Readonly<{ kind: 'ok' | 'refused' | 'unavailable'; reply: Reply; error: string; port: number }>
  | Readonly<{ kind: 'unknown' | 'unsent'; error: string; port: number }>;

let calls = 0;

/** Sends a request to a port, any of the target's where none is said, and logs what came of it. */
export async function call(world: World, request: Request, about: Call): Promise<Outcome> {
  const port = about.port ?? world.dice.pick(world.target.ports());
  calls += 1;
  const id = calls;
  const start = Date.now();
  const began = performance.now();
  const sent = await world.http.send(port, request);
  const outcome = classify(sent.kind === 'reply' ? sent.reply : undefined, sent.kind);
  const reply = sent.kind === 'reply' ? sent.reply : undefined;
  const error = sent.kind === 'reply' ? errorOf(sent.reply) : sent.reason;
  world.tally.count(about.kind, outcome, performance.now() - began);
  if (reply !== undefined) judgeStatus(world, about, reply);
  world.log.add({
    id,
    start,
    end: Date.now(),
    kind: about.kind,
    user: about.user,
    line: about.line,
    port,
    sent: about.sent && fingerprint(about.sent),
    outcome,
    status: reply?.status,
    given: outcome === 'ok' && reply !== undefined ? about.given?.(reply).map(fingerprint) : undefined,
    error: error === '' ? undefined : error,
  });
  if (reply === undefined) return { kind: outcome === 'unsent' ? 'unsent' : 'unknown', error, port };
  if (outcome === 'unknown' || outcome === 'unsent') throw new Error('An answer cannot be unknown.');
  return { kind: outcome, reply, error, port };
}

function classify(reply: Reply | undefined, kind: 'reply' | 'unsent' | 'unknown'): OutcomeKind {
  if (reply === undefined) return kind === 'unsent' ? 'unsent' : 'unknown';
  if (reply.status < 400) return 'ok';
  return reply.status >= 500 ? 'unavailable' : 'refused';
}

const KNOWN = [200, 303, 400, 401, 403, 422, 429, 503];

/** I10: nothing but the statuses that are promised; a 500 is noted, since it is no success but nothing to be proud of. */
function judgeStatus({ tally }: World, { kind }: Call, reply: Reply): void {
  if (reply.status === 500) tally.note('answers with 500');
  else if (!KNOWN.includes(reply.status)) tally.violate('I10', `${kind} was answered with ${reply.status}`);
  if (reply.status === 503 && reply.headers['retry-after'] === undefined)
    tally.violate('I10', `${kind} was answered with 503 and no Retry-After`);
}

function errorOf({ status, body, headers }: Reply): string {
  if (status < 400) return '';
  if ((headers['content-type'] ?? '').startsWith('application/json')) return String(jsonOf(body)['error']);
  return `status ${status}`;
}

/** The object in a body, or an empty one. */
export function jsonOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
