import { writeFileSync } from 'node:fs';
import { dirname, join, matchesGlob } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Files whose tests take less time than a process that loads what they test, and that leave nothing behind. */
const QUICK = [
  'packages/server/test/{admin,api,config,flows,identity,interop,keys,model,oauth,outbound,systems,web}/**',
  'packages/resource-server/**',
  'bench/test/**',
  'scripts/check/**',
];
/** A browser, and commands of the program, keep a processor busy by themselves. */
const SLOW = ['**/*.browser.test.ts', '**/{cells-sync,command-line,out-of-band,sdks}.test.ts'];
/** Longer runs begin earlier, so that all processors have work until the end. */
const LONGEST_FIRST = [
  'packages/server/test/store/postgres-contract.test.ts',
  'packages/server/test/{browser,console,pages}/**',
  'packages/server/test/{cli,operations,store}/**',
  '{packages/server/test/faults,faults,examples,scripts/launch}/**',
];
/** Few enough that the last batches of a run end at about the same time. */
const MOST_FILES = 8;

/** Test files that share a process. `runs` is what that process runs: the file itself, or a module that loads several. */
export type Batch = Readonly<{ files: readonly string[]; runs: string }>;

/** Name of the test that each batch adds; see `written`. */
export const LOADED = 'the files of the batch are loaded';

/** Where the modules go that load several files, and how many these are at most. */
export type Sharing = Readonly<{ folder?: string; most?: number }>;

/** Shares the test files, paths below `root`, out among processes, in the order in which these should start. */
export function batches(
  root: string,
  paths: readonly string[],
  { folder = '', most = MOST_FILES }: Sharing,
): readonly Batch[] {
  const alone = paths.filter((path) => !isQuick(path)).map((path) => [path]);
  const together = Object.values(Object.groupBy(paths.filter(isQuick), dirname));
  return [...alone, ...together.flatMap((some = []) => chunks(some, most))]
    .sort(([a = ''], [b = '']) => rank(a) - rank(b))
    .map((shared, index) => {
      const files = shared.map((path) => join(root, path));
      const [only = ''] = files;
      return { files, runs: files.length === 1 ? only : written(join(folder, `batch-${index}.mjs`), files) };
    });
}

const fits = (path: string, globs: readonly string[]): boolean =>
  globs.some((glob) => matchesGlob(path, glob));

const isQuick = (path: string): boolean => fits(path, QUICK) && !fits(path, SLOW);

function rank(path: string): number {
  const found = LONGEST_FIRST.findIndex((glob) => matchesGlob(path, glob));
  return found === -1 ? LONGEST_FIRST.length : found;
}

function chunks(paths: readonly string[], most: number): readonly (readonly string[])[] {
  const count = Math.ceil(paths.length / most);
  const size = Math.ceil(paths.length / count);
  return Array.from({ length: count }, (_, index) => paths.slice(index * size, (index + 1) * size));
}

/**
 * A module that loads the files and then lets their tests run, one after another. Its own test holds them back meanwhile: node:test ends
 * a process's tests, with what is to be done after them, as soon as none is left.
 */
function written(path: string, files: readonly string[]): string {
  const addresses = files.map((file) => [file, pathToFileURL(file).href]);
  writeFileSync(
    path,
    `import { test } from 'node:test';
const loading = Promise.withResolvers();
test(${JSON.stringify(LOADED)}, () => loading.promise);
for (const [file, address] of ${JSON.stringify(addresses)})
  await import(address).catch((fault) => void test(file, () => Promise.reject(fault)));
loading.resolve();
`,
  );
  return path;
}
