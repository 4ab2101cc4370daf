import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The clone's folder. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** A folder of one experiment below the system's temporary one, and what takes it away again. */
export function temporaryFolder(name: string): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), `signet-faults-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

const given = new Set<number>();

/** A port of 127.0.0.1 that was free a moment ago and that has not been given before. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await openPort();
    if (given.has(port)) continue;
    given.add(port);
    return port;
  }
}

const openPort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
