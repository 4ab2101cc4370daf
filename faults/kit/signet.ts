import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { account, CLIENTS } from '../driver/clients.ts';
import { freePort, ROOT } from './folders.ts';
import { httpClient } from './http.ts';

/** The program under test: the folder of packages/server, or of a patched copy. */
export const SERVER = join(ROOT, 'packages/server');

export type Node = Readonly<{
  port: number;
  /** Starts it and gives the milliseconds until it answered. */
  start: () => Promise<number>;
  isUp: () => boolean;
  pid: () => number;
  /** Ends it as a power cut would: without a word to the program. */
  kill: () => Promise<void>;
  /** Asks it to end; gives exit code and milliseconds. */
  terminate: () => Promise<{ code: number | null; milliseconds: number }>;
  signal: (signal: NodeJS.Signals) => void;
  /** What it said, of both outputs. */
  said: () => string;
}>;

export type Deployment = Readonly<{
  issuer: string;
  host: string;
  folder: string;
  nodes: readonly Node[];
  config: string;
  database: string;
  start: () => Promise<void>;
  stop: () => Promise<void>;
  /** Runs a command beside the server, as an operator does. */
  command: (args: readonly string[]) => Promise<{ code: number; stdout: string; stderr: string }>;
}>;

export type DeploymentOptions = Readonly<{
  folder: string;
  database: string;
  /** Another address of the same database for a node, by its number. */
  databases?: (node: number) => string;
  nodes?: number;
  users?: number;
  program?: string;
  /** Further keys of the configuration file. */
  config?: Readonly<Record<string, unknown>>;
  /** The environment of each node, by its number. */
  environment?: (node: number) => Readonly<Record<string, string>>;
  /** Arguments of node before the program. */
  nodeArguments?: readonly string[];
  /** Told when a node ends though nobody ended it; it is started again. */
  onCrash?: (what: string) => void;
}>;

/** Lays out one provider in a folder: its configuration, and its nodes, each at a port of its own. Nothing is started. */
export async function deploy(options: DeploymentOptions): Promise<Deployment> {
  const { folder, database, nodes: many = 1, users = 20, program = SERVER } = options;
  mkdirSync(folder, { recursive: true });
  const ports: number[] = [];
  while (ports.length < many) ports.push(await freePort());
  const host = `localhost:${ports[0]}`;
  const issuer = `http://${host}`;
  const config = {
    issuer,
    database,
    master_secret: 'the master secret of every node of the faults',
    trusted_proxies: ['127.0.0.1'],
    log: { level: 'warn' },
    lifetimes: { authorization_code: '10m', access_token: '2h', id_token: '2h' },
    clients: CLIENTS,
    users: Array.from({ length: users }, (_, index) => account(index)),
    ...options.config,
  };
  const files = ports.map((port, index) => {
    const file = join(folder, `signet-${index}.json`);
    // JSON is YAML.
    const own = options.databases === undefined ? {} : { database: options.databases(index) };
    writeFileSync(`${file}.yaml`, JSON.stringify({ ...config, ...own, listen: { port, host: '127.0.0.1' } }));
    return `${file}.yaml`;
  });
  const nodes = ports.map((port, index) => {
    const env = { PATH: process.env['PATH'], ...options.environment?.(index) };
    const args = [...(options.nodeArguments ?? []), join(program, 'src/main.ts'), 'serve'];
    const { onCrash = () => undefined } = options;
    return makeNode({ port, host, env, folder, onCrash, args: [...args, '--config', files[index] ?? ''] });
  });
  return {
    issuer,
    host,
    folder,
    nodes,
    config: files[0] ?? '',
    database,
    start: async () => {
      for (const node of nodes) await node.start();
    },
    stop: async () => void (await Promise.all(nodes.map((node) => node.kill()))),
    command: (args) => run([join(program, 'src/main.ts'), ...args, '--config', files[0] ?? ''], folder),
  };
}

type Plan = Readonly<{
  port: number;
  host: string;
  env: Readonly<Record<string, string | undefined>>;
  folder: string;
  args: readonly string[];
  onCrash: (what: string) => void;
}>;

function makeNode({ port, host, env, folder, args, onCrash }: Plan): Node {
  const output = join(folder, `output-${port}`);
  let child: ChildProcess | undefined;
  let ended: Promise<number | null> = Promise.resolve(null);
  const isUp = (): boolean => child !== undefined && child.exitCode === null && child.signalCode === null;
  const said = (): string => (existsSync(output) ? readFileSync(output, 'utf8').slice(-4000) : '');
  let isWanted = false;
  const start = async (): Promise<number> => {
    isWanted = true;
    const began = performance.now();
    const file = openSync(output, 'a');
    const started = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', file, file] });
    child = started;
    closeSync(file);
    ended = new Promise((done) => started.on('exit', (code) => done(code)));
    let isReady = false;
    started.on('exit', (code, signal) => {
      if (!isWanted || !isReady) return;
      onCrash(`a node ended by itself (${signal ?? code}): ${lastWords(said())}`);
      void start();
    });
    isReady = await answers({ port, host }, isUp);
    if (isReady) return performance.now() - began;
    throw new Error(`The server did not start:\n${said()}`);
  };
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    isWanted = false;
    if (!isUp()) return null;
    child?.kill(signal);
    return ended;
  };
  return {
    port,
    start,
    isUp,
    said,
    pid: () => child?.pid ?? 0,
    kill: async () => void (await end('SIGKILL')),
    signal: (signal) => void child?.kill(signal),
    terminate: async () => {
      const began = performance.now();
      return { code: await end('SIGTERM'), milliseconds: performance.now() - began };
    },
  };
}

/** True as soon as keys are served at the port; false when the process ends before, or after a minute. */
async function answers(
  { port, host }: { port: number; host: string },
  isUp: () => boolean,
): Promise<boolean> {
  const client = httpClient({ host, keepAlive: false, patience: 5000 });
  for (const began = performance.now(); isUp() && performance.now() - began < 60_000; ) {
    const sent = await client.send(port, { path: '/jwks' });
    if (sent.kind === 'reply' && sent.reply.status === 200) return true;
    await pause(4);
  }
  return false;
}

/** The last error in what a program said. */
const lastWords = (said: string): string =>
  said.split('\n').findLast((line) => /^\w*Error\b/.test(line)) ?? '';

/** Runs a program of Node to its end. */
export const run = (
  args: readonly string[],
  cwd: string,
): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((done) => {
    const env = { PATH: process.env['PATH'] };
    execFile(process.execPath, args, { cwd, env, maxBuffer: 1 << 26 }, (fault, stdout, stderr) => {
      const code = fault === null ? 0 : typeof fault.code === 'number' ? fault.code : -1;
      done({ code, stdout, stderr });
    });
  });
