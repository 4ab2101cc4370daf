import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { parse } from 'yaml';
import { listen, type Signet, startSignet } from '../../packages/server/test/support/signet.ts';

const EXAMPLES = join(import.meta.dirname, '..');

/** Signet as `signet.yaml` describes it, but for its address and its database. */
export function startForExamples(t: TestContext): Promise<Signet> {
  const file = parse(readFileSync(join(EXAMPLES, 'signet.yaml'), 'utf8'));
  const { issuer: _issuer, database: _database, ...rest } = file;
  return startSignet(t, rest);
}

type Environment = Readonly<Record<string, string>>;

function start(path: string, env: Environment) {
  const child = spawn(process.execPath, [join(EXAMPLES, path)], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors = text(child.stderr);
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  return { child, errors, ended };
}

/** Runs an example that serves, until the test ends; gives the address that it prints once it listens. */
export async function serveExample(t: TestContext, path: string, env: Environment): Promise<string> {
  const { child, errors, ended } = start(path, env);
  t.after(async () => {
    child.kill();
    await ended;
  });
  const line = new Promise<string>((done) => child.stdout.setEncoding('utf8').once('data', done));
  const first = await Promise.race([line, ended]);
  if (typeof first !== 'string') throw new Error(`${path} ended: ${await errors}`);
  return /^\S+/.exec(first)?.[0] ?? '';
}

/** Runs an example to its end. */
export async function runExample(path: string, env: Environment) {
  const { child, errors, ended } = start(path, env);
  const output = text(child.stdout);
  return { code: await ended, output: await output, errors: await errors };
}

/** A port that was free a moment ago, for an example that has to know its own address before it listens. */
export async function freePort(): Promise<string> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((done) => server.close(done));
  return String(port);
}
