import { PassThrough, Readable } from 'node:stream';
import { run } from '../../src/cli.ts';
import type { Finished, Given } from './program.ts';

let last: Promise<unknown> = Promise.resolve();

/** Runs a command in this process, for tests of what it says and does and not of the process; one after the other. */
export function signet(args: readonly string[], given: Given): Promise<Finished> {
  const finished = last.then(() => runHere(args, given));
  last = finished.catch(() => undefined);
  return finished;
}

/** The result of a command that must succeed, as JSON. */
export async function json(args: readonly string[], given: Given): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await signet([...args, '--output', 'json'], given);
  if (code !== 0) throw new Error(`signet ${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

async function runHere(args: readonly string[], { cwd, input = '', env = {} }: Given): Promise<Finished> {
  const [stdout, stderr] = [collector(), collector()];
  const stdin = Readable.from(input.length === 0 ? [] : [Buffer.from(input)]);
  const before = { cwd: process.cwd(), env: process.env, code: process.exitCode };
  const streams = (['stdin', 'stdout', 'stderr'] as const).map(
    (name) => [name, Object.getOwnPropertyDescriptor(process, name)] as const,
  );
  const put = (name: string, value: unknown) =>
    Object.defineProperty(process, name, { value, configurable: true, enumerable: true });
  process.chdir(cwd);
  process.env = { PATH: before.env['PATH'], ...env };
  process.exitCode = undefined;
  put('stdin', stdin);
  put('stdout', stdout.stream);
  put('stderr', stderr.stream);
  try {
    await run(args);
    return {
      code: (process.exitCode as number | undefined) ?? 0,
      stdout: stdout.text(),
      stderr: stderr.text(),
    };
  } finally {
    for (const [name, descriptor] of streams)
      if (descriptor !== undefined) Object.defineProperty(process, name, descriptor);
    process.env = before.env;
    process.exitCode = before.code;
    process.chdir(before.cwd);
  }
}

function collector() {
  let text = '';
  const stream = new PassThrough();
  stream.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  // What is still in the stream comes at once.
  return { stream, text: () => text + (stream.read() ?? '') };
}
