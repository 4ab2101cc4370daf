// Plain JavaScript without dependencies: `npm start` and `npm test` begin here, on Node 18 and later and a bare clone.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './launch/build.mjs';
import { ensureConsoleBuilt } from './launch/console.mjs';
import { ensureInstalled } from './launch/install.mjs';
import { runNode } from './launch/node.mjs';
import { npmScript } from './launch/npm.mjs';
import { finish, LaunchError, say } from './launch/say.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What `npm run ENTRY` runs under the installed Node, before the arguments of the command line. */
const entries = {
  start: async () => {
    const [program] = await Promise.all([ensureBuilt(root), ensureConsoleBuilt(root)]);
    return [program, 'serve'];
  },
  test: () => ['scripts/test.ts'],
  check: () => ['scripts/check.ts'],
  bench: () => ['bench/main.ts'],
  docs: () => ['scripts/docs.ts'],
  'docs:screenshots': () => ['scripts/screenshots.ts'],
  faults: () => ['faults/main.ts'],
  interop: () => ['interop/owncloud-desktop.ts'],
  format: () => ['node_modules/@biomejs/biome/bin/biome', 'check', '--write'],
  'setup:browser': () => ['scripts/setup-browser.mjs'],
  'setup:postgres': () => ['scripts/setup-postgres.mjs'],
  npm: () => [npmScript()],
};

async function main([entry, ...args]) {
  if (entry !== 'setup' && !Object.hasOwn(entries, entry ?? '')) {
    throw new LaunchError(`say what to run: setup, ${Object.keys(entries).join(', ')}.`);
  }
  await ensureInstalled(root);
  if (entry === 'setup') {
    say('everything is installed.');
    return 0;
  }
  const [file, ...given] = await entries[entry]();
  return runNode(root, [resolve(root, file), ...given, ...args], root);
}

await finish(() => main(process.argv.slice(2)));
