import { globSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { dot, spec } from 'node:test/reporters';

const TEST_FILES = [
  'packages/*/test/**/*.test.ts',
  'scripts/**/*.test.ts',
  'examples/**/*.test.ts',
  'faults/**/*.test.ts',
  'test/**/*.test.ts',
  'bench/**/*.test.ts',
];

/** A test that runs for so long hangs; it fails, and the rest of its file goes on. */
const TEST_TIMEOUT_MS = 120_000;

export type TestRun = {
  root: string;
  /** Each is part of a file's path, or else part of a test's name. */
  filters: readonly string[];
  isDotted: boolean;
  concurrency: number;
  /** A test that is left out fails the run. */
  refusesSkipped: boolean;
  output: NodeJS.WritableStream;
};

type LeftOut = { path: string; name: string; reason: string };

/** Runs the project's tests, each file in a process of its own, and reports on `output`. Resolves with the exit code. */
export async function runTests(options: TestRun): Promise<number> {
  const say = (line: string) => options.output.write(`${line}\n`);
  const { files, namePatterns } = select(options.root, options.filters);
  const events = run({
    files,
    cwd: options.root,
    concurrency: options.concurrency,
    timeout: TEST_TIMEOUT_MS,
    ...(namePatterns.length > 0 && { testNamePatterns: namePatterns }),
  });
  const counts = { passed: 0, failed: 0, cancelled: 0 };
  let isSuccess = false;
  const emptyFiles: string[] = [];
  const leftOut: LeftOut[] = [];
  for (const event of ['test:pass', 'test:fail'] as const) {
    events.on(event, ({ name, file = '', skip, todo }) => {
      const path = relative(options.root, file);
      // A file in which no test ran is told as a test that passed, named like the file.
      if (event === 'test:pass' && resolve(options.root, name) === file) emptyFiles.push(path);
      const reason = skip ?? todo ?? false;
      if (reason !== false) leftOut.push({ path, name, reason: String(reason) });
    });
  }
  events.on('test:summary', (summary) => {
    if (summary.file !== undefined) return;
    Object.assign(counts, summary.counts);
    isSuccess = summary.success;
  });
  const report = options.isDotted ? events.compose(dot) : events.compose(new spec());
  for await (const text of report) options.output.write(String(text));

  const passed = counts.passed - emptyFiles.length;
  const failed = counts.failed + counts.cancelled;
  // The runner counts no test of a group that is left out as a whole.
  const skipped = leftOut.length;
  const faults = [
    ...(namePatterns.length === 0 ? emptyFiles.map((file) => `${file} holds no test.`) : []),
    ...(passed + failed + skipped === 0
      ? [`No test fits ${options.filters.join(' ') || 'the project'}.`]
      : []),
  ];
  if (leftOut.length > 0) say(complaint(leftOut, options.refusesSkipped).join('\n'));
  for (const fault of faults) say(fault);
  say(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return isSuccess && faults.length === 0 && !(options.refusesSkipped && leftOut.length > 0) ? 0 : 1;
}

function select(root: string, filters: readonly string[]): { files: string[]; namePatterns: RegExp[] } {
  const all = globSync(TEST_FILES, { cwd: root, exclude: ['**/node_modules/**'] }).sort();
  const isPath = (filter: string) => all.some((path) => path.includes(filter));
  const paths = filters.filter(isPath);
  const files = paths.length === 0 ? all : all.filter((path) => paths.some((part) => path.includes(part)));
  return {
    files: files.map((path) => join(root, path)),
    namePatterns: filters
      .filter((filter) => !isPath(filter))
      .map((filter) => new RegExp(RegExp.escape(filter), 'i')),
  };
}

function complaint(leftOut: readonly LeftOut[], isFailure: boolean): string[] {
  const rule = '!'.repeat(78);
  const tests = leftOut.length === 1 ? '1 TEST WAS' : `${leftOut.length} TESTS WERE`;
  return [
    '',
    rule,
    `!!  ${tests} LEFT OUT${isFailure ? ', WHICH IS A FAILURE IN CI' : ''}:`,
    ...leftOut.map(({ path, name, reason }) => `!!    ${path}: ${name}\n!!      because: ${reason}`),
    rule,
    '',
  ];
}
