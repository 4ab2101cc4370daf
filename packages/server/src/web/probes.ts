import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Probe, Report } from './health.ts';

/** Where health is asked for, with the names that other systems use. */
export const PROBES: ReadonlyMap<string, Probe> = new Map([
  ['/health/live', 'live'],
  ['/health/ready', 'ready'],
  ['/health/started', 'started'],
  ['/livez', 'live'],
  ['/readyz', 'ready'],
  ['/healthz', 'ready'],
]);

/** Finds the probe that a request is, whatever its host; undefined for every other request. */
export type FindProbe = (target: string) => Probe | undefined;

/** Probes at all their paths but those that a tenant has taken for itself. */
export function probesBeside(taken: ReadonlySet<string>): FindProbe {
  const free = new Map([...PROBES].filter(([path]) => !taken.has(path)));
  return (target) => {
    // Every other request comes along here too: most are told apart by a letter.
    if (!STARTS.has(target.charCodeAt(1))) return undefined;
    const query = target.indexOf('?');
    return free.get(query < 0 ? target : target.slice(0, query));
  };
}

const STARTS: ReadonlySet<number> = new Set([...PROBES.keys()].map((path) => path.charCodeAt(1)));

/** Answers a probe: 200 when all is well, else 503. */
export async function answerProbe(
  { method }: IncomingMessage,
  outgoing: ServerResponse,
  report: () => Promise<Report>,
): Promise<void> {
  if (method !== 'GET' && method !== 'HEAD') {
    outgoing.writeHead(405, { allow: 'GET, HEAD', 'content-length': 0 }).end();
    return;
  }
  const told = await report();
  const body = `${JSON.stringify(told)}\n`;
  outgoing.writeHead(told.status === 'up' ? 200 : 503, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  outgoing.end(body);
}
