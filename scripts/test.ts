import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { findChromium } from './chromium.mjs';
import { ensureBuilt } from './launch/build.mjs';
import { ensureConsoleBuilt } from './launch/console.mjs';
import { runTests } from './testing/run-tests.ts';
import { sharePostgres } from './testing/share-postgres.ts';

const root = join(import.meta.dirname, '..');

// The test files run in processes of their own, which inherit this environment.
process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'compile');
process.env.SIGNET_TEST_PROGRAM = await ensureBuilt(root);
const chromium = findChromium();
if (chromium === undefined) delete process.env.SIGNET_TEST_CHROMIUM;
else process.env.SIGNET_TEST_CHROMIUM = chromium;

const args = process.argv.slice(2);
process.exitCode = await runTests({
  root,
  filters: args.filter((arg) => !arg.startsWith('--')),
  isDotted: args.includes('--dot'),
  // One more than there are processors: many a file waits for a process or a page that it has started.
  concurrency: availableParallelism() + 1,
  refusesSkipped: !['', 'false', undefined].includes(process.env.CI),
  output: process.stdout,
  prepare: async (files) => {
    // Built here, so that no two files build it at once.
    if (files.some((file) => file.includes('/test/console/'))) await ensureConsoleBuilt(root);
    return sharePostgres(files);
  },
});
