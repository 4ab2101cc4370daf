import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { stringify } from 'yaml';
import { listen, type Signet, SPA, USERS, WEB_APP } from '../support/signet.ts';

/** A Signet in a process of its own, with its data in a folder; it ends with the test. */
export type ServerProcess = Readonly<{
  signet: Signet;
  pid: () => number;
  start: () => Promise<void>;
  /** Ends it as a power cut would end it: without a word to the program. */
  kill: () => Promise<void>;
}>;

/** With `twin` it is another process of the same provider, reached at a port of its own. */
export async function serverProcess(t: TestContext, folder: string, twin?: Signet): Promise<ServerProcess> {
  const port = await freePort();
  const address = `http://localhost:${port}`;
  const issuer = twin?.issuer ?? address;
  const file = join(folder, 'signet.yaml');
  const database = `sqlite:${join(folder, 'signet.db')}`;
  writeFileSync(file, stringify({ issuer, database, clients: [WEB_APP, SPA], users: USERS }));
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  t.after(kill);
  return {
    signet: {
      issuer,
      url: (path) => address + path,
      get app() {
        return elsewhere();
      },
      get provider() {
        return elsewhere();
      },
      get clock() {
        return elsewhere();
      },
    },
    pid: () => child?.pid ?? 0,
    kill,
    async start() {
      child = fork(join(import.meta.dirname, 'server.ts'), [file, String(port)]);
      const ended = once(child, 'exit').then(([code]) => `It ended with exit code ${code}.`);
      const [answer] = await Promise.race([once(child, 'message'), ended.then((reason) => [reason])]);
      if (answer !== 'ready') throw new Error(String(answer));
    },
  };
}

/** What a test can hold in its hands only of a server in its own process. */
const elsewhere = (): never => {
  throw new Error('This part of the server is in another process.');
};

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((done) => server.close(done));
  return port;
}
