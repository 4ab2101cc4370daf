import { setTimeout as pause } from 'node:timers/promises';
import type { HttpClient, Sent } from './http.ts';
import type { Deployment } from './signet.ts';

/** A balancer as simple as they come: asks who is ready ten times a second, and tries the next node when a connection is refused. */
export type Balancer = HttpClient & Readonly<{ ready: () => readonly number[] }>;

export function balancer(deployment: Deployment, http: HttpClient, probes: HttpClient): Balancer {
  const ports = deployment.nodes.map(({ port }) => port);
  let ready: readonly number[] = ports;
  let turn = 0;
  const state = { isOver: false };
  const look = async (): Promise<void> => {
    while (!state.isOver) {
      const answers = await Promise.all(ports.map((port) => isReady(probes, port)));
      ready = ports.filter((_, index) => answers[index]);
      await pause(100);
    }
  };
  void look();
  return {
    ready: () => ready,
    send: async (_, request) => {
      let sent: Sent = { kind: 'unsent', reason: 'no node is ready' };
      for (let tries = 0; tries < 2 * ports.length; tries += 1) {
        turn += 1;
        const choice = ready.length > 0 ? ready : ports;
        sent = await http.send(choice[turn % choice.length] ?? 0, request);
        if (sent.kind !== 'unsent') return sent;
      }
      return sent;
    },
    close: () => {
      state.isOver = true;
      http.close();
      probes.close();
    },
  };
}

async function isReady(probes: HttpClient, port: number): Promise<boolean> {
  const sent = await probes.send(port, { path: '/health/ready' });
  // A server without such an address is ready when it answers.
  return sent.kind === 'reply' && (sent.reply.status === 200 || sent.reply.status === 404);
}
