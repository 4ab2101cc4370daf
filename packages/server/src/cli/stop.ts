import type { Server } from 'node:http';
import { constants } from 'node:os';

/** Milliseconds for which requests in flight may go on. */
const PATIENCE = 10_000;
const SWEEP = 100;

/** What is done around the end of a server: told at its beginning, and closed behind it. */
type Ending = Readonly<{ told: (signal: string) => void; close: () => Promise<void> }>;

/** On SIGTERM or SIGINT lets requests in flight finish, closes what is behind the server and ends; a second signal ends at once. */
export function stopOnSignals(server: Server, { told, close }: Ending): void {
  let stopping = false;
  const stop = (signal: 'SIGTERM' | 'SIGINT'): void => {
    if (stopping) process.exit(128 + constants.signals[signal]);
    stopping = true;
    told(signal);
    void drain(server)
      .then(close)
      .then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Stops accepting, and resolves when the last connection is closed. */
async function drain(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  // A connection that is kept alive becomes idle only when its answer has been sent.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP).unref();
  const limit = setTimeout(() => server.closeAllConnections(), PATIENCE).unref();
  await closed;
  clearInterval(sweep);
  clearTimeout(limit);
}
