import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { requestText } from '../load/message.ts';
import { once } from '../load/site.ts';
import { cpuMicroseconds, processTree, residentBytes } from '../measure/process-usage.ts';
import { sum } from '../measure/statistics.ts';

/** A server that was started for the bench. */
export type ServerProcess = Readonly<{
  base: string;
  pid: number;
  /** From the start of the process to its first answer. */
  startMilliseconds: number;
  /** CPU that it and its children have used so far. */
  cpu: () => number;
  /** Resident bytes of it and its children. */
  resident: () => number;
  stop: () => Promise<void>;
}>;

export type Start = Readonly<{
  /** What stands before the command, to pin it. */
  prefix?: readonly string[];
  args: readonly string[];
  environment?: Readonly<Record<string, string>>;
  port: number;
  /** What it prints goes to the terminal. */
  isLoud?: boolean;
}>;

const PATIENCE = 30_000;
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
// A bench that is broken off ends its servers too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

/** Starts this Node with the arguments and waits until discovery answers 200. */
export async function startServer({
  prefix = [],
  args,
  environment,
  port,
  isLoud,
}: Start): Promise<ServerProcess> {
  const base = `http://127.0.0.1:${port}`;
  const [file = '', ...rest] = [...prefix, process.execPath, ...args];
  const started = performance.now();
  const child = spawn(file, rest, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', isLoud === true ? 'inherit' : 'ignore', 'pipe'],
  });
  running.add(child);
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-4000);
  });
  const ended = new Promise<void>((done) => {
    child.on('exit', () => {
      running.delete(child);
      done();
    });
  });
  while (!(await answers(base))) {
    if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended: ${complaint}`);
    if (performance.now() - started > PATIENCE)
      throw new Error(`${args.join(' ')} does not answer: ${complaint}`);
    await pause(2);
  }
  const pid = child.pid ?? 0;
  return {
    base,
    pid,
    startMilliseconds: performance.now() - started,
    cpu: () => sum(processTree(pid).map(cpuMicroseconds)),
    resident: () => sum(processTree(pid).map(residentBytes)),
    stop: async () => {
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(killer);
    },
  };
}

async function answers(base: string): Promise<boolean> {
  try {
    const { status } = await once(
      base,
      requestText('GET', new URL(`${base}/.well-known/openid-configuration`)),
    );
    return status === 200;
  } catch {
    return false;
  }
}

/** A port that was free a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((done, failed) => {
    const server = createServer();
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
