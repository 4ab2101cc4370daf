import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { stringify } from 'yaml';
import { type Person, personAt } from '../support/person.ts';
import { PROGRAM } from '../support/program.ts';
import { type Ending, listen } from '../support/signet.ts';

/** What a finished command has said. */
export type Finished = Readonly<{ code: number | null; stdout: string; stderr: string }>;

/** What a command is given besides its arguments. */
export type Given = Readonly<{
  cwd: string;
  input?: string | Buffer;
  env?: Readonly<Record<string, string>>;
}>;

/** A folder that goes with the test. */
export function folder(t: Ending): string {
  const path = mkdtempSync(join(tmpdir(), 'signet-cli-'));
  t.after(async () => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Runs the program as people do, in a process of its own and without a terminal. */
export async function signet(args: readonly string[], given: Given): Promise<Finished> {
  const child = start(args, given);
  child.process.stdin?.end(given.input ?? '');
  const code = await child.ended;
  return { code, stdout: child.stdout(), stderr: child.stderr() };
}

/** The result of a command that must succeed, as JSON. */
export async function json(args: readonly string[], given: Given): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await signet([...args, '--output', 'json'], given);
  if (code !== 0) throw new Error(`signet ${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

/** A server in a process of its own. */
export type Running = Readonly<{
  issuer: string;
  process: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  /** Resolves when standard error has this. */
  says: (pattern: RegExp) => Promise<void>;
  /** Resolves with the exit code. */
  ended: Promise<number | null>;
  url: (path: string) => string;
  person: () => Person;
}>;

/** Starts `signet …`, which is to serve at `issuer`, and waits until it says that it is ready. It ends with the test. */
export async function serving(
  t: TestContext,
  issuer: string,
  args: readonly string[],
  given: Given,
): Promise<Running> {
  const child = start(args, given);
  t.after(async () => {
    child.process.kill('SIGKILL');
    await child.ended;
  });
  const url = (path: string): string => issuer + path;
  const person = (): Person => personAt({ issuer, url });
  const running = { ...child, issuer, url, person };
  await running.says(/Configuration {2}.*\n|Who was it\?/);
  return running;
}

function start(args: readonly string[], { cwd, env = {} }: Given) {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  // A command that does not read its input closes it.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const stderr = (): string => said.stderr;
  const says = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (pattern.test(said.stderr)) resolve();
      };
      child.stderr.on('data', look);
      void ended.then((code) => reject(new Error(`ended with ${code} before ${pattern}: ${said.stderr}`)));
      look();
    });
  return { process: child, stdout: () => said.stdout, stderr, says, ended };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A folder with a configuration file for a free port, over the usual database in it. */
export async function configured(
  t: TestContext,
  keys: Readonly<Record<string, unknown>> = {},
): Promise<{ cwd: string; issuer: string }> {
  const cwd = folder(t);
  const issuer = `http://localhost:${await freePort()}`;
  writeFileSync(join(cwd, 'signet.yaml'), stringify({ issuer, ...keys }));
  return { cwd, issuer };
}

export const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
