import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { constants } from 'node:os';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Config } from '../config/load.ts';
import type { Health } from '../web/health.ts';
import { say } from './terminal.ts';

/** Milliseconds for closing what is behind the server. */
const CLOSING = 2000;

/** How a process ends: it is no longer ready at once, then drains, then closes. */
export type Ending = Readonly<{
  /** Says that nobody should be sent here any more; kept with whether somebody listens to that. */
  unready: () => Promise<boolean>;
  /** Answers what is in flight, in so many milliseconds at most. */
  drain: (patience: number) => Promise<void>;
  close: () => Promise<void>;
  /** Ends at once what does not end by itself. */
  kill?: () => void;
}>;

/** On SIGTERM or SIGINT ends in good order with 0; a second signal ends at once. */
export function stopOnSignals(shutdown: Config['shutdown'], ending: Ending): void {
  let stopping = false;
  const stop = (signal: 'SIGTERM' | 'SIGINT'): void => {
    if (stopping) {
      ending.kill?.();
      process.exit(128 + constants.signals[signal]);
    }
    stopping = true;
    say(`${signal}: stopping, as soon as requests in flight are answered.`);
    void inOrder(shutdown, ending, signal).finally(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function inOrder(shutdown: Config['shutdown'], ending: Ending, signal: string): Promise<void> {
  const patience = shutdown.patience * 1000;
  const isNoticed = await ending.unready();
  // Somebody at a keyboard waits for the end.
  const delay = isNoticed && signal === 'SIGTERM' ? Math.min(shutdown.delay * 1000, patience) : 0;
  if (delay > 0) await pause(delay);
  await ending.drain(patience - delay);
  await Promise.race([ending.close(), pause(CLOSING)]);
}

/** Milliseconds in which a connection that was just made brings its request. */
const ARRIVAL = 300;
/** Milliseconds between two looks for connections that have become idle. */
const SWEEP = 100;

/** Stops accepting, and is kept when the last connection is closed; what is open after `patience` milliseconds is broken off. */
export async function drain(server: Server, health: Health, patience: number): Promise<void> {
  health.draining();
  // Just behind a look at the network: what was waiting to be accepted has been.
  await nextTurn();
  // The close of an HTTP server would break off connections whose first request is still on its way.
  const closed = new Promise((resolve) => NetServer.prototype.close.call(server, resolve));
  const limit = setTimeout(() => server.closeAllConnections(), patience).unref();
  await Promise.race([closed, pause(Math.min(ARRIVAL, patience))]);
  // A connection that is kept alive becomes idle only when its answer has been sent.
  server.closeIdleConnections();
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP).unref();
  await closed;
  clearInterval(sweep);
  clearTimeout(limit);
}
