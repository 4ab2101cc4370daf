import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Probe, Report } from './health.ts';
import { answerProbe, PROBES } from './probes.ts';

type Tools = Readonly<{
  report: (probe: Probe) => Promise<Report>;
  /** Metrics as text, with the type of the text. */
  metrics: () => Promise<Readonly<{ contentType: string; text: string }>>;
}>;

/** The listener for operators: health and metrics, for whoever reaches its address. */
export function managementServer({ report, metrics }: Tools): Server {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 10_000 });
  server.on('request', (incoming, outgoing) => {
    const [path = ''] = (incoming.url ?? '').split('?');
    const probe = PROBES.get(path);
    if (probe !== undefined) void answerProbe(incoming, outgoing, () => report(probe));
    else if (path === '/metrics') void answerMetrics(incoming, outgoing, metrics);
    else outgoing.writeHead(404, { 'content-length': 0 }).end();
  });
  return server;
}

async function answerMetrics(
  { method }: IncomingMessage,
  outgoing: ServerResponse,
  metrics: Tools['metrics'],
): Promise<void> {
  if (method !== 'GET' && method !== 'HEAD') {
    outgoing.writeHead(405, { allow: 'GET, HEAD', 'content-length': 0 }).end();
    return;
  }
  const answer = await metrics().catch(() => undefined);
  if (answer === undefined) {
    outgoing.writeHead(503, { 'content-length': 0 }).end();
    return;
  }
  const { contentType, text } = answer;
  const headers = { 'content-type': contentType, 'content-length': Buffer.byteLength(text) };
  outgoing.writeHead(200, { ...headers, 'cache-control': 'no-store' }).end(text);
}
