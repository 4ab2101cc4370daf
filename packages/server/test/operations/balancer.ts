import { Agent, createServer, request } from 'node:http';
import { listen } from '../support/signet.ts';

/** What came of the requests that went through. */
export type Balanced = Readonly<{
  port: number;
  failed: () => readonly string[];
  isReady: (port: number) => boolean;
  close: () => Promise<void>;
}>;

/** Milliseconds between two looks at the readiness of a node. */
const PERIOD = 50;

/** A balancer as simple as can be: takes turns among the nodes that say they are ready, keeps connections, and never tries anything twice. */
export async function balance(nodes: readonly number[]): Promise<Balanced> {
  const agent = new Agent({ keepAlive: true });
  const ready = new Set<number>();
  const failed: string[] = [];
  let turn = 0;
  const probe = (port: number): void => {
    const asked = request({ port, host: '127.0.0.1', path: '/health/ready', agent: false }, (answer) => {
      answer.resume();
      if (answer.statusCode === 200) ready.add(port);
      else ready.delete(port);
    });
    asked.on('error', () => ready.delete(port));
    asked.end();
  };
  const looks = setInterval(() => nodes.forEach(probe), PERIOD);
  const front = createServer((incoming, outgoing) => {
    turn += 1;
    const port = [...ready][turn % Math.max(1, ready.size)];
    const fail = (why: string): void => {
      failed.push(`${incoming.method} ${incoming.url}: ${why}`);
      if (!outgoing.headersSent) outgoing.writeHead(502);
      outgoing.end();
    };
    if (port === undefined) return fail('no node is ready');
    const { method, url, headers } = incoming;
    const onward = request({ port, host: '127.0.0.1', method, path: url, headers, agent }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', (fault) => fail(fault.message));
      answer.pipe(outgoing);
    });
    onward.on('error', (fault) => fail(fault.message));
    incoming.pipe(onward);
  });
  const port = await listen(front);
  return {
    port,
    failed: () => failed,
    isReady: (node) => ready.has(node),
    close: async () => {
      clearInterval(looks);
      agent.destroy();
      front.closeAllConnections();
      await new Promise((done) => front.close(done));
    },
  };
}
