import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Ending } from './waiting.ts';

export const ALICE = { username: 'alice', password: 'wonderland' };

/** Where Signet itself listens; the world knows it by its issuer. */
export type Signet = Readonly<{
  address: string;
  /** Ends every session and token of the person, as an operator does it. */
  signOut: () => Promise<void>;
}>;

const MAIN = join(import.meta.dirname, '../../packages/server/src/main.ts');

/** Starts `signet serve` as the identity provider of the server at that origin, with access tokens that live for seconds. */
export async function startSignet(folder: string, issuer: string, endings: Ending[]): Promise<Signet> {
  const port = await freePort();
  const config = {
    issuer,
    profile: 'ocis',
    listen: { host: '127.0.0.1', port },
    database: `sqlite:${join(folder, 'signet.db')}`,
    lifetimes: { access_token: '5s' },
    users: [{ ...ALICE, claims: { name: 'Alice', email: 'alice@example.org' } }],
  };
  const file = join(folder, 'signet.yaml');
  writeFileSync(file, JSON.stringify(config));
  const child = spawn(process.execPath, [MAIN, 'serve', '--config', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (said += String(text)));
  endings.push(async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  });
  const address = `http://127.0.0.1:${port}`;
  while (!(await isReady(address))) {
    if (child.exitCode !== null) throw new Error(`Signet ended by itself.\n${said}`);
    await pause(100);
  }
  const signOut = async (): Promise<void> => {
    const args = ['user', 'sessions', ALICE.username, '--end', '--config', file];
    await promisify(execFile)(process.execPath, [MAIN, ...args]);
  };
  return { address, signOut };
}

async function isReady(address: string): Promise<boolean> {
  try {
    return (await fetch(`${address}/health/ready`)).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('There is no port.');
  return address.port;
}
