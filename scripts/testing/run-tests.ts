import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { dot, spec } from 'node:test/reporters';
import { type Batch, batches, LOADED } from './batches.ts';

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
  /** Makes what these files share, before they run; gives what takes it away again. */
  prepare?: (files: readonly string[]) => Promise<() => void>;
};

type LeftOut = { path: string; name: string; reason: string };

/** Runs the project's tests, quick files several in a process, and reports on `output`. Resolves with the exit code. */
export async function runTests(options: TestRun): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'signet-batches-'));
  try {
    return await runBatches(options, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runBatches(options: TestRun, folder: string): Promise<number> {
  const say = (line: string) => options.output.write(`${line}\n`);
  const { paths, namePatterns } = select(options.root, options.filters);
  // A pattern would leave out the test that holds a batch back until it is loaded.
  const processes = batches(options.root, paths, namePatterns.length > 0 ? { most: 1 } : { folder });
  const tidy = await options.prepare?.(processes.flatMap(({ files }) => files));
  const events = run({
    files: processes.map(({ runs }) => runs),
    cwd: options.root,
    concurrency: options.concurrency,
    timeout: TEST_TIMEOUT_MS,
    ...(namePatterns.length > 0 && { testNamePatterns: namePatterns }),
  });
  const heard = listen(events, options.root, processes);
  const report = options.isDotted ? events.compose(dot) : events.compose(new spec());
  for await (const text of report) options.output.write(String(text));
  tidy?.();

  const { leftOut, failed } = heard;
  const emptyFiles = namePatterns.length === 0 ? heard.emptyFiles() : [];
  const passed = heard.passed();
  // The runner counts no test of a group that is left out as a whole.
  const skipped = leftOut.length;
  const faults = [
    ...emptyFiles.map((file) => `${file} holds no test.`),
    ...(passed + failed() + skipped === 0
      ? [`No test fits ${options.filters.join(' ') || 'the project'}.`]
      : []),
  ];
  if (leftOut.length > 0) say(complaint(leftOut, options.refusesSkipped).join('\n'));
  for (const fault of faults) say(fault);
  say(`${passed} passed, ${failed()} failed, ${skipped} skipped`);
  return heard.isSuccess() && faults.length === 0 && !(options.refusesSkipped && leftOut.length > 0) ? 0 : 1;
}

type Heard = Readonly<{
  passed: () => number;
  failed: () => number;
  isSuccess: () => boolean;
  leftOut: readonly LeftOut[];
  /** Files without a test, below the root. */
  emptyFiles: () => readonly string[];
}>;

/** Takes note of what the tests' processes tell. */
function listen(events: ReturnType<typeof run>, root: string, processes: readonly Batch[]): Heard {
  const counts = { passed: 0, failed: 0, cancelled: 0 };
  let isSuccess = false;
  const leftOut: LeftOut[] = [];
  const alone = new Set(processes.map(({ runs }) => runs));
  const silent = new Set(processes.flatMap(({ files }) => files).filter((file) => !alone.has(file)));
  const emptyFiles: string[] = [];
  let loads = 0;
  for (const event of ['test:pass', 'test:fail'] as const) {
    events.on(event, ({ name, file = '', skip, todo }) => {
      silent.delete(file);
      // A file that cannot be loaded is told by its loader, in its name.
      silent.delete(name);
      if (event === 'test:pass' && name === LOADED) loads += 1;
      // A file in which no test ran is told as a test that passed, named like the file.
      if (event === 'test:pass' && resolve(root, name) === file) emptyFiles.push(file);
      const reason = skip ?? todo ?? false;
      if (reason !== false) leftOut.push({ path: relative(root, file), name, reason: String(reason) });
    });
  }
  events.on('test:summary', (summary) => {
    if (summary.file !== undefined) return;
    Object.assign(counts, summary.counts);
    isSuccess = summary.success;
  });
  return {
    passed: () => counts.passed - emptyFiles.length - loads,
    failed: () => counts.failed + counts.cancelled,
    isSuccess: () => isSuccess,
    leftOut,
    emptyFiles: () => [...emptyFiles, ...silent].map((file) => relative(root, file)),
  };
}

function select(root: string, filters: readonly string[]): { paths: string[]; namePatterns: RegExp[] } {
  const all = globSync(TEST_FILES, { cwd: root, exclude: ['**/node_modules/**'] }).sort();
  const isPath = (filter: string) => all.some((path) => path.includes(filter));
  const parts = filters.filter(isPath);
  return {
    paths: parts.length === 0 ? all : all.filter((path) => parts.some((part) => path.includes(part))),
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
